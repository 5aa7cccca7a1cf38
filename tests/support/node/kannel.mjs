// A Kannel as a centre would run it (Debian's package): bearerbox and smsbox, and in place of a modem its own fake SMSC,
// whose radio this is. Everything on loopback, in a directory of its own, and gone when `stop` resolves.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {free_port} from './ports.mjs';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const found = (name) => ['/usr/sbin', '/usr/bin', '/usr/lib/kannel/test']
    .map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
export const kKannel = ['bearerbox', 'smsbox', 'fakesmsc'].every(found);

/** What the fake SMSC writes after the type of a text: as it is, or escaped as in a form, in UTF-8 or big-endian UCS-2. */
function from_air(type, text) {
    if (type === 'text') return text;
    const bytes = [];
    for (let i = 0; i < text.length; ++i) {
        if (text[i] === '%') {
            bytes.push(parseInt(text.slice(i + 1, i + 3), 16));
            i += 2;
        } else {
            bytes.push(text[i] === '+' ? 0x20 : text.charCodeAt(i));
        }
    }
    return type === 'ucs-2' ? Buffer.from(bytes).swap16().toString('utf16le') : Buffer.from(bytes).toString('utf8');
}

export class Kannel {
    /** @param options {directory, number: ours, webhook: (path) => url to call} */
    constructor(options) {
        Object.assign(this, options);
        this.username = 'bot';
        this.password = 'kannel-password';
        this.texts = [];  // what came over the air: {from, to, body}, long ones joined
        this.parts = new Map();
        this.boxes = [];
    }
    async ports() {
        for (const name of ['admin', 'smsbox', 'radio', 'sendsms']) this[`${name}_port`] = await free_port();
        this.send_url = `http://127.0.0.1:${this.sendsms_port}/cgi-bin/sendsms`;
        return this;
    }
    #configuration() {
        return `
group = core
admin-port = ${this.admin_port}
admin-interface = 127.0.0.1
admin-password = admin
status-password = status
smsbox-port = ${this.smsbox_port}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = FAKE
port = ${this.radio_port}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${this.sendsms_port}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789+ "
mo-recode = true
http-request-retry = 1000
http-queue-delay = 1

group = sendsms-user
username = ${this.username}
password = ${this.password}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 10
default-smsc = FAKE

group = sms-service
keyword = default
get-url = "${this.webhook('sms')}&id=%I&from=%p&to=%P&text=%b"
max-messages = 0
catch-all = true
omit-empty = true
`;
    }
    #box(program) {
        const log = fs.openSync(path.join(this.directory, `${program}.log`), 'a');
        const box = spawn(found(program), ['-v', '1', path.join(this.directory, 'kannel.conf')],
            {cwd: this.directory, stdio: ['ignore', log, log]});
        fs.closeSync(log);
        box.gone = new Promise((done) => box.on('exit', done));
        this.boxes.push(box);
    }
    async start() {
        fs.writeFileSync(path.join(this.directory, 'kannel.conf'), this.#configuration());
        this.#box('bearerbox');
        await this.#answers(this.smsbox_port);
        this.#box('smsbox');
        await this.#answers(this.sendsms_port);
    }
    async #answers(port, ms = 15_000) {
        for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
            const there = await new Promise((done) => {
                const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
                socket.on('error', () => done(false));
            });
            if (there) return;
        }
        throw new Error(`Kannel does not listen at ${port}`);
    }
    /** Tune in: from now on texts reach us, and `send` reaches the line. One listener at a time. */
    async tune_in() {
        this.radio = net.connect(this.radio_port, '127.0.0.1');
        await new Promise((done, fail) => { this.radio.on('connect', done); this.radio.on('error', fail); });
        let rest = '';
        this.radio.setEncoding('utf8').on('data', (data) => {
            const lines = (rest + data).split('\n');
            rest = lines.pop();
            for (const line of lines) this.#heard(line);
        });
    }
    async tune_out() {
        await new Promise((done) => { this.radio.on('close', done); this.radio.destroy(); });
    }
    #heard(line) {
        if (!/^\+?\d+ \+?\d+ (text|data|ucs-2|udh) /.test(line)) {  // a line break within a text
            if (this.texts.length > 0) this.texts.at(-1).body += `\n${line}`;
            return;
        }
        const [from, to, type, ...rest] = line.split(' ');
        if (type !== 'udh') {
            this.texts.push({from, to, body: from_air(type, rest.join(' '))});
            return;
        }
        const [header, kind, ...text] = rest;  // %05%00%03<reference><total><number>
        const [, , , reference, total, number] = header.match(/%../g).map((one) => parseInt(one.slice(1), 16));
        const key = `${to} ${reference}`;
        const parts = this.parts.get(key) ?? [];
        parts[number - 1] = from_air(kind, text.join(' '));
        this.parts.set(key, parts);
        if (parts.filter((one) => one !== undefined).length < total) return;
        this.parts.delete(key);
        this.texts.push({from, to, body: parts.join('')});
    }
    send(from, body) {
        this.radio.write(`${from} ${this.number} data ${encodeURIComponent(body)}\n`);
    }
    /** Send one text with Kannel's own fakesmsc, which hears what comes back until that fits `answer`: all it wrote. */
    async send_by_fakesmsc(from, body, answer, ms = 20_000) {
        const radio = spawn(found('fakesmsc'),
            ['-v', '0', '-H', '127.0.0.1', '-r', String(this.radio_port), '-i', '0.1', '-m', '1', `${from} ${this.number} text ${body}`],
            {stdio: ['ignore', 'pipe', 'pipe'], cwd: this.directory});
        const gone = new Promise((done) => radio.on('exit', done));
        let written = '';
        for (const stream of [radio.stdout, radio.stderr]) stream.on('data', (data) => { written += data; });
        for (const end = Date.now() + ms; !answer.test(written) && Date.now() < end;) await sleep(50);
        radio.kill('SIGKILL');
        await gone;
        return written;
    }
    async stop() {
        this.radio?.destroy();
        for (const box of this.boxes.reverse()) {
            box.kill('SIGTERM');
            const patience = setTimeout(() => box.kill('SIGKILL'), 5_000);
            await box.gone;
            clearTimeout(patience);
        }
    }
}
