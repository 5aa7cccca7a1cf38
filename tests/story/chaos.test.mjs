// Whatever lies between us and the gateway does what networks do (I8, I11): nothing is lost, nothing is said twice,
// everything comes in order once it is over.
import assert from 'node:assert/strict';
import {describe} from 'node:test';
import {check} from '../support/node/checker.mjs';
import {each, number_of} from '../support/node/crowd.mjs';
import {sleep, story} from '../support/node/story.mjs';

const kTexters = 6;

function chaos(mode, lasts = 2_000) {
    story(`${mode}: all is said once, in order, when it is over`, {chaos: true, log_level: 'warning', timeout: 170_000},
        async (line) => {
            await line.door.misbehave(mode);
            await each(kTexters, kTexters, async (i) => {
                for (const body of ['HELP', 'i slipped', '1']) await line.phone(number_of(i)).texts(body);
            });
            await sleep(lasts);
            await line.door.misbehave('pass');
            await line.settled(120_000);
            const store = await line.snapshot();
            const {violations, counts} = check(line.ledger.read(), store);
            const accepted = new Map();
            for (const {callback} of line.gateway.taken) accepted.set(callback, (accepted.get(callback) ?? 0) + 1);
            const states = {};
            for (const row of store.outbox) states[row.state] = (states[row.state] ?? 0) + 1;
            console.log(mode, JSON.stringify({...counts, door: line.door.counts, lists: line.gateway.lists, states}));
            assert.deepEqual(violations, []);
            assert.deepEqual(Object.keys(states), ['sent'], 'an outage is no reason to give up');
            assert.equal(accepted.size, store.outbox.length, 'every text has arrived');
            assert.deepEqual([...accepted.values()].filter((times) => times !== 1), [], 'and none of them twice');
            assert.ok(line.door.counts[mode] > 0 || mode === 'refuse', 'it was put to the test');
        });
}

describe('chaos', {concurrency: 4}, () => {
    for (const mode of ['refuse', 'reset', 'busy', 'error500', 'slow', 'garbage', 'lost']) chaos(mode);
    chaos('blackhole', 500);
});
