// The Twilio gateway of the real binary, as Twilio's own package and a stand-in with its checks see it.
import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import {Line} from '../support/node/line.mjs';
import {twilio_webhooks} from '../support/node/official.mjs';

const kSms = '/webhooks/twilio/main/sms';

async function start(context, options = {}) {
    const line = await Line.start(options);
    context.after(() => line.stop());
    return line;
}
const state_of = async (line, body) => (await line.all('/outbox')).filter((row) => row.text === body).map((row) => row.state);
async function until(condition, what, ms = 15_000) {
    for (const end = Date.now() + ms; Date.now() < end; await new Promise((done) => setTimeout(done, 30))) {
        if (await condition()) return;
    }
    assert.fail(`waited ${ms} ms for ${what}`);
}
/** A request as it stands; the status. */
function ask(line, {method = 'POST', target, headers = {}, body = ''}) {
    return new Promise((done, fail) => {
        const request = http.request({
            host: '127.0.0.1', port: line.port, method, path: target,
            headers: {Host: 'sms.example.org', 'Content-Length': Buffer.byteLength(body), ...headers},
        });
        request.on('error', fail);
        request.on('response', (response) => {
            response.resume();
            response.on('end', () => done(response.statusCode));
        });
        request.end(body);
    });
}

test('every form of the public URL that the official package signs is taken, anything else is not', async (context) => {
    const line = await start(context);
    const token = line.secrets.auth_token;
    const sign = (url, form, by = token) => twilio_webhooks.getExpectedTwilioSignature(by, url, form);
    const deliver = (body, url, by) => {
        const form = line.gateway.inbound_form({from: '+15550100', body});
        return line.gateway.post(kSms, form, {signature: sign(url, form, by)});
    };
    assert.equal((await deliver('as configured', `https://sms.example.org${kSms}`)).status, 200);
    assert.equal((await deliver('with the default port', `https://sms.example.org:443${kSms}`)).status, 200);
    assert.equal((await deliver('another host', `https://evil.example.org${kSms}`)).status, 403);
    assert.equal((await deliver('another scheme', `http://sms.example.org${kSms}`)).status, 403);
    assert.equal((await deliver('another port', `https://sms.example.org:8443${kSms}`)).status, 403);
    assert.equal((await deliver('another token', `https://sms.example.org${kSms}`, 'x'.repeat(32))).status, 403);
    const unsigned = new URLSearchParams(line.gateway.inbound_form({from: '+15550100', body: 'no signature'})).toString();
    const type = {'Content-Type': 'application/x-www-form-urlencoded'};
    assert.equal(await ask(line, {target: kSms, headers: type, body: unsigned}), 403);

    const queried = `${kSms}?tenant=a%20b&u=%2Fc`;
    const form = line.gateway.inbound_form({from: '+15550100', body: 'query as sent'});
    assert.equal((await line.gateway.post(queried, form)).status, 200);

    const fields = new URLSearchParams(line.gateway.inbound_form({from: '+15550100', body: 'by GET'})).toString();
    const target = `${kSms}?${fields}`;
    const headers = {'X-Twilio-Signature': sign(`https://sms.example.org${target}`, {})};
    assert.equal(await ask(line, {method: 'GET', target, headers}), 200);

    const body = JSON.stringify(line.gateway.inbound_form({from: '+15550100', body: 'as JSON'}));
    const hashed = twilio_webhooks.getExpectedBodyHash(body);
    for (const [sent, status] of [[body, 200], [body + ' ', 403]]) {
        const where = `${kSms}?bodySHA256=${hashed}`;
        const signed = {'Content-Type': 'application/json', 'X-Twilio-Signature': sign(`https://sms.example.org${where}`, {})};
        assert.equal(await ask(line, {target: where, headers: signed, body: sent}), status);
    }
    await line.settled();
    const said = (await line.snapshot()).conversations[0].messages.filter((one) => one.direction === 'in' || one.inbound);
    assert.deepEqual(said.map((one) => one.text).sort(),
        ['as JSON', 'as configured', 'by GET', 'query as sent', 'with the default port']);
});

test('delivery reports move a text forward only, whatever their order', async (context) => {
    const line = await start(context);
    const ann = line.phone('+15550100');
    await ann.texts('hi');
    const heard = await ann.hears(/./);
    assert.match(heard.callback, /^https:\/\/sms\.example\.org\/webhooks\/twilio\/main\/status\?id=\d+$/);
    assert.ok(+heard.validity >= 60 && +heard.validity <= 36_000);
    await line.settled();
    for (const [status, want] of [['sending', 'sent'], ['delivered', 'delivered'], ['sent', 'delivered'], ['failed', 'delivered']]) {
        assert.equal((await line.gateway.report(heard, status)).status, 200);
        assert.deepEqual(await state_of(line, heard.body), [want]);
    }
    const forged = await line.gateway.post(heard.callback, {MessageSid: heard.sid, MessageStatus: 'failed'}, {signature: 'x'});
    assert.equal(forged.status, 403);
});

test('a block at the carrier, told in a reply or in a report, is an opt-out', async (context) => {
    const line = await start(context);
    line.gateway.program('+15550100', {code: 21610});
    await line.phone('+15550100').texts('hi');
    const ben = line.phone('+15550103');
    await ben.texts('hi');
    await line.gateway.report(await ben.hears(/./), 'undelivered', 21610);
    const consents = async () => (await line.all('/conversations')).map((one) => one.consent).sort();
    await until(async () => (await consents()).join() === 'opted_out,opted_out', 'both to be opted out');
});

test('what was not taken goes again with the same id, what was refused does not', async (context) => {
    const line = await start(context);
    line.gateway.program('+15550100', 'error503', {retry_after: 7});
    line.gateway.program('+15550103', {code: 21614});
    const ann = line.phone('+15550100');
    await ann.texts('hi');
    await line.phone('+15550103').texts('hi');
    const heard = await ann.hears(/./, 30_000);
    await line.settled();
    const tries = line.gateway.refused.filter((one) => one.to === '+15550100');
    assert.equal(tries.length, 2);
    for (const one of tries) assert.equal(one.callback, heard.callback);
    assert.equal(line.gateway.refused.filter((one) => one.to === '+15550103').length, 1);
    assert.deepEqual((await line.all('/outbox')).filter((row) => row.error_code === '21614').map((row) => row.state), ['failed']);
});

test('the other system is told in a form the official package accepts, and until it takes it', async (context) => {
    const line = await start(context);
    line.hooks.answer_with(500);
    await line.phone('+15550100').texts('i want to kill myself');
    const event = await line.hooks.event('escalation.opened', 20_000);
    assert.equal(event.data.state !== undefined, true);
    assert.deepEqual(line.hooks.refused, []);
    assert.ok(!JSON.stringify(event).includes('5550100'));
});

test('a number keeps to its messages a second, and a page overtakes what waits for them', async (context) => {
    const line = await start(context, {messages_per_second: 2});
    const numbers = Array.from({length: 10}, (_, i) => `+155501${40 + i}`);
    await Promise.all(numbers.map((number) => line.phone(number).texts('hi')));
    await line.phone('+15550120').texts('i want to kill myself');
    await line.settled();
    const order = line.gateway.taken.map((message) => message.to);
    assert.ok(numbers.every((number) => order.includes(number)));
    assert.ok(order.indexOf('+15550101') < order.findLastIndex((number) => numbers.includes(number)));
    const left = line.ledger.read().filter((event) => event.what === 'send.began').map((event) => event.t / 1_000);
    // A tenth of a second's worth may leave ahead of its time, which at this rate is none.
    assert.ok(left.at(-1) - left[0] >= (left.length - 2) * 500, `${left.length} texts at two a second`);
});
