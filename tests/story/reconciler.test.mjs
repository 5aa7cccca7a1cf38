// The server was away, the gateway has given up: what it has on record is taken in all the same, once.
import assert from 'node:assert/strict';
import {number_of} from '../support/node/crowd.mjs';
import {eventually, story} from '../support/node/story.mjs';

const kMia = '+15550110';

story('a text whose webhook never came is answered, and its page goes out', {reconcile: '1s'}, async (line) => {
    const ago = (seconds) => new Date(Date.now() - seconds * 1_000).toUTCString();
    const text = (sid, body, seconds) => ({sid, from: kMia, to: '+15550199', body, created: ago(seconds)});
    line.gateway.missed = [
        text('SM00000000000000000000000000000001', 'hello?', 20 * 60),
        text('SM00000000000000000000000000000002', 'i want to kill myself tonight', 5 * 60),
        text('SM00000000000000000000000000000003', 'too fresh: its webhook may be on the way', 5),
        text('SM00000000000000000000000000000004', 'long ago', 3 * 3600),
    ];
    const mia = line.phone(kMia);
    await eventually(() => mia.inbox().some((one) => /988/.test(one.body)), 'the safety text', 20_000);
    await eventually(() => line.gateway.texts_to('+15550101').length > 0, 'the page', 20_000);
    await line.settled();
    const heard = async () => (await line.snapshot()).conversations.find((one) => one.number === kMia).messages
        .filter((one) => one.direction === 'in').map((one) => one.text);
    assert.deepEqual(await heard(), ['hello?', 'i want to kill myself tonight']);
    const said = mia.inbox().length;
    // The gateway thinks better of it and delivers one of them after all.
    const late = await line.gateway.deliver({from: kMia, body: 'hello?', message_sid: 'SM00000000000000000000000000000001'});
    assert.equal(late.status, 200);
    await new Promise((done) => setTimeout(done, 2_500));  // two more rounds
    await line.settled();
    assert.equal(mia.inbox().length, said, 'nothing is said twice');
    assert.deepEqual((await heard()).length, 2);
    assert.match(await line.metrics(), /handrail_inbound_total\{account="main",result="reconciled"\} 2/);
});

story('after a long time away all of a long list is taken in, each text once and in its order', {reconcile: '1s', log_level: 'warning'}, async (line) => {
    const kTexters = 20, kEach = 10;
    const long = 'and then it all went on and on. '.repeat(14);
    line.gateway.missed = Array.from({length: kTexters * kEach}, (_, i) => ({
        sid: `SM${String(i).padStart(32, '0')}`, from: number_of(i % kTexters), to: '+15550199', body: `${Math.floor(i / kTexters)} ${long}`,
        created: new Date(Date.now() - (50 * 60 - i) * 1_000).toUTCString(),
    }));
    assert.ok(JSON.stringify(line.gateway.missed).length > 100_000, 'more than an answer to a send may be');
    const all = new RegExp(`handrail_inbound_total\\{account="main",result="reconciled"\\} ${kTexters * kEach}\\b`);
    await eventually(async () => all.test(await line.metrics()), 'all of them', 60_000);
    const {conversations} = await line.snapshot();
    for (const {messages} of conversations)
        assert.deepEqual(messages.filter((one) => one.direction === 'in').map((one) => +one.text.split(' ')[0]), [...Array(kEach).keys()]);
    assert.equal(conversations.length, kTexters);
});
