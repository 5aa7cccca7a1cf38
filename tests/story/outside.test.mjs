// Other on-call tools tell us back: whoever acknowledges or closes an alert there has the case here. Signatures are made by
// the official packages; what is not signed, told twice or done by no human has no effect.
import assert from 'node:assert/strict';
import {createHmac, randomBytes} from 'node:crypto';
import fs from 'node:fs';
import {kLuis, kMaya} from '../support/node/line.mjs';
import {Svix, Webhook} from '../support/node/official.mjs';
import {eventually, story} from '../support/node/story.mjs';

const kMia = '+15550110';
const kDanger = 'i want to kill myself tonight';
const kAnswers = 'whsec_' + randomBytes(24).toString('base64');
const kPagerDuty = randomBytes(32).toString('hex');
const hooks = (line) => {
    fs.writeFileSync(line.file('answers'), kAnswers, {mode: 0o600});
    fs.writeFileSync(line.file('pagerduty'), kPagerDuty, {mode: 0o600});
    fs.writeFileSync(line.file('routing'), 'R'.repeat(32), {mode: 0o600});
    return `[[hook]]
name = "pager"
url = "${line.hooks.url}"
secret = "file:${line.file('hook')}"
answer_secret = "file:${line.file('answers')}"
[[hook]]
name = "pd"
format = "pagerduty"
url = "http://127.0.0.1:9/nobody"
routing_key = "file:${line.file('routing')}"
answer_secret = "file:${line.file('pagerduty')}"
[[hook]]
name = "deaf"
url = "http://127.0.0.1:9/nobody"
secret = "file:${line.file('hook')}"
`;
};
const people = [{...kMaya, more: 'email = "maya@example.org"'}, kLuis];
const options = {people, toml: hooks};

const cases = async (line) => (await line.api('/escalations')).items;
async function post(line, hook, body, headers) {
    const answer = await fetch(`http://127.0.0.1:${line.port}/webhooks/oncall/${hook}`, {
        method: 'POST', body, headers: {'Content-Type': 'application/json', ...headers},
    });
    return {status: answer.status, body: await answer.json().catch(() => null)};
}
function signed(id, body, {by = Webhook, secret = kAnswers, at = new Date()} = {}) {
    return {'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new by(secret).sign(id, at, body)};
}
async function in_danger(line, texter = kMia) {
    await line.phone(texter).texts(kDanger);
    return eventually(async () => (await cases(line)).find((one) => one.state !== 'resolved'), 'a case');
}

story('an acknowledgement in another tool takes the case, once, and only when it is signed', options, async (line) => {
    const [maya, luis] = [kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    const open = await in_danger(line);
    const body = JSON.stringify({type: 'escalation.acknowledged', data: {escalation: open.id, email: 'Maya@Example.org'}});
    for (const [why, hook, headers, status] of [
        ['no signature', 'pager', {}, 403],
        ['another secret', 'pager', signed('msg_1', body, {secret: 'whsec_' + randomBytes(24).toString('base64')}), 403],
        ['another body', 'pager', signed('msg_1', body + ' '), 403],
        ['long ago', 'pager', signed('msg_1', body, {at: new Date(Date.now() - 600_000)}), 403],
        ['a hook that is not listened to', 'deaf', signed('msg_1', body), 404],
    ]) {
        assert.equal((await post(line, hook, body, headers)).status, status, why);
        assert.notEqual((await cases(line))[0].state, 'acknowledged', why);
    }
    const taken = await post(line, 'pager', body, signed('msg_1', body));
    assert.deepEqual([taken.status, taken.body], [200, {outcome: 'acknowledged', held_by: 'Maya'}]);
    assert.deepEqual([(await cases(line))[0].state, (await cases(line))[0].acknowledged_by], ['acknowledged', 'Maya']);
    await line.hooks.event('escalation.acknowledged');

    await maya.texts(`PASS ${open.code}`);
    await eventually(async () => (await cases(line))[0].state !== 'acknowledged', 'the case to go on');
    const replayed = await post(line, 'pager', body, signed('msg_1', body));
    assert.equal(replayed.body.outcome, 'repeated');
    assert.notEqual((await cases(line))[0].state, 'acknowledged', 'what was told once takes nothing a second time');
    await luis.texts(`ACK ${open.code}`);
    const late = await post(line, 'pager', body, signed('msg_2', body, {by: Svix}));
    assert.deepEqual(late.body, {outcome: 'late', held_by: 'Luis'});
});

story('closing it there is taking it here: only a human who says how it ended closes a case', options, async (line) => {
    const open = await in_danger(line);
    const body = JSON.stringify({type: 'escalation.resolved', data: {code: open.code, by: 'Robin'}});
    assert.equal((await post(line, 'pager', body, signed('msg_1', body))).body.held_by, 'Robin');
    assert.deepEqual([(await cases(line))[0].state, (await cases(line))[0].acknowledged_by], ['acknowledged', 'Robin']);
    const unknown = JSON.stringify({type: 'escalation.acknowledged', data: {escalation: 99}});
    assert.equal((await post(line, 'pager', unknown, signed('msg_2', unknown))).body.outcome, 'unknown');
    const nameless = JSON.stringify({type: 'escalation.acknowledged', data: {}});
    assert.equal((await post(line, 'pager', nameless, signed('msg_3', nameless))).status, 400);
    const other = JSON.stringify({type: 'coffee.ready', data: {}});
    assert.equal((await post(line, 'pager', other, signed('msg_4', other))).body.outcome, 'ignored');
});

/** As PagerDuty's V3 webhooks are: `event` with agent and incident. */
function incident(type, escalation, agent, id = randomBytes(8).toString('hex')) {
    return JSON.stringify({event: {id, event_type: `incident.${type}`, resource_type: 'incident', occurred_at: new Date().toISOString(),
        agent, client: null, data: {id: 'PT4KHLK', type: 'incident', number: 12, status: type, incident_key: `handrail-case-${escalation}`,
            title: 'P0 case', service: {id: 'PIJ90N7', type: 'service_reference', summary: 'Line'}, urgency: 'high'}}});
}
const kPerson = {id: 'PXPGF42', type: 'user_reference', summary: 'Luis Ortega', self: 'https://api.pagerduty.com/users/PXPGF42'};
const kMachine = {id: 'PIJ90N7', type: 'service_reference', summary: 'Line'};
const pagerduty = (body, secret = kPagerDuty) => ({'X-PagerDuty-Signature':
    `v1=${'0'.repeat(64)},v1=${createHmac('sha256', secret).update(body).digest('hex')}`});

story('PagerDuty: a user who acknowledges has it, and our own news come back as nothing', options, async (line) => {
    const open = await in_danger(line);
    const echo = incident('acknowledged', open.id, kMachine);
    assert.equal((await post(line, 'pd', echo, pagerduty(echo))).body.outcome, 'ignored');
    const triggered = incident('triggered', open.id, kPerson);
    assert.equal((await post(line, 'pd', triggered, pagerduty(triggered))).body.outcome, 'ignored');
    const body = incident('acknowledged', open.id, kPerson);
    assert.equal((await post(line, 'pd', body, pagerduty(body, 'another secret'))).status, 403);
    assert.equal((await post(line, 'pd', body, {})).status, 403);
    assert.notEqual((await cases(line))[0].state, 'acknowledged');
    assert.deepEqual((await post(line, 'pd', body, pagerduty(body))).body, {outcome: 'acknowledged', held_by: 'Luis'});
    assert.equal((await post(line, 'pd', body, pagerduty(body))).body.outcome, 'repeated');
    assert.equal((await cases(line))[0].acknowledged_by, 'Luis');
});

story('the report of a shift: who was paged by what, who took it and after how long; no number, no words', options, async (line) => {
    line.gateway.report_deliveries = true;
    const [maya, luis] = [kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    const open = await in_danger(line);
    await maya.hears(/^P0 case/);
    await maya.texts(`PASS ${open.code}`);
    await eventually(() => luis.inbox().some((one) => /^P0 case/.test(one.body)), 'Luis to be paged');
    await luis.texts(`ACK ${open.code}`);
    await luis.texts(`DONE ${open.code} her sister is with her`);
    await eventually(async () => (await cases(line))[0].state === 'resolved', 'the case to be closed');
    await line.settled();
    const report = await line.command('oncall', 'report', '--from', '2020-01-01T00:00', '--config', line.file('handrail.toml'));
    assert.equal(report.code, 0, report.stderr);
    assert.match(report.stdout, /1 case\(s\), 2 page\(s\): 2 known to have reached somebody, 0 failed/);
    assert.match(report.stdout, new RegExp(`P0 case ${open.code}, self_harm, opened .*, taken after \\d+ s, closed`));
    for (const line_of of [/Maya by sms: delivered/, /Maya passed it on/, /Luis by sms: delivered/, /Luis acknowledged/, /Luis closed it/])
        assert.match(report.stdout, line_of);
    assert.doesNotMatch(report.stdout, /\+?1?555\d|kill|sister/);
    const early = await line.command('oncall', 'report', '--from', '2020-01-01T00:00', '--to', '2020-01-02T00:00', '--config', line.file('handrail.toml'));
    assert.match(early.stdout, /0 case\(s\), 0 page\(s\)/);
    const wrong = await line.command('oncall', 'report', '--from', 'yesterday', '--config', line.file('handrail.toml'));
    assert.equal(wrong.code, 64);
});
