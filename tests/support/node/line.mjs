// The real binary in a directory of its own, with a stand-in gateway, phones to text it with and a reader of its API.
import {execFile, execFileSync, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {ChaosDoor} from './chaos_door.mjs';
import {config_toml} from './config.mjs';
import {HookReceiver} from './hook_receiver.mjs';
import {after_what_has_arrived, Ledger} from './ledger.mjs';
import {Phone} from './phone.mjs';
import {kBinary, kFakeTime} from './places.mjs';
import {free_port} from './ports.mjs';
import {SlowDoor} from './slow_door.mjs';
import {StandInTwilio} from './stand_in_twilio.mjs';

export const kOurs = '+15550199';
export const kMaya = {name: 'Maya', phone: '+15550101'};
export const kLuis = {name: 'Luis', phone: '+15550102'};

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Line {
    /** @param options  binary, env, clock (true: `pass` moves it), disk (MB: a small disk for the store),
     *                  door (true: a SlowDoor before the gateway), chaos (true: a ChaosDoor there), gather, crossed, people, rungs ({p0: [{after, page, tell_texter}]}), repeat_every,
     *                  who_answers_keywords, hook (false: none), log_level, sending (lines of that section),
     *                  loop_guard (true: as shipped; off otherwise, for crowds repeat themselves), local (true: what calls us is on this
     *                  machine; 'localhost': under that name), toml (appended; of the line, when it is a function), pictures_from (of the line: origins) */
    static async start(options = {}) {
        const line = new Line(options);
        await line.#prepare();
        try {
            await line.launch();
        } catch (error) {
            await line.stop({keep: true});
            throw error;
        }
        return line;
    }
    constructor(options) {
        this.options = {binary: kBinary, people: [kMaya, kLuis], hook: true, env: {}, ...options};
        this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-story-'));
        this.ledger = new Ledger(this.file('ledger.jsonl'));
        this.secrets = {
            auth_token: randomBytes(16).toString('hex'),
            api_token: 'api-' + randomBytes(20).toString('hex'),
            hook: 'whsec_' + randomBytes(32).toString('base64'),
        };
        this.launches = 0;
    }
    file(name) {
        return path.join(this.directory, name);
    }
    async #prepare() {
        if (this.options.clock) this.#fake_the_clock();
        if (this.options.disk) this.#mount_disk(this.options.disk);
        for (const [name, secret] of Object.entries(this.secrets)) {
            fs.writeFileSync(this.file(name), secret, {mode: 0o600});
        }
        fs.writeFileSync(this.file('handrail.key'), randomBytes(32).toString('hex') + '\n', {mode: 0o600});
        this.port = await free_port();
        this.admin_port = await free_port();
        const host = this.options.local === true ? '127.0.0.1' : this.options.local;
        this.public_base = host ? `http://${host}:${this.port}` : 'https://sms.example.org';
        this.gateway = await new StandInTwilio({
            ledger: this.ledger,
            account_sid: 'AC' + randomBytes(16).toString('hex'),
            auth_token: this.secrets.auth_token,
            numbers: [kOurs],
            webhook: {public_base: this.public_base, port: this.port, sms: '/webhooks/twilio/main/sms'},
        }).start(await free_port());
        if (this.options.door) this.door = await SlowDoor.open(this.gateway.port);
        if (this.options.chaos) this.door = await ChaosDoor.open(this.gateway.port, await free_port());
        if (this.options.hook) {
            this.hooks = await new HookReceiver({ledger: this.ledger, secret: this.secrets.hook}).start();
        }
        this.configure();
    }
    /** Write the configuration anew; read at the next launch. */
    configure() {
        fs.writeFileSync(this.file('handrail.toml'), config_toml(this));
    }
    #fake_the_clock() {
        this.offset = 0;
        fs.writeFileSync(this.file('clock'), '+0');
        Object.assign(this.options.env, {
            LD_PRELOAD: kFakeTime, FAKETIME_TIMESTAMP_FILE: this.file('clock'), FAKETIME_NO_CACHE: '1',
            FAKETIME_DONT_FAKE_MONOTONIC: '1',
        });
    }
    /** The server's wall clock jumps ahead. */
    pass(seconds) {
        this.offset += seconds;
        fs.writeFileSync(this.file('clock.new'), `+${this.offset}`);
        fs.renameSync(this.file('clock.new'), this.file('clock'));
        this.ledger.write('clock.moved', {seconds});
    }
    /** A file system of its own for the store; throws where this user may not mount one. */
    #mount_disk(megabytes) {
        fs.mkdirSync(this.file('disk'));
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'handrail-story', this.file('disk')]);
        this.mounted = true;
    }
    /** Where the store lies. */
    stored(name) {
        return this.options.disk ? this.file(`disk/${name}`) : this.file(name);
    }
    /** Start the server and wait until it is ready. */
    async launch({env = {}} = {}) {
        const out = fs.openSync(this.file('stdout.log'), 'a');
        const err = fs.openSync(this.file('stderr.log'), 'a');
        this.server = spawn(this.options.binary, ['serve', '--config', this.file('handrail.toml')], {
            cwd: this.directory,
            stdio: ['ignore', out, err],
            env: {...process.env, ...this.options.env, ...env},
        });
        fs.closeSync(out);
        fs.closeSync(err);
        const {server} = this;
        this.exited = new Promise((done) => {
            server.on('exit', (code, signal) => done({code, signal}));
            server.on('error', (error) => done({code: -1, signal: null, error}));
        });
        this.exited.then(() => { server.gone = true; });
        this.ledger.write('server.launched', {launch: ++this.launches});
        await this.ready();
        this.ledger.write('server.ready', {launch: this.launches});
    }
    async ready(ms = 90_000) {
        for (const end = Date.now() + ms; Date.now() < end; await sleep(15)) {
            if (this.server.gone) throw new Error(`the server ended at start:\n${this.log().slice(-2_000)}`);
            const answer = await fetch(`http://127.0.0.1:${this.admin_port}/readyz`).catch(() => null);
            await answer?.arrayBuffer();
            if (answer?.status === 200) return;
        }
        throw new Error(`not ready after ${ms} ms:\n${this.log().slice(-2_000)}`);
    }
    /** kill -9: nothing is flushed, nothing said good-bye to. */
    async kill() {
        this.server.kill('SIGKILL');
        await this.exited;
        await after_what_has_arrived(this.gateway.server);
        this.ledger.write('server.killed', {launch: this.launches});
    }
    /** SIGTERM and wait; the exit code. */
    async terminate() {
        this.ledger.write('server.terminated', {launch: this.launches});
        this.server.kill('SIGTERM');
        return (await this.exited).code;
    }
    /** The end of a test: everything stopped, the directory removed unless the test failed. */
    async stop({keep = false} = {}) {
        if (!this.server.gone) {
            this.server.kill('SIGTERM');
            const patience = setTimeout(() => this.server.kill('SIGKILL'), 15_000);
            await this.exited;
            clearTimeout(patience);
        }
        const report = this.log().match(/(ERROR|WARNING): \w+Sanitizer.*|.*runtime error: .*/);
        const complaint = report && `${report[0]}\n${this.log().slice(report.index, report.index + 6_000)}`;
        await this.door?.close();
        await this.gateway.stop();
        await this.hooks?.stop();
        this.ledger.close();
        if (this.mounted) execFileSync('umount', [this.file('disk')]);
        if (!keep && !process.env.HANDRAIL_KEEP) fs.rmSync(this.directory, {recursive: true, force: true});
        if (complaint) throw new Error(complaint);
    }

    phone(number) {
        return new Phone(this, number);
    }
    /** All the server has written so far. */
    log() {
        return ['stdout.log', 'stderr.log'].map((name) => fs.readFileSync(this.file(name), 'utf8')).join('');
    }
    /** One subcommand on this line's configuration: {code, stdout, stderr}. */
    command(...args) {
        return new Promise((done) => {
            const options = {cwd: this.directory, env: {...process.env, ...this.options.env}};
            execFile(this.options.binary, args, options, (error, stdout, stderr) =>
                done({code: error ? error.code : 0, stdout, stderr}));
        });
    }
    /** GET below /api/v1 with the bearer token; the parsed answer. */
    async api(target, {token = this.secrets.api_token} = {}) {
        const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1${target}`, {
            headers: token === null ? {} : {Authorization: `Bearer ${token}`},
        });
        const text = await answer.text();
        if (answer.status !== 200) throw Object.assign(new Error(`${target}: ${answer.status}`), {status: answer.status, text});
        return JSON.parse(text);
    }
    /** Every row of a paged list, newest first. */
    async all(target) {
        const rows = [];
        for (let before = ''; ;) {
            const {items} = await this.api(`${target}?limit=200${before}`);
            rows.push(...items);
            if (items.length < 200) return rows;
            before = `&before=${items.at(-1).id}`;
        }
    }
    async metrics() {
        return (await fetch(`http://127.0.0.1:${this.admin_port}/metrics`)).text();
    }
    /** Until nothing is owed to the gateway any more. */
    async settled(ms = 30_000) {
        const owed = new Set(['queued', 'wired', 'errored']);
        for (const end = Date.now() + ms; Date.now() < end; await sleep(30)) {
            if (!(await this.all('/outbox')).some((row) => owed.has(row.state))) return;
        }
        throw new Error(`texts still owed after ${ms} ms`);
    }
    /** The store as the API shows it, for the checker. */
    async snapshot() {
        const conversations = await this.all('/conversations');
        for (const one of conversations) {
            one.messages = (await this.api(`/conversations/${one.id}/messages?limit=200`)).items;
            one.consent_ledger = (await this.api(`/conversations/${one.id}/consent?limit=200`)).items;
        }
        return {conversations, outbox: await this.all('/outbox'), escalations: (await this.api('/escalations?limit=200')).items};
    }
}
