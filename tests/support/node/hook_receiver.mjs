// Another system that wants to know of escalations: takes outgoing webhooks and checks each with the official
// Standard Webhooks package.
import http from 'node:http';
import {Webhook} from 'standardwebhooks';

export class HookReceiver {
    constructor({ledger, secret}) {
        Object.assign(this, {ledger, webhook: new Webhook(secret), got: [], refused: [], statuses: [], waiters: new Set()});
        this.server = http.createServer((request, response) => {
            const chunks = [];
            request.on('data', (chunk) => chunks.push(chunk));
            request.on('end', () => this.#take(request, Buffer.concat(chunks).toString('utf8'), response));
        });
    }
    async start() {
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.url = `http://127.0.0.1:${this.server.address().port}/escalations`;
        return this;
    }
    async stop() {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
    /** The next answers have these statuses; then 204 again. */
    answer_with(...statuses) {
        this.statuses.push(...statuses);
    }
    #take(request, body, response) {
        const id = request.headers['webhook-id'];
        let event = null;
        try {
            event = this.webhook.verify(body, request.headers);
        } catch (error) {
            this.refused.push({id, body, why: error.message});
        }
        const status = event ? (this.statuses.shift() ?? 204) : 401;
        this.ledger.write('hook.got', {id, verified: event !== null, type: event?.type, status});
        if (event && status < 300) this.got.push({id, at: performance.now(), ...event});
        response.writeHead(status).end();
        for (const waiter of [...this.waiters]) waiter();
    }
    /** The first event of that type taken with 2xx, waiting for it if need be. */
    event(type, ms = 10_000) {
        const find = () => this.got.find((one) => one.type === type);
        if (find()) return Promise.resolve(find());
        return new Promise((done, fail) => {
            const timer = setTimeout(() => {
                this.waiters.delete(look);
                fail(new Error(`waited ${ms} ms for the webhook ${type}`));
            }, ms);
            const look = () => {
                if (!find()) return;
                clearTimeout(timer);
                this.waiters.delete(look);
                done(find());
            };
            this.waiters.add(look);
        });
    }
}
