// Stands between the line and its gateway and misbehaves as networks and gateways do. `mode` says how:
//   pass       as if it were not there
//   refuse     nobody listens
//   reset      the connection is cut before the gateway hears of the request
//   blackhole  the request is swallowed, and nothing ever comes back
//   busy       429 with Retry-After
//   error500   500
//   slow       the answer takes most of a second
//   garbage    200, with a page that is nobody's answer, and the gateway has heard nothing
//   lost       the gateway takes the request, and its answer never arrives
// What is asked by GET is answered as usual where the gateway can be reached at all.
import http from 'node:http';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class ChaosDoor {
    static async open(gateway_port, port) {
        const door = new ChaosDoor(gateway_port, port);
        await door.#listen();
        return door;
    }
    constructor(gateway_port, port) {
        Object.assign(this, {gateway_port, port, mode: 'pass', counts: {}});
        this.agent = new http.Agent({keepAlive: true});
        this.url = `http://127.0.0.1:${port}`;
    }
    #listen() {
        this.server = http.createServer((request, response) => {
            const chunks = [];
            request.on('data', (chunk) => chunks.push(chunk));
            request.on('error', () => {});
            request.on('end', () => this.#take(request, Buffer.concat(chunks), response));
        });
        return new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
    }
    async misbehave(mode) {
        if (this.mode === 'refuse') await this.#listen();
        this.mode = mode;
        if (mode === 'refuse') await this.close();
    }
    async close() {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
    async #take(request, body, response) {
        const {mode} = this;
        this.counts[mode] = (this.counts[mode] ?? 0) + 1;
        const asks = request.method === 'GET' && ['garbage', 'lost', 'slow', 'busy'].includes(mode);
        if (mode === 'pass' || asks) return this.#forward(request, body, response);
        if (mode === 'reset') return response.socket?.resetAndDestroy();
        if (mode === 'blackhole') return undefined;
        if (mode === 'busy') return response.writeHead(429, {'Retry-After': '1'}).end('{"code":20429}');
        if (mode === 'error500') return response.writeHead(500).end('{"code":20500}');
        if (mode === 'garbage') return response.writeHead(200).end('<html>Welcome to our wireless network</html>');
        if (mode === 'slow') await sleep(800);
        return this.#forward(request, body, response, mode === 'lost');
    }
    #forward(request, body, response, loses_the_answer = false) {
        const onward = http.request({host: '127.0.0.1', port: this.gateway_port, method: request.method, path: request.url,
            headers: request.headers, agent: this.agent});
        onward.on('error', () => response.socket?.resetAndDestroy());
        onward.on('response', (answer) => {
            const chunks = [];
            answer.on('data', (chunk) => chunks.push(chunk));
            answer.on('end', () => {
                if (loses_the_answer) return response.socket?.resetAndDestroy();
                response.writeHead(answer.statusCode, answer.headers).end(Buffer.concat(chunks));
            });
        });
        onward.end(body);
    }
}
