// The tools are tested before they judge: the stand-in by Twilio's own client, the checker by a line that misbehaves.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {check, rules_of} from '../support/node/checker.mjs';
import {Ledger} from '../support/node/ledger.mjs';
import {twilio, Webhook} from '../support/node/official.mjs';
import {StandInTwilio} from '../support/node/stand_in_twilio.mjs';
import {HookReceiver} from '../support/node/hook_receiver.mjs';
import {FakeLine} from './fake_line.mjs';

const kAccount = 'AC' + '0123456789abcdef'.repeat(2);
const kToken = '12345678901234567890123456789012';
const kOurs = '+15550199';

async function with_gateway(context, webhook = {}) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-tools-'));
    const ledger = new Ledger(path.join(directory, 'ledger.jsonl'));
    const gateway = await new StandInTwilio({
        ledger, account_sid: kAccount, auth_token: kToken, numbers: [kOurs],
        webhook: {public_base: 'https://sms.example.org', sms: '/webhooks/twilio/main/sms', ...webhook},
    }).start();
    context.after(async () => {
        await gateway.stop();
        ledger.close();
        fs.rmSync(directory, {recursive: true});
    });
    return gateway;
}

/** Twilio's own client, its requests turned to the stand-in. */
function official_client(gateway, token = kToken) {
    const client = twilio(kAccount, token);
    const request = client.httpClient.request.bind(client.httpClient);
    client.httpClient.request = (options) =>
        request({...options, uri: options.uri.replace('https://api.twilio.com', gateway.url)});
    return client;
}

test('the stand-in takes what the official client sends', async (context) => {
    const gateway = await with_gateway(context);
    const message = await official_client(gateway).messages.create({
        to: '+15550100', from: kOurs, body: 'Hi & é 😀', statusCallback: 'https://sms.example.org/s?mid=7',
        validityPeriod: 600,
    });
    assert.match(message.sid, /^SM[0-9a-f]{32}$/);
    assert.equal(message.status, 'queued');
    assert.equal(gateway.taken[0].body, 'Hi & é 😀');
});

test('the stand-in refuses as Twilio does, in words the official client understands', async (context) => {
    const gateway = await with_gateway(context);
    const good = {to: '+15550100', from: kOurs, body: 'hi'};
    const rows = [
        [21604, {to: ''}], [21211, {to: '555'}], [21603, {from: undefined}], [21212, {from: '1'}],
        [21606, {from: '+15550198'}], [21266, {to: kOurs}], [21602, {body: ''}], [21617, {body: 'x'.repeat(1601)}],
        [21609, {statusCallback: 'nonsense'}], [21609, {statusCallback: 'https://a_b.example/'}],
        [21624, {validityPeriod: 0}], [21624, {validityPeriod: 36001}],
    ];
    for (const [code, change] of rows) {
        const sent = official_client(gateway).messages.create({...good, ...change});
        await assert.rejects(sent, (error) => error.code === code && error.status === 400, `code ${code}`);
    }
    const stranger = official_client(gateway, 'wrong').messages.create(good);
    await assert.rejects(stranger, (error) => error.code === 20003 && error.status === 401);
    assert.equal(gateway.taken.length, 0);
});

test('the stand-in misbehaves as told, number by number', async (context) => {
    const gateway = await with_gateway(context);
    const send = (to) => official_client(gateway).messages.create({to, from: kOurs, body: 'hi'});
    gateway.program('+15550100', {code: 21610}, 'error500', 'reset', 'lost');
    await assert.rejects(send('+15550100'), (error) => error.code === 21610);
    await send('+15550103');
    await assert.rejects(send('+15550100'), (error) => error.status === 500);
    await assert.rejects(send('+15550100'), /ECONNRESET|hang up/);
    await assert.rejects(send('+15550100'), /ECONNRESET|hang up/);
    await send('+15550100');
    assert.equal(gateway.texts_to('+15550100').length, 2, 'the lost one was taken all the same');
});

test('the hook receiver takes only what the official package signed', async (context) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-tools-'));
    const secret = 'whsec_' + Buffer.alloc(32, 7).toString('base64');
    const ledger = new Ledger(path.join(directory, 'ledger.jsonl'));
    const hooks = await new HookReceiver({ledger, secret}).start();
    context.after(async () => {
        await hooks.stop();
        ledger.close();
        fs.rmSync(directory, {recursive: true});
    });
    const body = JSON.stringify({type: 'escalation.opened', data: {}});
    const at = new Date();
    const headers = {
        'webhook-id': 'm1', 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign('m1', at, body),
    };
    assert.equal((await fetch(hooks.url, {method: 'POST', headers, body})).status, 204);
    assert.equal((await fetch(hooks.url, {method: 'POST', headers, body: body + ' '})).status, 401);
    assert.equal((await hooks.event('escalation.opened')).id, 'm1');
});

const kFaults = [
    ['none', []],
    ['lost', ['I1']],
    ['repeated', ['I2']],
    ['sent_twice', ['I2']],
    ['after_stop', ['I3']],
    ['confirmed_twice', ['I3']],
    ['reordered', ['I5']],
    ['silent', ['I13']],
    ['unsigned', ['I14']],
];
for (const [fault, rules] of kFaults) {
    test(`the checker sees a line with the fault "${fault}" as ${rules.join() || 'sound'}`, async (context) => {
        const gateway = await with_gateway(context);
        const line = new FakeLine(gateway, fault);
        gateway.webhook.port = await line.start();
        context.after(() => line.stop());
        for (const [sid, body] of [['SM1', 'i slipped'], ['SM2', '1'], ['SM2', '1'], ['SM3', 'STOP'], ['SM4', 'hello?']]) {
            await gateway.deliver({from: '+15550100', body, message_sid: sid});
            // The fake answers after its 200: let it finish, so that only its fault is out of order.
            await new Promise((done) => setTimeout(done, 40));
        }
        const forged = {from: '+15550104', body: 'forged', message_sid: 'SM5'};
        await gateway.post(gateway.webhook.sms, gateway.inbound_form(forged), {signature: 'nonsense'});
        await new Promise((done) => setTimeout(done, 40));
        const result = check(gateway.ledger.read(), line.snapshot());
        assert.deepEqual(rules_of(result), rules, JSON.stringify(result.violations));
    });
}
