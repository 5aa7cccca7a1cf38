// The gateway is away for a while: everything that is still worth saying is said afterwards, in order; what is stale is
// dropped, with a record.
import assert from 'node:assert/strict';
import {check} from '../support/node/checker.mjs';
import {each, number_of} from '../support/node/crowd.mjs';
import {kFakeTime} from '../support/node/places.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

const states = async (line) => {
    const counts = {};
    for (const row of await line.all('/outbox')) counts[row.state] = (counts[row.state] ?? 0) + 1;
    return counts;
};

/** @param close  how the gateway goes away */
function outage(name, close, open) {
    story(`${name}: all is sent afterwards, in order`, {log_level: 'warning'}, async (line) => {
        await close(line);
        await each(25, 25, async (i) => {
            for (const body of ['HELP', 'i slipped', '1']) await line.phone(number_of(i)).texts(body);
        });
        await sleep(1_500);
        assert.equal(line.gateway.taken.length, 0);
        assert.equal((await states(line)).failed, undefined, 'an outage is no reason to give up');
        await open(line);
        await line.settled(90_000);
        const {violations, counts} = check(line.ledger.read(), await line.snapshot());
        console.log(JSON.stringify(counts));
        assert.deepEqual(violations, []);
        const now = await states(line);
        assert.deepEqual(Object.keys(now), ['sent'], JSON.stringify(now));
        assert.equal(counts.messages_handed_over, now.sent);
    });
}

outage('refuses connections', (line) => line.gateway.stop(), (line) => line.gateway.start(line.gateway.port));
outage('answers 503 to everything', (line) => { line.gateway.broken = 'error503'; }, (line) => { line.gateway.broken = null; });

story('a danger text goes first when the gateway comes back', {}, async (line) => {
    await line.gateway.stop();
    await each(20, 20, (i) => line.phone(number_of(i)).texts('HELP'));
    const mia = line.phone('+15550150');
    await mia.texts('i want to kill myself tonight');
    await line.gateway.start(line.gateway.port);
    await eventually(() => mia.inbox().length > 0, 'the safety text', 40_000);
    assert.match(mia.inbox()[0].body, /988/);
});

const clock = kFakeTime ? {clock: true} : {};
const stale = kFakeTime ? story : (name) => console.log(`skipped, the package faketime is missing: ${name}`);

stale('replies that have become stale are dropped with a record, pages never are', {...clock, hook: false}, async (line) => {
    await line.gateway.stop();
    const mia = line.phone('+15550110');
    await mia.texts('HELP');
    const ana = line.phone('+15550111');
    await ana.texts('i want to kill myself tonight');
    await sleep(300);
    line.pass(11 * 60);
    await eventually(async () => (await states(line)).stale === 1, 'the reply to be dropped', 40_000);
    line.pass(3 * 3600);
    await line.gateway.start(line.gateway.port);
    await line.phone('+15550101').hears(/P[01] case/, 40_000);
    await line.settled(60_000);
    // One word of regret at most; by night it waits for the morning.
    assert.ok(mia.inbox().length <= 1);
    for (const {body} of mia.inbox()) assert.match(body, /^Sorry for the delay/, 'a late answer is not sent');
    const row = (await line.all('/outbox')).find((one) => one.text_id === 'HLP.1');
    assert.equal(row.state, 'stale');
});
