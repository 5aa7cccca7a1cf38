// Measures handrail beside other stacks doing the same work, in one run on one machine, and prints a table.
// node tests/bench/run.mjs [--seconds 4] [--rounds 3] [--only handrail,bare] [--no-build] [--json FILE]
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {config_toml} from '../support/node/config.mjs';

const {values: options} = parseArgs({options: {
    'seconds': {type: 'string', default: '4'},
    'rounds': {type: 'string', default: '3'},
    'only': {type: 'string', default: ''},
    'no-build': {type: 'boolean', default: false},
    'json': {type: 'string', default: ''},
}});
const kHere = path.dirname(fileURLToPath(import.meta.url));
const kSource = path.resolve(kHere, '../..');
const kBuild = path.join(kSource, 'build/release');
const kPeers = path.join(kHere, 'peers');
const kToken = '12345678901234567890123456789012';
const kAccount = 'AC' + '0123456789abcdef'.repeat(2);
const kPublic = 'https://sms.example.org';
const kPath = '/webhooks/twilio/main/sms';
const kOurs = '+12005550199';
const kContacts = 10_000;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function build() {
    const run = (...args) => execFileSync('cmake', args, {cwd: kSource, stdio: ['ignore', 'inherit', 'inherit']});
    run('--preset', 'release');
    run('--build', '--preset', 'release', '--target', 'handrail', 'loadgen', 'bare_group_commit');
}

/** @returns why the peers cannot run, or null. */
function install_peers() {
    const npm = (...args) => spawnSync('npm', args, {cwd: kPeers, encoding: 'utf8', env: npm_environment()});
    const works = () => spawnSync('node', ['-e', "new (require('better-sqlite3'))(':memory:')"], {cwd: kPeers}).status === 0;
    const installed = fs.existsSync(path.join(kPeers, 'node_modules/.package-lock.json'));
    if (!installed && npm('ci', '--ignore-scripts', '--no-audit', '--no-fund').status !== 0) return 'npm ci failed';
    if (works()) return null;
    console.log('building better-sqlite3 (about a minute) ...');
    const built = npm('rebuild', 'better-sqlite3', '--foreground-scripts');
    return works() ? null : `better-sqlite3 cannot be built: ${built.stderr.trim().split('\n').at(-1)}`;
}
/** Without a way to download headers, those of Debian's libnode-dev do. */
function npm_environment() {
    const environment = {...process.env};
    if (fs.existsSync('/usr/include/node/node.h')) environment.npm_config_nodedir ??= '/usr';
    return environment;
}

async function free_port() {
    const server = net.createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const {port} = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

async function until_it_listens(port, child) {
    for (let tries = 0; tries < 400 && child.exitCode === null; ++tries, await sleep(25)) {
        const open = await new Promise((done) => {
            const socket = net.connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
            socket.on('close', () => {}).unref();
            setTimeout(() => socket.destroy(), 200).unref();
        });
        if (open) return;
    }
    throw new Error('the server does not listen');
}

function handrail_config(place) {
    const file = (name) => path.join(place.directory, name);
    fs.writeFileSync(file('handrail.key'), randomBytes(32).toString('hex') + '\n', {mode: 0o600});
    fs.writeFileSync(file('auth_token'), kToken, {mode: 0o600});
    fs.writeFileSync(file('api_token'), randomBytes(16).toString('hex'), {mode: 0o600});
    const people = [{name: 'Maya', phone: '+12005550198'}];
    fs.writeFileSync(file('handrail.toml'), config_toml({
        options: {people, gather: place.gather, log_level: 'warning', messages_per_second: place.pace}, file, stored: file, port: place.port, admin_port: place.admin_port,
        public_base: kPublic, hooks: null,
        gateway: {numbers: [kOurs], account_sid: kAccount, url: `http://127.0.0.1:${place.gateway_port}`},
    }));
    return [path.join(kBuild, 'handrail'), 'serve', '--config', file('handrail.toml')];
}
const url = kPublic + kPath;
const database = (place) => path.join(place.directory, 'peer.db');
const kSystems = {
    handrail: {title: 'handrail (SQLite FULL, sealed, hands over too)', command: handrail_config, gateway: true},
    // The same work as the peers, none of which hands anything over: a real number's pace holds the replies back.
    paced: {title: 'handrail, replies paced at 10/s as by a real number', command: handrail_config, gateway: true, pace: 10},
    bare: {
        title: 'bare group commit (yardstick)',
        command: (place) => [path.join(kBuild, 'tests/bench/bare_group_commit'), '--port', place.port, '--database',
            database(place), '--url', url],
    },
    fastify: {
        title: 'fastify + batching + better-sqlite3 FULL',
        command: (place) => ['node', path.join(kPeers, 'fastify_peer.mjs'), place.port, database(place), url],
        peer: true,
    },
    express: {
        title: 'Express + twilio + better-sqlite3 FULL',
        command: (place) => ['node', path.join(kPeers, 'express_peer.mjs'), place.port, database(place), url],
        peer: true,
    },
};

const memory_of = (pid, what) =>
    Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]) / 1024;

/** One load on one fresh server. */
async function measure(name, {rate = 0, connections = 64, seconds = +options.seconds, gather = '0ms', seed = 1}) {
    const system = kSystems[name];
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-bench-'));
    const place = {directory, gather, pace: system.pace, port: await free_port(), admin_port: await free_port(), gateway_port: await free_port()};
    const [program, ...args] = system.command(place).map(String);
    const log = fs.openSync(path.join(directory, 'log'), 'w');
    const environment = {...process.env, BENCH_TOKEN: kToken};
    const server = spawn(program, args, {cwd: directory, stdio: ['ignore', log, log], env: environment});
    const ended = new Promise((done) => server.on('exit', done));
    try {
        await until_it_listens(place.port, server);
        const messages = rate > 0 ? Math.ceil(rate * (seconds + 3)) : Math.ceil((seconds + 1) * 40_000);
        const load = spawn(path.join(kBuild, 'tests/bench/loadgen'), [
            '--port', place.port, '--connections', connections, '--seconds', seconds, '--rate', rate, '--messages', messages,
            '--contacts', kContacts, '--seed', seed, '--path', kPath, '--public-base', kPublic, '--account-sid', kAccount,
            '--to', kOurs, '--settle', rate > 0 ? 1 : 0, ...(system.gateway ? ['--gateway-port', place.gateway_port] : []),
        ].map(String), {env: environment, stdio: ['ignore', 'pipe', 'inherit']});
        let text = '';
        load.stdout.on('data', (chunk) => { text += chunk; });
        const code = await new Promise((done) => load.on('close', done));
        if (code !== 0) throw new Error(`${name}: the load failed\n${fs.readFileSync(path.join(directory, 'log'), 'utf8').slice(-500)}`);
        const result = JSON.parse(text);
        return {...result, rss_mib: memory_of(server.pid, 'VmRSS'), peak_mib: memory_of(server.pid, 'VmHWM')};
    } finally {
        server.kill('SIGTERM');
        await Promise.race([ended, sleep(8_000).then(() => server.kill('SIGKILL'))]);
        await ended;
        fs.closeSync(log);
        fs.rmSync(directory, {recursive: true, force: true});
    }
}

/** Medians over the rounds, each figure by itself. */
function summarize(runs) {
    const figure = (pick) => median(runs.map(pick));
    return {
        per_second: figure((run) => run.per_second),
        p50: figure((run) => run.answered.p50_ms),
        p99: figure((run) => run.answered.p99_ms),
        texts_per_second: figure((run) => run.texts_per_second),
        over_p50: figure((run) => run.handed_over.p50_ms),
        over_p99: figure((run) => run.handed_over.p99_ms),
        rss_mib: figure((run) => run.rss_mib),
        peak_mib: figure((run) => run.peak_mib),
        refused: Object.assign({}, ...runs.map((run) => run.refused)),
        backlog: Math.max(...runs.map((run) => run.backlog)),
        ran_out: runs.some((run) => run.ran_out),
    };
}

const number = (value, digits = 1) => value.toLocaleString('en-US', {maximumFractionDigits: digits, minimumFractionDigits: digits});
function row(title, result) {
    const over = result.over_p50 > 0 ? `${number(result.over_p50)} / ${number(result.over_p99)}` : '-';
    const notes = [
        Object.keys(result.refused).length > 0 ? `refused ${JSON.stringify(result.refused)}` : '',
        result.backlog > 100 ? `cannot keep up: ${result.backlog} waiting` : '',
        result.ran_out ? 'ran out of load' : '',
    ].filter(Boolean).join('; ');
    return `| ${title} | ${number(result.per_second, 0)} | ${number(result.p50)} / ${number(result.p99)} | ${over} ` +
        `| ${number(result.texts_per_second, 0)} | ${number(result.rss_mib, 0)} | ${notes} |`;
}
const kHead = '| what | messages/s | to the 200: p50 / p99 ms | to hand-over: p50 / p99 ms | texts out/s | RSS MiB | notes |\n' +
    '| --- | --- | --- | --- | --- | --- | --- |';

async function table(title, cases) {
    console.log(`\n${title}\n\n${kHead}`);
    const results = {};
    const runs = cases.map(() => []);
    // Interleaved, so that a slow minute of the machine falls on all.
    for (let round = 1; round <= +options.rounds; ++round) {
        for (const [i, one] of cases.entries()) runs[i].push(await measure(one.system, {...one.load, seed: round}));
    }
    for (const [i, one] of cases.entries()) {
        results[one.key ?? one.system] = summarize(runs[i]);
        console.log(row(one.title ?? kSystems[one.system].title, results[one.key ?? one.system]));
    }
    return results;
}

function print_ratios(closed) {
    const {handrail, paced, bare, fastify, express} = closed;
    const lines = [];
    const compare = (other, name, aim) => {
        for (const [how, ours] of [['with replies paced', paced], ['handing over all of them', handrail]]) {
            if (!ours || !other) continue;
            const ratio = ours.per_second / other.per_second;
            lines.push(`${number(ratio, 2)} x ${name} ${how} (aim ${aim}), p99 ${number(ours.p99)} against ${number(other.p99)} ms`);
        }
    };
    compare(express, 'Express + twilio + better-sqlite3', 'at least 8, at a lower p99');
    compare(fastify, 'the tuned fastify stack', 'more than 1');
    compare(bare, 'the bare group commit', 'at least 0.6');
    if (handrail) lines.push(`${number(handrail.rss_mib, 0)} MiB resident at ${kContacts} contacts (aim under 64), peak ${number(handrail.peak_mib, 0)}`);
    console.log(`\nhandrail is\n  ${lines.join('\n  ')}`);
}

if (!options['no-build']) build();
const why_not = install_peers();
if (why_not) console.log(`\n*** THE PEERS ARE NOT MEASURED: ${why_not} ***\n`);
const wanted = options.only ? options.only.split(',') : Object.keys(kSystems);
const systems = wanted.filter((name) => !(kSystems[name].peer && why_not));
// Few enough that each is used often: the server closes a connection that brings nothing for 5 s.
const connections_for = (rate) => Math.min(128, Math.ceil(rate / 6));
const at_rate = (names, rate) => names.filter((name) => systems.includes(name)).map((system) => ({system, load: {rate, connections: connections_for(rate)}}));

const all = {closed: await table('Closed loop, 64 connections', systems.map((system) => ({system, load: {}})))};
all.open_100 = await table('Open loop, 100 messages/s (no coordinated omission)', at_rate(['handrail', 'bare', 'fastify', 'express'], 100));
all.open_1000 = await table('Open loop, 1,000 messages/s', at_rate(['handrail', 'bare', 'fastify', 'express'], 1_000));
all.open_5000 = await table('Open loop, 5,000 messages/s', at_rate(['handrail', 'bare', 'fastify'], 5_000));
if (systems.includes('handrail')) {
    all.gathering = await table('Open loop, 100 messages/s, with quick texts gathered for 400 ms (the default)', [
        {system: 'handrail', key: 'gathering', load: {rate: 100, gather: '400ms', connections: connections_for(100)}}]);
}
print_ratios(all.closed);
console.log(`\n${os.cpus()[0].model}, ${os.cpus().length} cores, node ${process.version}; medians of ${options.rounds} runs of ${options.seconds} s`);
if (options.json) fs.writeFileSync(options.json, JSON.stringify(all, null, 2));
