// I2: gateways deliver a text again when they doubt; that never causes a second reply or a second step.
import assert from 'node:assert/strict';
import {check} from '../support/node/checker.mjs';
import {each, number_of, random_from} from '../support/node/crowd.mjs';
import {sleep, story} from '../support/node/story.mjs';

story('300 texts, each delivered up to five times, at once, later and after a restart', {log_level: 'warning'}, async (line) => {
    const random = random_from(2);
    const texts = Array.from({length: 300}, (_, i) => ({
        from: number_of(i % 100), body: `text ${i} ${'x'.repeat(i % 40)}`, message_sid: `SM${String(i).padStart(32, '0')}`,
        copies: 1 + random.below(5),
    }));
    const deliver = async (text) => assert.equal((await line.gateway.deliver(text)).status, 200);
    // Each contact's own texts come one after the other, as a phone sends them; the copies come at once.
    await each(100, 40, async (contact) => {
        for (const text of texts.filter((one) => one.from === number_of(contact))) {
            const now = 1 + Math.floor((text.copies - 1) / 2);
            await Promise.all(Array.from({length: now}, () => deliver(text)));
            text.left = text.copies - now;
        }
    });
    await line.settled();
    const before = await line.snapshot();
    await each(150, 40, async (i) => {
        for (; texts[i].left > 0; --texts[i].left) await deliver(texts[i]);
    });
    await line.kill();
    await line.launch();
    await each(texts.length, 40, async (i) => {
        for (; texts[i].left > 0; --texts[i].left) await deliver(texts[i]);
    });
    await sleep(300);
    await line.settled();
    const after = await line.snapshot();
    assert.deepEqual(after, before, 'a copy changes nothing at all');
    const {violations, counts} = check(line.ledger.read(), after);
    console.log(JSON.stringify(counts));
    assert.deepEqual(violations, []);
    assert.equal(counts.stored, 300);
    assert.ok(counts.deliveries > 600);
    const duplicates = (await line.metrics()).match(/handrail_inbound_total\{account="main",result="duplicate"\} (\d+)/);
    assert.ok(+duplicates[1] > 0);
});

story('a copy with other words, or from another number, is still a copy', {}, async (line) => {
    const mia = line.phone('+15550110');
    const first = await mia.texts('HELP');
    await mia.hears(/PERSON for a human/);
    await mia.texts('something else', {message_sid: first.sid});
    await line.phone('+15550111').texts('STOP', {message_sid: first.sid});
    await mia.hears_nothing_more();
    const {conversations} = await line.snapshot();
    assert.deepEqual(conversations.map((one) => one.number), ['+15550110']);
});
