// A small line with a Twilio account and a modem (generic gateway), and what stands for Twilio: its API, its phones.
import {execFile, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {Webhook, twilio_webhooks} from '../support/node/official.mjs';
import {kBinary, kSource} from '../support/node/places.mjs';

export const kOurs = '+15550199';
export const kModem = '+15550198';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function free_port() {
    const server = net.createServer();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const {port} = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

/** Until `probe` gives something; what it gave. */
export async function until(probe, ms = 15_000) {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
        const found = await probe();
        if (found) return found;
    }
    throw new Error('waited in vain');
}

export class SmallLine {
    constructor() {
        this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-cli-'));
        this.account_sid = 'AC' + randomBytes(16).toString('hex');
        this.auth_token = randomBytes(16).toString('hex');
        this.secret = 'whsec_' + randomBytes(32).toString('base64');
        this.sent = [];  // texts handed to Twilio or the modem
        this.sms_url = null;  // what the number calls, as Twilio's API tells it; null: the right one
        this.clock_ahead = 0;  // of the gateway, seconds
        this.api_status = 200;
        this.public_url = 'https://sms.example.org';
    }
    file(name) {
        return path.join(this.directory, name);
    }
    write(name, text) {
        fs.writeFileSync(this.file(name), text, {mode: 0o600});
    }
    async prepare() {
        this.port = await free_port();
        this.admin_port = await free_port();
        this.api = http.createServer((request, response) => this.#answer_as_gateway(request, response));
        await new Promise((done) => this.api.listen(0, '127.0.0.1', done));
        this.api_base = `http://127.0.0.1:${this.api.address().port}`;
        this.write('auth_token', this.auth_token);
        this.write('secret', this.secret);
        this.configure();
        return this;
    }
    #answer_as_gateway(request, response) {
        let body = '';
        request.on('data', (data) => { body += data; });
        request.on('end', () => {
            response.setHeader('Date', new Date(Date.now() + this.clock_ahead * 1000).toUTCString());
            const basic = 'Basic ' + Buffer.from(`${this.account_sid}:${this.auth_token}`).toString('base64');
            if (request.url === '/modem') {
                if (request.method === 'POST') this.sent.push(JSON.parse(body));
                response.writeHead(request.method === 'POST' ? 204 : 405).end();
            } else if (request.headers.authorization !== basic) {
                response.writeHead(401).end('{"code":20003}');
            } else if (request.method === 'GET') {
                const number = new URL(request.url, this.api_base).searchParams.get('PhoneNumber');
                const list = number === kOurs ? [{phone_number: number, sms_url: this.sms_url ?? this.webhook('/sms')}] : [];
                response.writeHead(this.api_status).end(JSON.stringify({incoming_phone_numbers: list}));
            } else {
                const fields = new URLSearchParams(body);
                this.sent.push({from: fields.get('From'), to: fields.get('To'), text: fields.get('Body')});
                response.writeHead(201).end(JSON.stringify({sid: 'SM' + randomBytes(16).toString('hex')}));
            }
        });
    }
    webhook(end, kind = 'twilio', name = 'clinic') {
        return `${this.public_url}/webhooks/${kind}/${name}${end}`;
    }
    /** Writes handrail.toml. @param change  e.g. {public_url: ...}; kept for later */
    configure(change = {}) {
        Object.assign(this, change);
        this.write('handrail.toml', `
[server]
listen = "127.0.0.1"
port = ${this.port}
public_url = "${this.public_url}"
[admin]
port = ${this.admin_port}
[store]
path = "${this.file('handrail.db')}"
key_file = "${this.file('handrail.key')}"
[line]
organisation = "Riverside"
short_name = "Riverside"
helpline = "555-010-0142"
url = "riverside.example"
time_zone = "America/New_York"
staffed = ${this.staffed ?? true}
flows = "${this.flows ?? path.join(kSource, 'flows')}"
[replies]
gather = "0ms"
[[gateway]]
kind = "twilio"
name = "clinic"
numbers = ${JSON.stringify(this.numbers ?? [kOurs])}
account_sid = "${this.account_sid}"
auth_token = "file:${this.file('auth_token')}"
api_base = "${this.api_base}"
who_answers_keywords = "handrail"
[[gateway]]
kind = "generic"
name = "modem"
numbers = ["${kModem}"]
secret = "file:${this.file('secret')}"
send_url = "${this.api_base}/modem"
${(this.people ?? ['Maya', 'Luis']).map((name, i) => `[[oncall.person]]\nname = "${name}"\nphone = "+1555010${i + 1}"`).join('\n')}
${this.toml ?? ''}
`);
    }
    async serve() {
        const log = fs.openSync(this.file('log'), 'a');
        this.server = spawn(kBinary, ['serve', '--config', this.file('handrail.toml')], {stdio: ['ignore', log, log]});
        fs.closeSync(log);
        this.exited = new Promise((done) => this.server.on('exit', done));
        await until(async () => {
            if (this.server.exitCode !== null) throw new Error(fs.readFileSync(this.file('log'), 'utf8'));
            const answer = await fetch(`http://127.0.0.1:${this.admin_port}/readyz`).catch(() => null);
            await answer?.arrayBuffer();
            return answer?.status === 200;
        });
    }
    log() { return fs.readFileSync(this.file('log'), 'utf8'); }
    async halt() {
        if (!this.server || this.server.exitCode !== null) return;
        this.server.kill('SIGTERM');
        await this.exited;
    }
    async restart() {
        await this.halt();
        await this.serve();
    }
    async stop() {
        await this.halt();
        this.api.closeAllConnections();
        await new Promise((done) => this.api.close(done));
        fs.rmSync(this.directory, {recursive: true, force: true});
    }
    /** A text as Twilio delivers it. @return the status */
    async text(from, body, {sid = 'SM' + randomBytes(16).toString('hex'), token = this.auth_token, to = kOurs} = {}) {
        const fields = {MessageSid: sid, AccountSid: this.account_sid, From: from, To: to, Body: body, NumMedia: '0'};
        const signature = twilio_webhooks.getExpectedTwilioSignature(token, this.webhook('/sms'), fields);
        return this.#post('/webhooks/twilio/clinic/sms', new URLSearchParams(fields).toString(),
            {'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature});
    }
    /** A text as the modem delivers it, signed with the official package. */
    async modem_text(from, text, {secret = this.secret, id = 'm-' + randomBytes(8).toString('hex')} = {}) {
        const body = JSON.stringify({id, from, to: kModem, text});
        const at = new Date();
        return this.#post('/webhooks/generic/modem/sms', body, {
            'Content-Type': 'application/json', 'webhook-id': id,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
            'webhook-signature': new Webhook(secret).sign(id, at, body),
        });
    }
    async #post(target, body, headers) {
        const answer = await fetch(`http://127.0.0.1:${this.port}${target}`, {method: 'POST', body, headers});
        await answer.arrayBuffer();
        return answer.status;
    }
    /** A subcommand on this configuration: {code, out, err}. */
    async run(...args) {
        return new Promise((done) => {
            execFile(kBinary, [...args, '--config', this.file('handrail.toml')], {cwd: this.directory},
                (error, out, err) => done({code: error ? error.code : 0, out, err}));
        });
    }
}
