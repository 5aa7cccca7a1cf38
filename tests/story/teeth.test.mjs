// A test that passes with its guard off proves nothing: the promises, each told briefly against the product, which keeps
// it, and against a build with that one guard switched off (webhooks/faults.hpp), which must be caught.
// The missing sync has its own teeth in tests/faults: no kill can show it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {check, rules_of} from '../support/node/checker.mjs';
import {number_of} from '../support/node/crowd.mjs';
import {Line} from '../support/node/line.mjs';
import {kBinary} from '../support/node/places.mjs';
import {sleep} from '../support/node/story.mjs';

const kMia = '+15550110';
const rounds = (count, act) => async (line) => { for (let i = 0; i < count; ++i) await act(line, i); };

async function copies(line) {
    for (let i = 0; i < 3; ++i) await line.gateway.deliver({from: kMia, body: 'HELP', message_sid: 'SM1'});
}

/** Many texts at once, and the server killed the instant the first is answered. */
async function kill_at_the_answer(line, round) {
    const burst = Array.from({length: 150}, (_, i) => line.gateway.deliver({from: number_of(i), body: `text ${round}`}));
    await Promise.race(burst);
    await line.kill();
    await Promise.all(burst);
    await line.launch();
}

/** STOP while the connection for the answer before it is still being made. */
async function stop_at_the_door(line) {
    await line.door.shut(700);
    await line.gateway.deliver({from: kMia, body: 'HELP'});
    await sleep(200);
    await line.gateway.deliver({from: kMia, body: 'STOP'});
}

async function older_one_fails(line) {
    line.gateway.program(kMia, 'error500');
    for (let i = 0; i < 3; ++i) await line.gateway.deliver({from: kMia, body: 'HELP'});
}

async function forge(line) {
    const form = line.gateway.inbound_form({from: kMia, body: 'forged'});
    await line.gateway.post(line.gateway.webhook.sms, form, {signature: 'A'.repeat(28)});
}

const text = (body) => (line) => line.gateway.deliver({from: kMia, body});

async function by_the_ledger(line) {
    await line.settled();
    return rules_of(check(line.ledger.read(), await line.snapshot()));
}

const kPromises = [
    {guard: 'duplicates', rule: 'I2', act: copies},
    {guard: 'answer_at_commit', rule: 'I1', act: rounds(8, kill_at_the_answer)},
    {guard: 'opt_out_gate', rule: 'I3', act: stop_at_the_door, options: {door: true}},
    {guard: 'one_at_a_time', rule: 'I5', act: older_one_fails},
    {guard: 'signature', rule: 'I14', act: forge},
    {guard: 'engine_and_answer', rule: 'I13', act: text('boom')},
    {guard: 'words_out_of_logs', rule: 'I15', act: text('canaryzq'), judge: (line) => (/canaryzq/.test(line.log()) ? ['I15'] : [])},
];

async function rules_broken_by(binary, {act, judge = by_the_ledger, options = {}}) {
    const line = await Line.start({binary, log_level: 'info', ...options});
    try {
        await act(line);
        return await judge(line);
    } finally {
        await line.stop();
    }
}

const without = (guard) => path.join(path.dirname(kBinary), 'teeth', `without_${guard}`);

/** A kill has to fall between the answer and the commit: where chance decides, it is asked more than once. */
async function is_caught(promise) {
    for (let tries = 0; tries < 8; ++tries) {
        if ((await rules_broken_by(without(promise.guard), promise)).includes(promise.rule)) return true;
    }
    return false;
}

for (const promise of kPromises) {
    test(`${promise.rule}: kept by the product, broken without "${promise.guard}"`, {timeout: 120_000}, async () => {
        assert.ok(fs.existsSync(without(promise.guard)), 'the build without that guard');
        assert.deepEqual(await rules_broken_by(kBinary, promise), []);
        assert.ok(await is_caught(promise), 'it must be caught');
    });
}

test('when the engine itself fails, the texter gets safe words and a person is paged', {timeout: 60_000}, async () => {
    const line = await Line.start({binary: without('engine')});
    try {
        const mia = line.phone(kMia);
        await mia.texts('boom');
        await mia.hears(/call or text 988/);
        await line.phone('+15550101').hears(/P2 case/);
        await mia.texts('STOP');
        await mia.hears(/opted out/);
        assert.match(line.log(), /"event":"turn_failed"/);
    } finally {
        await line.stop();
    }
});
