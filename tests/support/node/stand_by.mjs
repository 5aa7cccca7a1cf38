// `handrail fallback` beside a line, and the part of a reverse proxy that matters here: whoever does not get through to
// the server, or gets 503 or 502 from it, is handed to the fallback (deploy/fallback shows how nginx and Caddy do that).
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import {kNginx, kSource} from './places.mjs';
import {free_port} from './ports.mjs';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** The section of the configuration; a port of its own is given to the line. */
export async function stand_by_toml(more = '') {
    const port = await free_port();
    return {port, toml: (line) => `[fallback]\nport = ${port}\ndirectory = ${JSON.stringify(line.file('kept'))}\n${more}`};
}

export class StandBy {
    constructor(line, port) {
        Object.assign(this, {line, port, counts: {server: 0, fallback: 0}});
    }
    async launch() {
        const out = fs.openSync(this.line.file('stderr.log'), 'a');
        this.process = spawn(this.line.options.binary, ['fallback', '--config', this.line.file('handrail.toml')],
            {cwd: this.line.directory, stdio: ['ignore', out, out], env: {...process.env, ...this.line.options.env}});
        fs.closeSync(out);
        this.exited = new Promise((done) => this.process.on('exit', (code, signal) => done({code, signal})));
        let gone = false;
        this.exited.then(() => { gone = true; });
        for (const end = Date.now() + 30_000; !await is_up(this.port); await sleep(15)) {
            if (gone || Date.now() > end) throw new Error(`no fallback:\n${this.line.log().slice(-2_000)}`);
        }
    }
    async kill() {
        this.process.kill('SIGKILL');
        await this.exited;
    }
    async terminate() {
        this.process.kill('SIGTERM');
        return (await this.exited).code;
    }
    kept() {
        return fs.existsSync(this.line.file('kept')) ? fs.readdirSync(this.line.file('kept')) : [];
    }
    /** The same by nginx, with the configuration that we ship: only ports and certificate are others. */
    async nginx() {
        const {line} = this;
        const port = await free_port();
        const shipped = fs.readFileSync(path.join(kSource, 'deploy/fallback/nginx.conf'), 'utf8');
        fs.writeFileSync(line.file('proxy.conf'), shipped.replace('listen 443 ssl', `listen 127.0.0.1:${port}`).replace(/^ *ssl_.*$/gm, '')
            .replaceAll('127.0.0.1:8080', `127.0.0.1:${line.port}`).replaceAll('127.0.0.1:8082', `127.0.0.1:${this.port}`));
        fs.writeFileSync(line.file('nginx.conf'), `pid ${line.file('nginx.pid')}; daemon off; master_process off; error_log stderr;
            events {} http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) =>
        `${kind}_temp_path ${line.file(kind)};`).join(' ')} include ${line.file('proxy.conf')}; }`);
        const out = fs.openSync(line.file('nginx.log'), 'a');
        this.proxy_process = spawn(kNginx, ['-p', line.directory, '-c', line.file('nginx.conf')], {stdio: ['ignore', out, out]});
        fs.closeSync(out);
        for (const end = Date.now() + 10_000; !await is_up(port); await sleep(15)) {
            if (Date.now() > end) throw new Error(`no nginx:\n${fs.readFileSync(line.file('nginx.log'), 'utf8')}`);
        }
        line.gateway.webhook.port = port;
    }
    /** Takes the place of the server's port for what the stand-in gateway delivers. */
    async proxy() {
        this.server = http.createServer((request, response) => {
            const chunks = [];
            request.on('data', (chunk) => chunks.push(chunk));
            request.on('error', () => {});
            request.on('end', () => this.#forward(request, Buffer.concat(chunks), response));
        });
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.line.gateway.webhook.port = this.server.address().port;
    }
    async #forward(request, body, response) {
        const first = await pass_on(request, body, this.line.port);
        if (first && ![502, 503].includes(first.status)) {
            this.counts.server += 1;
            return response.writeHead(first.status, first.headers).end(first.body);
        }
        const second = await pass_on(request, body, this.port);
        this.counts.fallback += 1;
        if (!second) return response.writeHead(502).end();
        return response.writeHead(second.status, second.headers).end(second.body);
    }
    async close() {
        if (this.process && this.process.exitCode === null && this.process.signalCode === null) await this.kill();
        this.proxy_process?.kill('SIGKILL');
        this.server?.closeAllConnections();
        if (this.server) await new Promise((done) => this.server.close(done));
    }
}

function is_up(port) {
    return new Promise((done) => {
        const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
        socket.on('error', () => done(false));
    });
}

function pass_on(request, body, port) {
    return new Promise((done) => {
        const onward = http.request({host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers},
            (answer) => {
                const chunks = [];
                answer.on('data', (chunk) => chunks.push(chunk));
                answer.on('error', () => done(null));
                answer.on('end', () => done({status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks)}));
            });
        onward.on('error', () => done(null));
        onward.end(body);
    });
}
