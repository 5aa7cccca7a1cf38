// Standing in for somebody by click, taking that back, and giving a conversation to whoever is on call.
import assert from 'node:assert/strict';
import {kLuis, kMaya} from '../support/node/line.mjs';
import {eventually, story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

const kSchedule = `
[[oncall.schedule]]
name = "primary"
time_zone = "America/New_York"
hours = [ { on_call = "Luis" } ]
`;
const in_hours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();

story('a cover is taken back by whoever it names, or who plans', {toml: kSchedule}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const luis = await signed_in(line, 'Luis', 'counsellor');
    const ana = await signed_in(line, 'Ana', 'supervisor', 'auditor');
    const mine = await maya.does('/oncall/overrides', {schedule: 'primary', person: 'Maya', from: in_hours(-1), until: in_hours(8)}, 201);
    await maya.does('/oncall/overrides', {schedule: 'primary', person: 'Maya', from: in_hours(24), until: in_hours(32)}, 201);
    assert.deepEqual((await maya.sees('/oncall')).now, ['Maya']);
    const shown = (await luis.sees('/oncall')).overrides;
    assert.equal(shown.length, 2);
    await luis.is_refused('/oncall/overrides/remove', shown[0], 403, 'not_permitted');
    await maya.is_refused('/oncall/overrides/remove', {...mine, until: in_hours(9)}, 404, 'not_found');
    const watch = await luis.watches();
    await maya.does('/oncall/overrides/remove', shown[0], 204);
    assert.deepEqual((await maya.sees('/oncall')).now, ['Luis'], 'as if it had never been');
    await maya.is_refused('/oncall/overrides/remove', shown[0], 404, 'not_found');
    await ana.does('/oncall/overrides/remove', shown[1], 204);
    assert.deepEqual((await maya.sees('/oncall')).overrides, []);
    assert.deepEqual((await ana.sees('/audit')).items.slice(0, 2).map((one) => [one.who, one.what]),
        [['Ana', 'oncall_override_removed'], ['Maya', 'oncall_override_removed']]);
    await eventually(() => watch.of('oncall.changed').length >= 1, 'the change to be told');
    await watch.close();
});

story('a conversation goes to whoever a schedule puts on call', {toml: kSchedule, people: [kMaya, kLuis]}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    assert.deepEqual((await maya.sees('/me')).line.schedules, ['primary']);
    await line.phone('+15550110').texts('i want to talk to a person');
    await line.settled();
    const [{id}] = (await maya.sees('/conversations')).items;
    await maya.does(`/conversations/${id}/take`, {});
    await maya.is_refused(`/conversations/${id}/transfer`, {to: 'primary'}, 422, 'nobody_on_call');
    await signed_in(line, 'Luis', 'auditor');
    await maya.is_refused(`/conversations/${id}/transfer`, {to: 'primary'}, 422, 'nobody_on_call');
    assert.equal((await line.command('staff', 'add', 'Luis', '--role', 'counsellor', '--config', line.file('handrail.toml'))).code === 0, false);
    const ana = await signed_in(line, 'Ana', 'administrator');
    await ana.does('/staff/Luis', {roles: ['counsellor']});
    await maya.does(`/conversations/${id}/transfer`, {to: 'primary', note: 'she asks for a man'});
    assert.equal((await maya.sees(`/conversations/${id}`)).held_by, 'Luis');
    await eventually(() => line.phone(kLuis.phone).inbox().some((one) => /^Maya gave you a conversation/.test(one.body)), 'Luis to be told');
    await maya.is_refused(`/conversations/${id}/transfer`, {to: 'secondary'}, 409, 'not_holder');
    const [{detail}] = (await ana.sees('/audit')).items.filter((one) => one.what === 'transferred');
    assert.equal(detail, 'to Luis, on call for primary');
});
