// Tuned by somebody who knows: fastify, and all requests of one turn of the event loop share one transaction.
// node fastify_peer.mjs PORT DATABASE URL   (BENCH_TOKEN: the auth token)
import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import twilio from 'twilio';
import {kTwiml, open_store} from './flow.mjs';

const [, , port, database, url] = process.argv;
const store = open_store(database, 16_000);
const app = Fastify();
app.register(formbody);
let waiting = [];

function commit() {
    const batch = waiting;
    waiting = [];
    try {
        store.many(batch.map((one) => one.form));
        for (const one of batch) one.stored();
    } catch (error) {
        for (const one of batch) one.failed(error);
    }
}
const stored = (form) => new Promise((stored, failed) => {
    if (waiting.length === 0) setImmediate(commit);
    waiting.push({form, stored, failed});
});

app.post(new URL(url).pathname, async (request, reply) => {
    const signature = request.headers['x-twilio-signature'] ?? '';
    if (!twilio.validateRequest(process.env.BENCH_TOKEN, signature, url, request.body)) {
        return reply.code(403).send();
    }
    await stored(request.body);
    return reply.type('text/xml').send(kTwiml);
});
app.listen({port: +port, host: '127.0.0.1', backlog: 4096});
