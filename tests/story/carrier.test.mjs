// What the carrier says is believed: a blocked number is opted out, a busy gateway is asked again, a permanent no is
// final, and words the gateway answered itself are not answered twice.
import assert from 'node:assert/strict';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kMia = '+15550110';
const row_of = async (line) => (await line.all('/outbox'))[0];
const conversation = async (line) => (await line.snapshot()).conversations[0];

story('"recipient opted out" at the send is an opt-out here too', {}, async (line) => {
    const mia = line.phone(kMia);
    line.gateway.program(kMia, {code: 21610});
    await mia.texts('HELP');
    const contact = await eventually(async () => {
        const one = await conversation(line);
        return one.consent === 'opted_out' && one;
    }, 'the opt-out');
    const entry = contact.consent_ledger.at(-1);
    assert.deepEqual([entry.to, entry.source, entry.rule], ['opted_out', 'carrier', '21610']);
    const row = await row_of(line);
    assert.deepEqual([row.state, row.error_code], ['failed', '21610']);
    await mia.hears_nothing_more();
    assert.equal(line.gateway.next_send, 1, 'not tried again, and no confirmation to who blocked us');
    await mia.texts('START');
    await mia.hears(/opted in/);
});

story('... and so it is in a delivery report', {}, async (line) => {
    const mia = line.phone(kMia);
    await mia.texts('HELP');
    const help = await mia.hears(/PERSON/);
    await line.gateway.report(help, 'undelivered', 21610);
    assert.equal((await conversation(line)).consent, 'opted_out');
    assert.equal((await row_of(line)).state, 'failed');
    await mia.hears_nothing_more();
});

story('a busy or failing gateway is asked again, and the text arrives once', {}, async (line) => {
    const mia = line.phone(kMia);
    line.gateway.program(kMia, 'busy', 'error503');
    await mia.texts('HELP');
    await mia.hears(/PERSON/, 60_000);
    await mia.hears_nothing_more();
    assert.equal(line.gateway.next_send, 3);
    const began = line.ledger.read().filter((one) => one.what === 'send.began').map((one) => one.t / 1000);
    const waits = began.slice(1).map((at, i) => at - began[i]);
    assert.ok(waits[0] >= 790, `a pause before the second try: ${waits}`);
    assert.ok(waits[1] > waits[0] * 2, `longer each time: ${waits}`);
});

story('Retry-After is kept', {}, async (line) => {
    const mia = line.phone(kMia);
    line.gateway.program(kMia, {retry_after: 4});
    await mia.texts('HELP');
    await mia.hears(/PERSON/, 20_000);
    const began = line.ledger.read().filter((one) => one.what === 'send.began').map((one) => one.t / 1e6);
    assert.ok(began[1] - began[0] >= 3.99, `waited ${began[1] - began[0]} s`);
});

story('a permanent no is final, and nobody else waits for it', {}, async (line) => {
    for (const code of [21211, 21614, 21606]) {
        line.gateway.program(kMia, {code});
        await line.phone(kMia).texts('HELP');
        const row = await eventually(async () => {
            const one = await row_of(line);
            return one.state === 'failed' && one;
        }, `the answer ${code} to be final`);
        assert.equal(row.error_code, String(code));
    }
    await line.phone('+15550111').texts('HELP');
    await line.phone('+15550111').hears(/PERSON/);
    await sleep(1_500);
    assert.equal(line.gateway.next_send, 4);
    assert.equal((await conversation(line)).consent, 'conversation');
});

story('an answer that got lost: the gateway is asked, has the text, and nobody hears it twice', {}, async (line) => {
    const mia = line.phone(kMia);
    line.gateway.program(kMia, 'lost');
    await mia.texts('HELP');
    await line.settled();
    assert.equal(mia.inbox().length, 1);
    assert.equal((await row_of(line)).state, 'sent');
    assert.equal(line.gateway.lists, 1);
    const report = await line.gateway.report(mia.inbox()[0], 'delivered');
    assert.equal(report.status, 200);
    assert.equal((await row_of(line)).state, 'delivered');
});

story('the same words said before are not taken for the lost ones', {}, async (line) => {
    const mia = line.phone(kMia);
    await mia.texts('HELP');
    await line.settled();
    line.gateway.program(kMia, 'reset');  // it never came there
    await mia.texts('HELP');
    await line.settled();
    assert.equal(mia.inbox().length, 2, 'the first, and the second once it was known to be missing');
    assert.equal(line.gateway.next_send, 3);
});

story('an answer that got lost, and nobody can be asked: sent again once, under the same id', {}, async (line) => {
    const mia = line.phone(kMia);
    line.gateway.deaf = true;
    line.gateway.program(kMia, 'lost', 'lost', 'lost');
    await mia.texts('HELP');
    await line.settled();
    const [first, ...again] = mia.inbox();
    assert.equal(again.length, 1);
    assert.deepEqual([again[0].callback, again[0].body], [first.callback, first.body]);
    assert.equal((await row_of(line)).state, 'unknown');
});

story('an opt-out confirmation whose fate is unknown is never sent twice', {}, async (line) => {
    const mia = line.phone(kMia);
    line.gateway.program(kMia, 'lost');
    await mia.texts('STOP');
    await line.settled();
    assert.equal(mia.inbox().length, 1);
});

story('words the gateway answers itself are not answered again', {who_answers_keywords: 'gateway'}, async (line) => {
    const mia = line.phone(kMia);
    await mia.texts('STOP', {OptOutType: 'STOP'});
    assert.equal((await conversation(line)).consent, 'opted_out');
    await mia.texts('START', {OptOutType: 'START'});
    assert.equal((await conversation(line)).consent, 'conversation');
    await mia.texts('HELP', {OptOutType: 'HELP'});
    await mia.hears_nothing_more();
    await mia.texts('i slipped');
    await line.settled();
    assert.ok(mia.inbox().length > 0, 'but everything else is');
});

story('OptOutType alone says that the gateway has acted', {who_answers_keywords: 'handrail'}, async (line) => {
    const mia = line.phone(kMia);
    await mia.texts('ya no quiero', {OptOutType: 'STOP'});
    const contact = await conversation(line);
    assert.equal(contact.consent, 'opted_out');
    await line.settled();
    assert.ok(mia.inbox().length <= 1, 'at most one confirmation');
    await mia.texts('are you there');
    await line.settled();
    assert.equal((await conversation(line)).consent, 'opted_out');
});
