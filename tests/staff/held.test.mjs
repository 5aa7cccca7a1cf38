// A person takes a conversation, writes in it and gives it back: what the texter hears, and what can never leave.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {eventually, story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

const in_danger = async (line, number = '+15550110') => {
    const mia = line.phone(number);
    await mia.texts('i want to die');
    await mia.hears(/automated guide|988/);
    await line.settled();
    mia.heard = mia.inbox().length;
    return mia;
};

story('danger is in the queue in words, is taken, answered and handed back', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const watch = await maya.watches((await maya.sees('/queue')).event);
    const mia = await in_danger(line);
    const opened = await eventually(() => watch.of('escalation.opened')[0], 'the escalation on the stream');

    const {items: [first]} = await maya.sees('/queue');
    assert.equal(first.why, 'danger');
    assert.equal(first.contact.id, opened.data.contact);
    assert.equal(first.last_text, 'i want to die');
    assert.match(first.escalation.heard, /\w+ \w+/, 'what was heard, in words');
    assert.doesNotMatch(first.contact.number, /555/, 'masked');

    const id = first.contact.id;
    await maya.is_refused(`/conversations/${id}/reply`, {text: 'hello', version: first.version, key: randomUUID()}, 409, 'not_taken');
    const taken = await maya.does(`/conversations/${id}/take`, {});
    assert.deepEqual([taken.held_by, taken.escalation.state, taken.escalation.acknowledged_by, taken.may_reply.ok],
        ['Maya', 'acknowledged', 'Maya', true]);
    await mia.hears(/Maya from our team is here/);

    const sent = await maya.replies(id, 'I\u2019m {staff} \u2014 are you safe? <b>&amp;</b>');
    assert.deepEqual([sent.status, sent.body.kind, sent.body.said_by], [201, 'staff', 'staff/Maya']);
    await mia.hears(/^I'm Maya - are you safe\? <b>&amp;<\/b>$/);
    await mia.texts('yes');
    await mia.hears_nothing_more();

    await maya.does(`/conversations/${id}/resolve`, {reason: 'safe_now', note: 'Is with her sister.'});
    await mia.hears(/Maya has signed off/);
    assert.deepEqual((await maya.sees('/queue')).items, []);
    assert.deepEqual((await maya.sees(`/conversations/${id}/actions`)).items.map((one) => one.what).reverse(),
        ['took', 'replied', 'resolved']);
    assert.deepEqual((await maya.sees(`/conversations/${id}/notes`)).items.map((one) => [one.by, one.text]),
        [['Maya', 'Is with her sister.']]);
    await mia.texts('menu');
    await mia.hears(/1/);
    await watch.close();
    assert.deepEqual(watch.of('conversation.held').map((one) => one.data.held_by), ['Maya', null]);
});

story('two people cannot both answer', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const luis = await signed_in(line, 'Luis', 'supervisor');
    const mia = await in_danger(line);
    const {items: [{contact: {id}}]} = await maya.sees('/queue');
    await maya.does(`/conversations/${id}/take`, {});
    await mia.hears(/Maya from our team is here/);
    const seen = (await luis.sees(`/conversations/${id}`)).version;

    assert.equal((await luis.is_refused(`/conversations/${id}/take`, {}, 409, 'held_by_other')).held_by, 'Maya');
    await luis.is_refused(`/conversations/${id}/reply`, {text: 'hi', version: seen, key: randomUUID()}, 409, 'not_holder');
    assert.equal((await maya.replies(id, 'first')).status, 201);
    await mia.hears(/^first$/);
    // Her other window has not seen it yet.
    const stale = await maya.is_refused(`/conversations/${id}/reply`, {text: 'second', version: seen, key: randomUUID()}, 409, 'stale');
    assert.ok(stale.version > seen);
    // What the texter writes meanwhile makes nothing stale: it is answered all the sooner.
    const {version} = await maya.sees(`/conversations/${id}`);
    await mia.texts('still here');
    const key = randomUUID();
    for (const status of [201, 201]) {
        const sent = await maya.post(`/conversations/${id}/reply`, {text: 'third', version, key});
        assert.equal(sent.status, status);
    }
    await mia.hears(/^third$/);

    await luis.does(`/conversations/${id}/take`, {take_over: true});
    await maya.is_refused(`/conversations/${id}/reply`, {text: 'x', version: 99, key: randomUUID()}, 409, 'not_holder');
    await luis.does(`/conversations/${id}/transfer`, {to: 'Maya', note: 'She asks for you.'});
    assert.equal((await maya.sees(`/conversations/${id}`)).held_by, 'Maya');
    await mia.hears_nothing_more();
});

story('an opt-out while a reply is being written: it is refused in words, and never leaves', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const mia = await in_danger(line);
    const {items: [{contact: {id}}]} = await maya.sees('/queue');
    await maya.does(`/conversations/${id}/take`, {});
    await mia.hears(/Maya from our team is here/);
    const {version} = await maya.sees(`/conversations/${id}`);
    await mia.texts('STOP');
    await mia.hears(/opted out|988/);
    const problem = await maya.is_refused(`/conversations/${id}/reply`, {text: 'wait', version, key: randomUUID()}, 409, 'opted_out');
    assert.match(problem.detail, /START/);
    assert.deepEqual((await maya.sees(`/conversations/${id}`)).may_reply.code, 'opted_out');
    await mia.hears_nothing_more();
});

story('by night a person may answer, and begins only when they say so', {clock: true}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const mia = line.phone('+15550110');
    await mia.texts('hi');
    await line.settled();
    const {items: [{id}]} = await maya.sees('/conversations');
    const local = +(await maya.sees(`/conversations/${id}`)).contact.local_time.slice(0, 2);
    line.pass(((26 - local) % 24) * 3600 + 3600);  // about three at night, and long after the text
    const night = await signed_in(line, 'Luis', 'counsellor');
    await night.does(`/conversations/${id}/take`, {});
    const bar = (await night.sees(`/conversations/${id}`)).may_reply;
    assert.deepEqual([bar.ok, bar.code], [false, 'quiet_hours']);
    assert.ok(Date.parse(bar.until) > 0);
    assert.equal((await night.replies(id, 'How are you?')).body.code, 'quiet_hours');
    mia.heard = mia.inbox().length;
    assert.equal((await night.replies(id, 'How are you?', {in_quiet_hours: true})).status, 201);
    await mia.hears(/^How are you\?$/);
});

story('the server is killed in the middle: the hold, the reply and the stream go on', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const mia = await in_danger(line);
    const {items: [{contact: {id}}], event} = await maya.sees('/queue');
    const watch = await maya.watches(event);
    await maya.does(`/conversations/${id}/take`, {});
    await maya.replies(id, 'I am with you');
    await mia.hears(/Maya from our team/);
    await eventually(() => watch.of('conversation.held').length > 0, 'the first half');
    await line.kill();
    await watch.ended;
    await line.launch();
    const again = await maya.watches(watch.events.at(-1).id);
    assert.equal((await maya.sees(`/conversations/${id}`)).held_by, 'Maya', 'still signed in, still theirs');
    await mia.hears(/^I am with you$/);
    await maya.does(`/conversations/${id}/hand-back`, {to: ''});
    await eventually(() => again.of('conversation.held').length > 0, 'the second half');
    await again.close();
    const ids = [...watch.events, ...again.events].map((one) => one.id);
    assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
    assert.equal(new Set(ids).size, ids.length, 'none twice');
    for (let i = 1; i < ids.length; ++i) assert.equal(ids[i], ids[i - 1] + 1, 'none missed');
});

story('a visit that staff enter: reminded of only who agreed to it', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const mia = await in_danger(line);
    const {items: [{contact: {id}}]} = await maya.sees('/queue');
    const at = new Date(Date.now() + 72 * 3_600_000).toISOString();
    assert.deepEqual(await maya.does(`/conversations/${id}/visit`, {what: 'set', at}), {visit_at: at, text_at: null});
    assert.deepEqual(await maya.does(`/conversations/${id}/visit`, {what: 'cancelled'}), {visit_at: null, text_at: null});
    await maya.is_refused(`/conversations/${id}/visit`, {what: 'set', at: '2020-01-01T00:00:00Z'}, 400);
    await maya.is_refused(`/conversations/${id}/visit`, {what: 'moved'}, 400);
    await mia.hears_nothing_more();
});
