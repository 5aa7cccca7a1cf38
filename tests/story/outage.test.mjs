// I8: the gateway is away for an hour, and 3,000 texts come meanwhile. Afterwards what is still worth saying leaves, in
// order and at the rate that is allowed; what has become stale is dropped, and listed.
//   HANDRAIL_ROUNDS=1 node --test tests/story/outage.test.mjs     in all the ways a gateway can be away
import assert from 'node:assert/strict';
import {check, idempotency_id} from '../support/node/checker.mjs';
import {each, number_of} from '../support/node/crowd.mjs';
import {kFakeTime} from '../support/node/places.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kTexters = 250;
const kSteps = 12;  // of five minutes
const kPerSecond = 20;
const kFresh = {reply: 10, crisis: 30, page: Infinity};  // minutes

/** The server's wall clock at a moment of the ledger, from when it was moved. */
function wall_clock(events, started) {
    const moves = events.filter((event) => event.what === 'clock.moved');
    return (t) => started + t / 1_000 + moves.filter((move) => move.t <= t).reduce((sum, move) => sum + move.seconds * 1_000, 0);
}

function hour_of(mode) {
    story(`an hour of ${mode}`, {clock: true, chaos: true, hook: false, log_level: 'error', messages_per_second: kPerSecond, timeout: 280_000},
        async (line) => {
            const started = Date.now() - Number(process.hrtime.bigint() / 1_000_000n);
            await line.door.misbehave(mode);
            const began = Date.now();
            for (let step = 0; step < kSteps; ++step) {
                await each(kTexters, 40, (i) => line.phone(number_of(i)).texts(['HELP', 'i slipped', 'menu'][step % 3]));
                if (step < kSteps - 1) line.pass(5 * 60);
                await sleep(300);
            }
            const outage = (Date.now() - began) / 1_000;
            const knocks = line.door.counts[mode] ?? 0;
            await line.door.misbehave('pass');
            // By a figure: to list thousands of texts again and again would be a load of its own.
            await eventually(async () => /^handrail_outbox_queued 0$/m.test(await line.metrics()), 'all to have left', 150_000);
            await line.settled();

            const events = line.ledger.read();
            const store = await line.snapshot();
            const {violations, counts} = check(events, store);
            const rows = new Map(store.outbox.map((row) => [String(row.id), row]));
            const at = wall_clock(events, started);
            const left = events.filter((event) => event.what === 'send.got');
            const oldest = {};
            for (const event of left) {
                const row = rows.get(idempotency_id(event.callback));
                oldest[row.kind] = Math.max(oldest[row.kind] ?? 0, (at(event.t) - Date.parse(row.at)) / 60_000);
            }
            const states = {};
            for (const row of store.outbox) states[row.state] = (states[row.state] ?? 0) + 1;
            const times = left.map((event) => event.t / 1e6);
            let most = 0;
            for (const from of times) most = Math.max(most, times.filter((t) => t >= from && t < from + 5).length);
            console.log(mode, JSON.stringify({...counts, outage_s: Math.round(outage), knocks, states, oldest_min: oldest,
                most_in_5_s: most}));
            assert.deepEqual(violations, []);
            assert.equal(counts.stored, kTexters * kSteps);
            assert.deepEqual(Object.keys(states).sort(), ['sent', 'stale'], 'sent, or dropped with a record');
            for (const [kind, minutes] of Object.entries(oldest)) assert.ok(minutes <= kFresh[kind] + 0.1, `a ${kind} is stale`);
            assert.equal(left.length, states.sent, 'nobody hears anything twice');
            assert.ok(states.sent >= kTexters * 2 && states.stale >= kTexters * 8, 'the last ten minutes, and the rest');
            assert.ok(most <= 5 * kPerSecond * 1.01 + kPerSecond / 10 + 1, `${most} in five seconds`);
            // Five failures, those under way when it opened, and then one probe in ten seconds. (Nobody counts where nobody
            // listens, and a black hole takes all that leave until the first has waited in vain.)
            if (mode === 'error500') assert.ok(knocks <= 5 + kPerSecond + outage / 10 + 2, `${knocks} knocks`);
        });
}

function one_regret() {
    story('who wrote into an outage hears one word of regret when it is over, and the question again',
        {clock: true, chaos: true, hook: false, log_level: 'error'}, async (line) => {
            const mia = line.phone(number_of(1));
            await line.door.misbehave('error500');
            await mia.texts('i slipped last night');
            const regrets = async () => (await line.all('/outbox')).filter((row) => row.text_id === 'LAT.1');
            for (let step = 0; step < 6; ++step) {  // long enough for a regret to go stale itself, if it is tried
                await sleep(500);
                line.pass(5 * 60);
            }
            await line.door.misbehave('pass');
            const over = setInterval(() => line.pass(30), 1_000);  // whatever waits for another try
            await mia.hears(/^Sorry for the delay/, 60_000).finally(() => clearInterval(over));
            await line.settled();
            assert.equal((await regrets()).filter((row) => row.state === 'sent').length, 1);
            const texts = mia.inbox().map((message) => message.body);
            assert.match(texts[1], /1 /, 'the question again');
            assert.equal(texts.filter((text) => /^Sorry for the delay/.test(text)).length, 1, texts.join(' | '));
        });
}

if (kFakeTime) one_regret();
if (!kFakeTime) console.log('skipped, the package faketime is missing');
else for (const mode of process.env.HANDRAIL_ROUNDS ? ['error500', 'refuse', 'blackhole'] : ['error500']) hour_of(mode);
