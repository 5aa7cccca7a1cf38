// I5: the texts of one contact are taken and answered in order; nobody waits for anybody else.
import assert from 'node:assert/strict';
import {check} from '../support/node/checker.mjs';
import {each, number_of, random_from} from '../support/node/crowd.mjs';
import {eventually, story} from '../support/node/story.mjs';

/** Our ids of what was handed over: they grow in the order the replies were made. */
const ids = (sends) => sends.map((one) => +new URL(one.callback).searchParams.get('id'));
const is_sorted = (numbers) => numbers.every((one, i) => i === 0 || numbers[i - 1] <= one);

story('100 contacts in parallel, each strictly in order, through slow and failing hand-overs', {log_level: 'warning'}, async (line) => {
    const random = random_from(5);
    line.gateway.default_delay = () => (random.chance(0.05) ? random.between(200, 600) : random.between(0, 20));
    for (let i = 0; i < 100; i += 10) line.gateway.program(number_of(i), 'error500', {delay: 300}, 'reset');
    await each(100, 100, async (contact) => {
        for (let n = 0; n < 8; ++n) {
            await line.phone(number_of(contact)).texts(n % 2 ? `message ${n} of ${contact}` : 'HELP');
        }
    });
    await line.settled(60_000);
    const result = check(line.ledger.read(), await line.snapshot());
    console.log(JSON.stringify(result.counts));
    assert.deepEqual(result.violations, []);
    assert.equal(result.counts.stored, 800);
});

story('a number whose gateway hangs blocks nobody else', {}, async (line) => {
    const stuck = line.phone('+15550110');
    line.gateway.program(stuck.number, 'hang');
    await stuck.texts('HELP');
    await each(40, 40, async (i) => {
        const other = line.phone(number_of(i));
        await other.texts('HELP');
        await other.hears(/PERSON for a human/, 5_000);
    });
    assert.equal(stuck.inbox().length, 0);
    await line.kill();  // or its drain would wait for the one that hangs
});

story('danger overtakes small talk of the same contact, and small talk stays in order', {}, async (line) => {
    const mia = line.phone('+15550110');
    line.gateway.program(mia.number, {delay: 700});
    await mia.texts('i slipped');
    await mia.texts('i want to kill myself tonight');
    await eventually(() => mia.inbox().some((one) => /call or text 988/.test(one.body)), 'the safety text');
    await line.settled();
    const [{messages}] = (await line.snapshot()).conversations;
    const crisis = messages.find((one) => one.kind === 'crisis');
    const sent = ids(mia.inbox());
    const replies = sent.filter((id) => messages.find((one) => one.direction === 'out' && one.id === id)?.kind === 'reply');
    assert.ok(sent.indexOf(crisis.id) <= 1, 'only what was already leaving went before it');
    assert.ok(is_sorted(replies));
});
