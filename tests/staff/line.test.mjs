// The line itself, as staff see it: figures, flows with who stands where, who is on call, webhooks sent.
import assert from 'node:assert/strict';
import {eventually, story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

story('figures, flows, the test page and webhooks are those of what happened', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const ana = await signed_in(line, 'Ana', 'administrator');
    await line.phone('+15550110').texts('i slipped last night');
    await line.phone('+15550111').texts('hi');
    await line.phone('+15550111').texts('STOP');
    await line.phone('+15550112').texts('i want to die');
    await line.settled();

    const {rows, open_escalations} = await maya.sees('/numbers');
    const today = rows.at(-1);
    assert.equal(rows.length, 31);
    assert.deepEqual([today.received, today.opt_outs, today.opt_ins, today.escalations, open_escalations], [4, 1, 3, 1, 1]);
    assert.ok(today.sent >= 4 && today.first_reply_median_s >= 0 && today.by_staff === 0);
    assert.equal(rows.slice(0, -1).reduce((all, row) => all + row.received + row.sent, 0), 0);
    assert.deepEqual([today.flows_begun, today.flows_completed], [3, 0], 'slip, welcome, self_harm; STOP completes nothing');
    const csv = (await maya.get('/numbers.csv?by=week')).body.split('\r\n');
    assert.match(csv[0], /^from,received,sent/);
    assert.match(csv.at(-2), /^\d{4}-\d\d-\d\dT[\d:.]+Z,4,/);
    assert.equal((await maya.get('/numbers?from=2026-01-02&until=2026-01-01')).status, 400);

    const slip = (await maya.sees('/flows')).items.find((one) => one.id === 'slip');
    assert.equal(slip.here_now, 1);
    const graph = await maya.sees('/flows/slip');
    const ids = new Set(graph.steps.map((step) => step.id));
    assert.ok(graph.edges.length > 5 && graph.edges.every((edge) => ids.has(edge.from) && ids.has(edge.to)));
    assert.equal(graph.steps.reduce((all, step) => all + step.here_now, 0), 1);
    const far = (steps, id) => steps.filter((step) => step.id === id).map(({came, went_on}) => [came, went_on]);
    assert.deepEqual(far(graph.steps, 'S1'), [[1, 0]]);
    await line.phone('+15550110').texts('1');
    await line.settled();
    assert.deepEqual(far((await maya.sees('/flows/slip')).steps, 'S1'), [[1, 1]], 'answered, and gone on');
    assert.ok(graph.steps.find((step) => step.id === 'S1').texts[0].es.length > 10);

    const on_call = await maya.sees('/oncall');
    assert.deepEqual(on_call.people.map((one) => one.name), ['Maya', 'Luis']);
    assert.ok(on_call.people.every((one) => !/555/.test(one.number)) && on_call.ladders.length === 4);
    assert.equal((await maya.post('/oncall/test-page', {person: 'Luis'})).body.code, 'not_permitted');
    await maya.does('/oncall/test-page', {person: 'Maya'}, 202);
    assert.equal((await maya.post('/oncall/test-page', {person: 'Maya'})).body.code, 'throttled');
    await eventually(() => line.gateway.texts_to('+15550101').some((text) => /Test page/.test(text.body)), 'the test page');

    const {items: [hook]} = await ana.sees('/hooks');
    await ana.does(`/hooks/${hook.id}/test`, {}, 202);
    const sent = await eventually(async () =>
        (await ana.sees(`/hooks/${hook.id}/deliveries`)).items.find((one) => one.event === 'test' && one.state === 'sent'), 'the webhook');
    await ana.does(`/deliveries/${sent.id}/resend`, {}, 204);
    await eventually(async () => {
        const again = (await ana.sees(`/hooks/${hook.id}/deliveries`)).items.find((one) => one.id === sent.id);
        return again.state === 'sent' && again.updated_at > sent.updated_at;
    }, 'it once more');
});
