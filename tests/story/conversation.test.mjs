// A slip from the first text to the check-in, as a texter lives it and as the gateway sees it.
import assert from 'node:assert/strict';
import {eventually, story} from '../support/node/story.mjs';

const states = async (line) => (await line.all('/outbox')).map((row) => row.state);

story('somebody slipped, and is led to one safe next step', {}, async (line) => {
    const mia = line.phone('+15550110');
    const answer = await mia.texts('i slipped last night. been 4 months. feel sick about it');
    assert.match(answer.headers['content-type'], /xml/);
    assert.match(answer.body, /^(<\?xml[^>]*\?>)?\s*<Response\s*\/>|<Response><\/Response>$/, 'an empty TwiML: nothing said twice');
    const first = await mia.hears(/automated guide, with real people on call/);
    assert.equal(first.from, '+15550199');
    assert.match(first.callback, /^https:\/\/sms\.example\.org\/webhooks\/twilio\/main\/status\?id=\d+$/);
    assert.ok(+first.validity >= 60 && +first.validity <= 600, 'a stale reply is dropped by the carrier too');
    await mia.hears(/That took courage/);
    await mia.texts('1');
    await mia.hears(/How much was it/);
    await mia.texts('just once');
    await mia.hears(/often called a slip/);
    await mia.hears(/going on before it/);
    await mia.hears_nothing_more();

    const {conversations} = await line.snapshot();
    assert.equal(conversations.length, 1);
    const {flow, step} = conversations[0].at;
    assert.deepEqual([flow, step], ['slip', 'S3']);
    assert.equal(conversations[0].consent, 'conversation');
    assert.deepEqual(conversations[0].consent_ledger.map((one) => [one.to, one.source]), [['conversation', 'first_text']]);
    assert.deepEqual(conversations[0].messages.filter((one) => one.direction === 'in').map((one) => one.text),
        ['i slipped last night. been 4 months. feel sick about it', '1', 'just once']);
});

story('it speaks Spanish to who writes Spanish', {}, async (line) => {
    const ana = line.phone('+15550111');
    await ana.texts('recai anoche y me siento muy mal');
    await ana.hears(/guia automatica|guía automática/i);
});

story('delivery reports move a text forward, and never back', {}, async (line) => {
    const mia = line.phone('+15550110');
    await mia.texts('HELP');
    const help = await mia.hears(/PERSON for a human/);
    assert.deepEqual(await eventually(async () => {
        const now = await states(line);
        return now.includes('sent') && now;
    }, 'the text to be sent'), ['sent']);
    for (const [report, want] of [['sent', 'sent'], ['delivered', 'delivered'], ['sent', 'delivered'], ['failed', 'delivered']]) {
        assert.equal((await line.gateway.report(help, report)).status, 200);
        assert.deepEqual(await states(line), [want], `after the report "${report}"`);
    }
    await mia.texts('HELP');
    const lost = await mia.hears(/PERSON for a human/);
    await line.gateway.report(lost, 'undelivered', 30003);
    const [row] = await line.all('/outbox');
    assert.deepEqual([row.state, row.error_code], ['failed', '30003']);
});

story('STOP is kept, confirmed once, and only START brings the line back', {}, async (line) => {
    const mia = line.phone('+15550110');
    await mia.texts('hi');
    await line.settled();
    mia.heard = mia.inbox().length;
    await mia.texts('Stop.');
    await mia.hears(/opted out and will get no more texts/);
    await mia.texts('STOP');
    await mia.texts('yes');
    await mia.hears(/You're opted out, so I can't chat here/);
    await mia.texts('are you there');
    await mia.texts('yes');
    await mia.hears_nothing_more();
    await mia.texts('start');
    await mia.hears(/opted in/);
    const [{consent_ledger}] = (await line.snapshot()).conversations;
    assert.deepEqual(consent_ledger.map((one) => one.to), ['conversation', 'opted_out', 'conversation']);
    assert.equal(consent_ledger[1].wording, 'Stop.');
});

story('two texts in quick succession are answered as one thought', {gather: '600ms', crossed: '3s'}, async (line) => {
    const mia = line.phone('+15550110');
    await mia.texts('i slipped');
    await mia.texts('last night at a party');
    await mia.hears(/automated guide/);
    await mia.hears(/That took courage/);
    await mia.hears_nothing_more();
    const [{messages}] = (await line.snapshot()).conversations;
    assert.equal(messages.filter((one) => one.direction === 'in').length, 2, 'none is dropped');
});
