// Calls by click: whoever has a case is put through to its texter, and says what became of calls that were asked for.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {any_hour, now_of, until_monday} from '../support/node/any_hour.mjs';
import {kMaya} from '../support/node/line.mjs';
import {eventually, story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

const kMia = '+15550110';
const kDanger = 'i want to kill myself';
const with_voice = {toml: (line) => `[oncall.voice]\ngateway = "main"\nnumber = "${line.gateway.numbers[0]}"`};

async function in_danger(line) {
    await line.phone(kMia).texts(kDanger);
    await line.settled();
    return (await line.api('/escalations')).items[0];
}
const ask = (key = randomUUID()) => ({key});

story('CALL by click: the steps are shown, neither number is, and it is kept', with_voice, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const luis = await signed_in(line, 'Luis', 'supervisor');
    const auditor = await signed_in(line, 'Ada', 'auditor');
    const {contact, code} = await in_danger(line);
    const call_of = async (one) => (await one.sees(`/conversations/${contact}`)).call;
    await maya.is_refused(`/conversations/${contact}/call`, ask(), 409, 'case_not_taken');
    assert.equal(await call_of(maya), null);
    await maya.does(`/conversations/${contact}/take`, {});
    await luis.is_refused(`/conversations/${contact}/call`, ask(), 409, 'case_of_other');

    const key = randomUUID();
    const asked = await maya.does(`/conversations/${contact}/call`, {key});
    assert.deepEqual([asked.call.by, asked.call.state], ['Maya', 'asked']);
    const call = await eventually(() => line.gateway.calls.find((one) => one.to === kMaya.phone), 'the phone to ring');
    await maya.does(`/conversations/${contact}/call`, {key});  // a second click of the same
    const rings = await line.gateway.answer_call(call, {AnsweredBy: 'human'});
    const next = rings.body.match(/action="([^"]+)"/)[1].replaceAll('&amp;', '&');
    const put = await line.gateway.answer_call(call, {Digits: '1', url: next});
    const [, action, status, to] = put.body.match(/<Dial [^>]*action="([^"]+)"><Number [^>]*statusCallback="([^"]+)">([^<]+)</);
    assert.equal(to, kMia);
    assert.equal((await call_of(luis)).state, 'placed');
    const url = new URL(status.replaceAll('&amp;', '&'));
    await line.gateway.post(url.pathname + url.search, {CallSid: 'CA' + '1'.repeat(32), ParentCallSid: call.sid, CallStatus: 'in-progress', From: call.from, To: to});
    assert.equal((await call_of(luis)).state, 'answered');
    await line.gateway.answer_call(call, {DialCallStatus: 'completed', url: action.replaceAll('&amp;', '&')});
    assert.equal((await call_of(luis)).state, 'ended');
    assert.equal(line.gateway.calls.length, 1);

    const entries = (await auditor.sees('/audit')).items.filter((one) => one.what === 'called');
    assert.deepEqual(entries.map((one) => [one.who, one.contact, one.detail]), [['Maya', contact, `case ${code}`]]);
    assert.doesNotMatch(JSON.stringify(await maya.sees(`/conversations/${contact}`)), /5550110|5550101/);
    assert.doesNotMatch(line.log(), /5550110|5550101/);
});

story('whoever was given the conversation may call; an opt-out is no bar', with_voice, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const luis = await signed_in(line, 'Luis', 'supervisor');
    const ana = await signed_in(line, 'Una', 'supervisor');
    const {contact} = await in_danger(line);
    await maya.does(`/conversations/${contact}/take`, {});
    await maya.does(`/conversations/${contact}/transfer`, {to: 'Luis'});
    await line.phone(kMia).texts('STOP');
    await line.settled();
    assert.equal((await luis.does(`/conversations/${contact}/call`, ask())).call.by, 'Luis');
    await luis.does(`/conversations/${contact}/transfer`, {to: 'Una'});
    await ana.is_refused(`/conversations/${contact}/call`, ask(), 409, 'no_phone');
    await ana.does(`/conversations/${contact}/resolve`, {reason: 'safe_now'});
    await maya.is_refused(`/conversations/${contact}/call`, ask(), 409, 'no_open_case');
    await maya.is_refused('/conversations/999999/call', ask(), 404, 'not_found');
});

const without_voice = {toml: '[oncall.voice]\ngateway = "main"\nnumber = "+15550150"'};  // not a number of that account

story('a line without calls says so', without_voice, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const {contact} = await in_danger(line);
    await maya.does(`/conversations/${contact}/take`, {});
    await maya.is_refused(`/conversations/${contact}/call`, ask(), 409, 'cannot_call');
    assert.equal((await maya.sees(`/conversations/${contact}`)).call, null);
});

/** The only texter there is, as `one` of staff sees them. */
async function says_hi(line, one) {
    const mia = line.phone(kMia);
    await mia.texts('hi');
    await line.settled();
    const [{id: contact, number}] = (await one.sees('/conversations')).items;
    return {mia, contact, number};
}
const case_of = async (one) => (await one.sees('/escalations')).items[0];
const in_an_hour = (line) => new Date(now_of(line) + 3_600_000).toISOString();

story('a call that was asked for: not reached by click, the texter is asked for a better time, the case is closed', any_hour, async (line) => {
    until_monday(line);
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const luis = await signed_in(line, 'Luis', 'counsellor');
    const {mia, contact, number} = await says_hi(line, maya);
    const at = in_an_hour(line);
    await maya.does(`/conversations/${contact}/call-back`, {what: 'set', at});
    const [task] = (await luis.sees('/tasks')).items;
    assert.deepEqual([task.contact, task.from, task.number, task.held_by, task.answers], [contact, at, number, null, {name: '', voicemail: ''}]);

    await maya.does(`/conversations/${contact}/take`, {});
    assert.equal((await luis.sees('/tasks')).items[0].held_by, 'Maya');
    await luis.is_refused(`/conversations/${contact}/tasks/${task.id}/end`, {outcome: 'reached'}, 409, 'not_holder');
    await maya.does(`/conversations/${contact}/hand-back`, {});
    line.pass(3_600);
    await eventually(async () => (await luis.sees('/escalations')).items.some((one) => one.reason === 'call_back'), 'it to be due');
    line.pass(660);  // nor is it made graver by anything but the call's being late
    await eventually(async () => (await luis.sees('/escalations')).items[0].priority === 'P2', 'it to be late');
    assert.equal((await luis.post(`/conversations/${contact}/tasks/${task.id}/end`, {outcome: 'voicemail'})).status, 400);
    assert.equal((await luis.does(`/conversations/${contact}/tasks/${task.id}/end`, {outcome: 'no_answer'})).state, 'missed');
    await luis.is_refused(`/conversations/${contact}/tasks/${task.id}/end`, {outcome: 'reached'}, 409, 'task_ended');
    await luis.is_refused(`/conversations/${contact}/tasks/999999/end`, {outcome: 'reached'}, 404, 'not_found');
    assert.deepEqual((await luis.sees('/tasks')).items, []);
    const [closed] = (await luis.sees('/escalations')).items;
    assert.deepEqual([closed.state, closed.resolved_by], ['resolved', 'Luis']);
    const acts = (await luis.sees(`/conversations/${contact}/actions`)).items;
    assert.deepEqual(acts.filter((one) => one.what === 'task_ended').map((one) => [one.by, one.detail]), [['Luis', 'call_back: no_answer']]);
});

story('danger that came to a case meanwhile is not closed with the call that it was opened for', any_hour, async (line) => {
    until_monday(line);
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const {mia, contact} = await says_hi(line, maya);
    const at = in_an_hour(line);
    await maya.does(`/conversations/${contact}/call-back`, {what: 'set', at});
    line.pass(3_600);
    await eventually(async () => (await case_of(maya))?.reason === 'call_back', 'it to be due');
    await mia.texts(kDanger);
    await eventually(async () => (await case_of(maya)).priority !== 'P3', 'it to be raised');
    const [task] = (await maya.sees('/tasks')).items;
    assert.equal((await maya.does(`/conversations/${contact}/tasks/${task.id}/end`, {outcome: 'reached'})).state, 'done');
    assert.notEqual((await case_of(maya)).state, 'resolved');
});

const ends = (one, task, outcome) => one.does(`/conversations/${task.contact}/tasks/${task.id}/end`, {outcome});

story('who asks for a person while a call is late is not closed with the call', any_hour, async (line) => {
    until_monday(line);
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const {mia, contact} = await says_hi(line, maya);
    await maya.does(`/conversations/${contact}/call-back`, {what: 'set', at: in_an_hour(line)});
    line.pass(3_600);
    await eventually(async () => (await case_of(maya))?.reason === 'call_back', 'it to be due');
    line.pass(660);
    await eventually(async () => (await case_of(maya)).priority === 'P2', 'it to be late');
    await mia.texts('PERSON');
    const {id, code} = await case_of(maya);
    const asked = async () => (await maya.sees(`/escalations/${id}/history`)).items.some((one) => one.what === 'note' && /asks for a person/.test(one.detail));
    await eventually(asked, 'the wish to be in the case');
    const [task] = (await maya.sees('/tasks')).items;
    assert.equal((await ends(maya, task, 'no_answer')).state, 'missed');
    const open = await case_of(maya);
    assert.deepEqual([open.code, open.priority, open.resolved_by], [code, 'P2', '']);
    assert.notEqual(open.state, 'resolved');
    await maya.does(`/conversations/${contact}/resolve`, {reason: 'called'});
    assert.equal((await case_of(maya)).state, 'resolved');
});

story('a call that falls due in the case of a missed visit is still to be made when the visit is done with', any_hour, async (line) => {
    until_monday(line);
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const {contact} = await says_hi(line, maya);
    await maya.does(`/conversations/${contact}/visit`, {what: 'missed'});
    line.pass(86_405);
    const luis = await signed_in(line, 'Luis', 'counsellor');  // the day before, everybody's session has ended
    await eventually(async () => (await case_of(luis))?.reason === 'missed_visit', 'the visit to be looked after');
    await luis.does(`/conversations/${contact}/call-back`, {what: 'set', at: in_an_hour(line)});
    line.pass(3_600);
    const task_of = async (kind) => (await luis.sees('/tasks')).items.find((one) => one.kind === kind);
    await eventually(async () => (await task_of('call_back')).paged_at, 'the call to be due');

    assert.equal((await ends(luis, await task_of('missed_visit'), 'reached')).state, 'done');
    assert.notEqual((await case_of(luis)).state, 'resolved');
    const call = await task_of('call_back');
    assert.equal(call?.state, 'open', 'promised still');
    assert.equal((await ends(luis, call, 'not_needed')).state, 'cancelled');
    assert.equal((await case_of(luis)).state, 'resolved', 'nothing else had come to it');
});

story('a visit to look after tomorrow outlives the case of a call', any_hour, async (line) => {
    until_monday(line);
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const {contact} = await says_hi(line, maya);
    await maya.does(`/conversations/${contact}/visit`, {what: 'missed'});
    await maya.does(`/conversations/${contact}/call-back`, {what: 'set', at: in_an_hour(line)});
    line.pass(3_600);
    await eventually(async () => (await case_of(maya))?.reason === 'call_back', 'the call to be due');
    const call = (await maya.sees('/tasks')).items.find((one) => one.kind === 'call_back');
    await ends(maya, call, 'reached');
    assert.equal((await case_of(maya)).state, 'resolved');
    assert.deepEqual((await maya.sees('/tasks')).items.map((one) => one.kind), ['missed_visit']);
});
