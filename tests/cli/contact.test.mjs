// The right to be forgotten, and to be told what is kept (PRV.2: "We must keep any STOP and safety records for a time").
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import test from 'node:test';
import {SmallLine, until} from './small_line.mjs';

const kTexter = '+15550110';
const kStopped = '+15550111';

async function a_line(context) {
    const line = await new SmallLine().prepare();
    context.after(() => line.stop());
    await line.serve();
    return line;
}
const sent_to = (line, number) => line.sent.filter(({to}) => to === number);
const known = async (line, number) => JSON.parse((await line.run('contact', 'export', number)).out);

test('a texter is exported whole, erased, and somebody new when they write again', async (context) => {
    const line = await a_line(context);
    const sid = 'SM' + randomBytes(16).toString('hex');
    await line.text(kTexter, 'i slipped last night', {sid});
    await until(() => sent_to(line, kTexter).length === 2);
    const exported = await known(line, kTexter);
    assert.equal(exported.contact.number, kTexter);
    assert.ok(exported.messages.some(({direction, text}) => direction === 'in' && text === 'i slipped last night'));
    assert.equal(exported.messages.filter(({direction}) => direction === 'out').length, 2);
    assert.equal(exported.consent[0].to, 'conversation');

    assert.match((await line.run('contact', 'erase', kTexter)).err, /cannot be undone.*--yes/);
    let erased;
    await until(async () => {
        erased = await line.run('contact', 'erase', kTexter, '--yes');
        return !erased.err.includes('is being sent');
    });
    assert.deepEqual(erased, {code: 0, out: 'erased: texts, answers and timers; consent ledger and escalations are kept\n', err: ''});
    assert.match((await line.run('contact', 'export', kTexter)).err, /nobody has texted from this number/);

    await line.text(kTexter, 'i slipped last night', {sid});  // the gateway says it again: not answered again
    await line.text(kTexter, 'menu');
    await until(() => sent_to(line, kTexter).length > 2);
    const again = await known(line, kTexter);
    assert.notEqual(again.contact.id, exported.contact.id);
    assert.deepEqual(again.messages.filter(({direction}) => direction === 'in').map(({text}) => text), ['menu']);
});

test('an opt-out outlives the erasing, and nothing more is sent', async (context) => {
    const line = await a_line(context);
    await line.text(kStopped, 'i slipped last night');
    await line.text(kStopped, 'STOP');
    await until(() => sent_to(line, kStopped).some(({text}) => /opted out/.test(text)));
    await until(async () => (await line.run('contact', 'erase', kStopped, '--yes')).code === 0);
    const kept = await known(line, kStopped);
    assert.equal(kept.contact.consent, 'opted_out');
    assert.ok(kept.messages.length > 0 && kept.messages.every(({text}) => text === ''), 'no word is left');
    assert.equal(kept.consent.at(-1).wording, 'STOP');
});

test('nobody is forgotten while an escalation of theirs is open', async (context) => {
    const line = await a_line(context);
    await line.text(kTexter, 'i want to die');
    const refused = await line.run('contact', 'erase', kTexter, '--yes');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /an escalation is open/);
    assert.ok((await known(line, kTexter)).messages.some(({text}) => text === 'i want to die'));
});

for (const [number, why] of [['abc', 'no number'], ['+15550199999999999', 'too long'], ['+15550150', 'unknown']]) {
    test(`refused in one line: ${why}`, async (context) => {
        const line = await a_line(context);
        const {code, out, err} = await line.run('contact', 'erase', number, '--yes');
        assert.notEqual(code, 0);
        assert.equal(out, '');
        assert.match(err, /^[^\n]+\n$/);
        assert.ok(!err.includes(number), 'the number is not repeated');
    });
}
