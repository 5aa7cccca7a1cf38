// How a normal team builds it: Express, the official twilio package, better-sqlite3, a transaction per request.
// node express_peer.mjs PORT DATABASE URL   (BENCH_TOKEN: the auth token)
import express from 'express';
import twilio from 'twilio';
import {kTwiml, open_store} from './flow.mjs';

const [, , port, database, url] = process.argv;
const store = open_store(database, 1_000);
const app = express();
app.use(express.urlencoded({extended: false}));
app.post(new URL(url).pathname, (request, response) => {
    const signature = request.get('X-Twilio-Signature') ?? '';
    if (!twilio.validateRequest(process.env.BENCH_TOKEN, signature, url, request.body)) {
        return response.status(403).end();
    }
    store.one(request.body);
    response.type('text/xml').send(kTwiml);
});
app.listen(+port, '127.0.0.1', 4096);
