// I11: the server dies at labelled points of a hand-over. What became of a text is then settled by policy and not by luck:
// a reply is looked for at the gateway and leaves once, a page at least once, an opt-out is confirmed at most once, and
// what nobody can know is on record as unknown.
//   HANDRAIL_ROUNDS=25 node --test tests/story/uncertain.test.mjs     for a release; 5 kills at each point otherwise
import assert from 'node:assert/strict';
import {check, idempotency_id} from '../support/node/checker.mjs';
import {number_of, random_from} from '../support/node/crowd.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kRounds = Number(process.env.HANDRAIL_ROUNDS ?? 5);
/** After which event at the gateway, and how many milliseconds later. */
const kPoints = {
    'the request has begun': ['send.began', 0],
    'the request is whole': ['send.got', 0],
    'the gateway has it, and its answer is on the way': ['send.taken', 0],
    'the answer has arrived': ['send.answered', 1],
    'a moment after': ['send.answered', 6],
    'some time after': ['send.answered', 25],
};
const kTexts = ['HELP', 'i slipped', 'i want to kill myself tonight', 'menu', 'STOP'];

/** Kills the server at the n-th such event, once. */
function kill_at(line, [what, later], n) {
    const write = line.ledger.write.bind(line.ledger);
    let seen = 0;
    return new Promise((done) => {
        line.ledger.write = (event, facts) => {
            write(event, facts);
            if (event !== what || ++seen !== n) return;
            line.ledger.write = write;
            const kill = () => {
                line.server.kill('SIGKILL');
                line.exited.then(() => {
                    line.ledger.write('server.killed', {launch: line.launches});
                    done();
                });
            };
            if (later === 0) kill();
            else setTimeout(kill, later);
        };
    });
}

for (const [name, point] of Object.entries(kPoints)) {
    story(`killed when ${name}`, {log_level: 'warning', timeout: 170_000 + kRounds * 10_000}, async (line) => {
        const random = random_from(11);
        line.gateway.default_delay = () => random.below(12);
        for (let round = 0; round < kRounds; ++round) {
            const killed = kill_at(line, point, 1 + random.below(4));
            const texts = kTexts.map((body, i) => ({from: number_of(round * kTexts.length + i), body}));
            await Promise.all(texts.map((text) => line.gateway.deliver(text)));
            await Promise.race([killed, sleep(20_000).then(() => { throw new Error('never got there'); })]);
            await line.launch();
            for (const text of texts) {  // what was not answered is delivered again
                const one = line.ledger.read().find((event) => event.what === 'inbound.answered' && event.from === text.from);
                if (one.status !== 200) await line.gateway.deliver_until_taken({...text, message_sid: one.sid});
            }
        }
        await line.settled(60_000);
        await eventually(async () => (await line.all('/outbox')).every((row) => row.state !== 'wired'), 'all to be settled');
        const store = await line.snapshot();
        const {violations, counts} = check(line.ledger.read(), store);
        const copies = new Map();
        for (const taken of line.gateway.taken) {
            const id = idempotency_id(taken.callback);
            copies.set(id, (copies.get(id) ?? 0) + 1);
        }
        const tally = {};
        for (const row of store.outbox) {
            const kind = (tally[row.kind] ??= {rows: 0, once: 0, more: 0, never: 0, unknown: 0});
            const times = copies.get(String(row.id)) ?? 0;
            kind.rows += 1;
            kind[times === 0 ? 'never' : times === 1 ? 'once' : 'more'] += 1;
            if (row.state === 'unknown') kind.unknown += 1;
        }
        console.log(name, JSON.stringify({...counts, lists: line.gateway.lists ?? 0, ...tally}));
        assert.deepEqual(violations, []);
        for (const kind of ['reply', 'crisis']) {
            assert.equal(tally[kind].more, 0, `a ${kind} twice`);
            assert.equal(tally[kind].never, 0, `a ${kind} never`);
        }
        assert.equal(tally.page.never, 0, 'a page that nobody got');
        assert.equal(tally.opt_out_confirm.more, 0, 'an opt-out confirmed twice');
        assert.equal(tally.opt_out_confirm.never, tally.opt_out_confirm.rows - tally.opt_out_confirm.once);
        const unsettled = store.outbox.filter((row) => row.state === 'unknown' && row.kind !== 'opt_out_confirm');
        assert.deepEqual(unsettled, [], 'the gateway could be asked');
        assert.equal(counts.kills, kRounds);
    });
}
