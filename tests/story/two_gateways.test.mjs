// A second gateway for the night the first one fails: people in danger and people on call do not wait for it.
import assert from 'node:assert/strict';
import http from 'node:http';
import fs from 'node:fs';
import {randomBytes} from 'node:crypto';
import {Webhook} from '../support/node/official.mjs';
import {free_port} from '../support/node/ports.mjs';
import {eventually, story as plain_story} from '../support/node/story.mjs';

const kSpare = '+15550198';
const kMaya = '+15550101';
const kMia = '+15550110';

/** Anything that speaks the generic gateway's JSON; signatures are checked by the official package. */
class SpareGateway {
    constructor(port) {
        Object.assign(this, {port, taken: [], secret: 'whsec_' + randomBytes(32).toString('base64')});
        this.server = http.createServer((request, response) => {
            let body = '';
            request.on('data', (data) => { body += data; });
            request.on('end', () => {
                this.taken.push(new Webhook(this.secret).verify(body, request.headers));
                response.writeHead(204).end();
            });
        });
    }
    start() {
        return new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
    }
    stop() {
        this.server.closeAllConnections();
        return new Promise((done) => this.server.close(done));
    }
    texts_to(number) {
        return this.taken.filter((text) => text.to === number);
    }
}

function story(name, options, body) {
    let spare;
    plain_story(name, {
        before: async () => {
            spare = new SpareGateway(await free_port());
            await spare.start();
        },
        toml: (line) => {
            fs.writeFileSync(line.file('spare_secret'), spare.secret, {mode: 0o600});
            return `
[[gateway]]
kind = "generic"
name = "spare"
numbers = ["${kSpare}"]
secret = "file:${line.file('spare_secret')}"
send_url = "http://127.0.0.1:${spare.port}/send"
`;
        },
        ...options,
    }, async (line) => {
        try {
            await body(line, spare);
        } finally {
            await spare.stop();
        }
    });
}

const state_of = async (line, text_id) => (await line.all('/outbox')).find((row) => row.text_id === text_id)?.state;

story('the first gateway is gone: danger and its pages go by the second at once, a reply waits', {}, async (line, spare) => {
    await line.gateway.stop();
    const mia = line.phone(kMia);
    await line.phone('+15550111').texts('HELP');
    const texted = Date.now();
    await mia.texts('i want to kill myself tonight');
    await eventually(() => spare.texts_to(kMia).length > 0 && spare.texts_to(kMaya).length > 0,
        'the safety text and the page to go by the spare', 20_000);
    console.log(JSON.stringify({safety_text_and_page_after_ms: Date.now() - texted}));
    assert.match(spare.texts_to(kMia)[0].text, /988/);
    assert.match(spare.texts_to(kMaya)[0].text, /P0 case/);
    assert.equal(spare.texts_to(kMia)[0].from, kSpare);
    assert.deepEqual(spare.texts_to('+15550111'), [], 'a reply waits for the number that was texted');
    assert.match(await line.metrics(), /handrail_rerouted_total\{from="main",to="spare"\} [1-9]/);
    await line.gateway.start(line.gateway.port);
    await line.settled(60_000);
    assert.equal(line.gateway.texts_to('+15550111').length, 1);
    assert.equal(await state_of(line, 'HLP.1'), 'sent');
    const pages = spare.texts_to(kMaya).length + line.gateway.texts_to(kMaya).length;
    assert.equal(pages, 1, 'nobody is paged twice for it');
});

story('wrong credentials at the first: it is left alone, and the operator can see it', {}, async (line, spare) => {
    line.gateway.program(kMia, {code: 20003});
    line.gateway.program(kMaya, {code: 20003});
    await line.phone(kMia).texts('i want to kill myself tonight');
    await eventually(() => spare.texts_to(kMia).length > 0 && spare.texts_to(kMaya).length > 0,
        'the safety text and the page to go by the spare', 20_000);
    assert.match(await line.metrics(), /handrail_gateway_down\{account="main"\} 1/);
    assert.match(line.log(), /"gateway_down"/);
    await line.settled();
    assert.deepEqual([line.gateway.texts_to(kMia), line.gateway.texts_to(kMaya)], [[], []]);
});

story('replies too, if the operator wants that', {sending: 'replies_by_another_gateway = true'}, async (line, spare) => {
    await line.gateway.stop();
    await line.phone(kMia).texts('HELP');
    await eventually(() => spare.texts_to(kMia).length > 0, 'the reply to go by the spare', 20_000);
    await line.gateway.start(line.gateway.port);
    await line.settled();
    assert.equal(line.gateway.texts_to(kMia).length, 0);
});
