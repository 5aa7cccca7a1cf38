// Any of the gateways' REST interfaces on loopback: takes what is sent, answers as that path answers, and keeps the request.
import http from 'node:http';

const kAnswers = [
    [/\/v2\/messages$/, 200, (n) => ({data: {id: `40385f64-5717-4562-b3fc-2c963f66a${100 + n}`, record_type: 'message', to: [{status: 'queued'}]}})],
    [/\/sms\/json$/, 200, (n) => ({'message-count': '1', messages: [{to: '15550142', 'message-id': `0A000000123ABCD${n}`, status: '0'}]})],
    [/\/v1\/messages$/, 202, (n) => ({message_uuid: `aaaaaaaa-bbbb-4ccc-8ddd-0123456789${10 + n}`})],
    [/\/Message\/$/, 202, (n) => ({message: 'message(s) queued', message_uuid: [`db3ce55a-7f1d-11e1-8ea7-1231380bc${100 + n}`], api_id: 'api'})],
    [/\/api\/v2\/users\/\d+\/messages$/, 202, (n) => ({id: `1589228074636lm4k2je7j7jklbn${n}`, owner: '+15550117', direction: 'out', segmentCount: 1})],
];

export class StandIn {
    async start() {
        this.requests = [];
        this.server = http.createServer((request, response) => {
            const chunks = [];
            request.on('data', (chunk) => chunks.push(chunk));
            request.on('end', () => this.#take(request, Buffer.concat(chunks).toString('utf8'), response));
        });
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }
    async stop() {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
    #take(request, body, response) {
        const found = kAnswers.find(([path]) => path.test(request.url));
        const [, status, answer] = found ?? [null, 404, () => ({})];
        this.requests.push({
            method: request.method, path: request.url, authorization: request.headers.authorization,
            type: (request.headers['content-type'] ?? '').split(';')[0], fields: JSON.parse(body || 'null'),
        });
        response.writeHead(status, {'Content-Type': 'application/json'}).end(JSON.stringify(answer(this.requests.length)));
    }
    /** The request that carries this text; waits for it. */
    async with_text(text, ms = 15_000) {
        for (const end = Date.now() + ms; ;) {
            const found = this.requests.find((one) => one.fields?.text === text);
            if (found) return found;
            if (Date.now() > end) throw new Error(`nothing was sent that says ${text}; seen: ${this.requests.map((one) => one.path)}`);
            await new Promise((done) => setTimeout(done, 25));
        }
    }
}
