// Danger is heard, and a human is paged until a human answers: through restarts, failing gateways, the texter's own STOP
// and people who do not pick up. The texter is told honestly how it stands.
import assert from 'node:assert/strict';
import {kLuis, kMaya} from '../support/node/line.mjs';
import {kFakeTime} from '../support/node/places.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kMia = '+15550110';
const kDanger = 'i want to kill myself tonight';
const kPage = /^P0 case (\d{4}), waiting \d+ min\. (OPTED OUT: call, do not text\. )?Reply ACK \1 to take it\./;
const code_in = (message) => message.body.match(kPage)[1];
const rungs = [
    {after: '0s', page: ['Maya']},
    {after: '2s', page: ['Maya', 'Luis'], tell_texter: 'NOA.2'},
    {after: '4s', page: ['Maya', 'Luis'], tell_texter: 'NOA.3'},
];
const quick = {ladders: {p0: {repeat_every: '30s', rungs}, p1: {repeat_every: '30s', rungs}}};

const cases = async (line) => (await line.api('/escalations')).items;
const heard = (phone, pattern, ms) =>
    eventually(() => phone.inbox().find((one) => pattern.test(one.body)), `${phone.number.slice(-2)} to hear ${pattern}`, ms);
const pages_of = (phone) => phone.inbox().filter((one) => kPage.test(one.body));

story('danger: the texter hears where help is now, a person is paged, ACK takes the case, DONE closes it', {}, async (line) => {
    const [mia, maya, luis] = [kMia, kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    const taken = await mia.texts(kDanger);
    assert.equal(taken.status, 200);
    await heard(mia, /alerting a person now.*call or text 988.*call 911/s);
    const page = await maya.hears(kPage);
    const code = code_in(page);
    assert.doesNotMatch(page.body, /kill|5550110/, 'a page carries no words and no number');
    const opened = await line.hooks.event('escalation.opened');
    assert.deepEqual([opened.data.code, opened.data.priority, opened.data.state], [code, 'P0', 'open']);
    assert.doesNotMatch(JSON.stringify(line.hooks.got), /kill|5550110|\+1555/);
    assert.deepEqual(line.hooks.refused, [], 'each webhook is signed as the official package expects');

    await line.phone('+15550120').texts(`ACK ${code}`);
    assert.notEqual((await cases(line))[0].state, 'acknowledged', 'a stranger with the code takes nothing');
    await maya.texts(`ack ${code}`);
    await maya.hears(new RegExp(`^Case ${code} is yours`));
    await luis.hears(new RegExp(`^Case ${code} is taken by Maya`));
    await line.hooks.event('escalation.acknowledged');
    await luis.texts(`ACK ${code}`);
    await luis.hears(new RegExp(`^Case ${code} is already with Maya`));
    assert.equal((await cases(line))[0].acknowledged_by, 'Maya');

    await maya.texts(`DONE ${code}`);
    await maya.hears(new RegExp(`^Case ${code} is closed`));
    const [closed] = await cases(line);
    assert.deepEqual([closed.state, closed.resolved_by], ['resolved', 'Maya']);
    const log = line.ledger.read();
    const at = (what, match) => log.find((one) => one.what === what && match(one))?.t;
    const took = at('send.got', (one) => one.to === kMaya.phone) - at('inbound.answered', (one) => one.body === kDanger);
    console.log(JSON.stringify({ms_from_answer_to_page: took / 1000}));
    assert.match(await line.metrics(), /handrail_time_to_acknowledge_seconds_count\{priority="P0"\} 1\n/);
});

story('nobody answers: the next person, honest words, then everybody', {...quick}, async (line) => {
    const [mia, maya, luis] = [kMia, kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    await mia.texts(kDanger);
    await maya.hears(kPage);
    assert.equal(luis.inbox().length, 0, 'the second person is not woken at once');
    await luis.hears(kPage, 15_000);
    await heard(mia, /hasn't picked up yet.*call or text 988 now/s);
    await heard(mia, /I couldn't reach our team.*I'll keep trying/s, 15_000);
    await eventually(() => pages_of(maya).length >= 3, 'the first person to be paged again too');
    const codes = new Set([...pages_of(maya), ...pages_of(luis)].map(code_in));
    assert.equal(codes.size, 1);
    await luis.texts(`ACK ${[...codes][0]}`);
    await luis.hears(/is yours|P0 case/);
    const silence = pages_of(maya).length;
    await sleep(2_500);
    assert.equal(pages_of(maya).length, silence, 'and then it is quiet');
});

const later = kFakeTime ? story : (name) => console.log(`skipped, the package faketime is missing: ${name}`);

later('after the last rung it goes on, and never ends by itself', {...quick, clock: true, hook: false}, async (line) => {
    const [maya, luis] = [kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    await line.phone(kMia).texts(kDanger);
    await maya.hears(kPage);
    for (const rung of [1, 2]) {
        line.pass(2);
        await eventually(() => pages_of(maya).length > rung, 'the next rung');
    }
    for (let round = 1; round <= 4; ++round) {
        const before = pages_of(luis).length;
        line.pass(31);
        await eventually(() => pages_of(luis).length > before, `round ${round} after the ladder ran out`);
    }
    // A day without power, or a clock that jumps: the next page comes at once, none is skipped, none comes in a heap.
    const before = pages_of(luis).length;
    line.pass(24 * 3600);
    await eventually(() => pages_of(luis).length > before, 'the page after a day');
    await line.settled();
    assert.ok(pages_of(luis).length <= before + 2);
    assert.equal((await cases(line))[0].state, 'notified');
});

story('a kill right after the answer: the page goes out all the same, and the ladder climbs on', {...quick}, async (line) => {
    const [maya, luis] = [kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    line.gateway.broken = 'error503';
    await line.phone(kMia).texts(kDanger);
    await line.kill();
    line.gateway.broken = null;
    await line.launch();
    await maya.hears(kPage);
    await line.kill();
    await sleep(2_500);
    await line.launch();
    await luis.hears(kPage, 10_000);
    await line.kill();
    await line.launch();
    const code = code_in(pages_of(luis)[0]);
    await luis.texts(`ACK ${code}`);
    await luis.hears(/is yours|P0 case/);
    assert.equal((await cases(line)).length, 1, 'one person, one case');
});

story('STOP ends the texts, not the search for help', {...quick}, async (line) => {
    const [mia, maya, luis] = [kMia, kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    await mia.texts(kDanger);
    await maya.hears(kPage);
    await mia.texts('STOP');
    await heard(mia, /our texts have ended, as you asked.*988/s);
    mia.heard = mia.inbox().length;
    await eventually(() => luis.inbox().some((one) => /OPTED OUT: call, do not text/.test(one.body)), 'the page to say so', 15_000);
    await heard(maya, /OPTED OUT/, 15_000);
    assert.deepEqual(mia.inbox().slice(mia.heard), []);
    assert.equal((await cases(line))[0].call_do_not_text, true);
});

story('danger from somebody who has opted out still pages, marked "call, do not text"', {}, async (line) => {
    const [mia, maya] = [kMia, kMaya.phone].map((number) => line.phone(number));
    await mia.texts('STOP');
    await mia.hears(/opted out/);
    await mia.texts(kDanger);
    await mia.hears(/I've told a person on our team.*988.*You're still opted out/s);
    await heard(maya, /OPTED OUT: call, do not text/);
    await mia.texts(kDanger);
    await mia.texts('are you there');
    await mia.hears_nothing_more();
    assert.equal((await line.snapshot()).conversations.find((one) => one.number === kMia).consent, 'opted_out');
});

story('a page that fails is sent again, a webhook that fails too', {}, async (line) => {
    const maya = line.phone(kMaya.phone);
    line.gateway.program(maya.number, 'error500', 'reset');
    line.hooks.answer_with(500, 503);
    await line.phone(kMia).texts(kDanger);
    await maya.hears(kPage, 60_000);
    await line.hooks.event('escalation.opened', 60_000);
    const ids = line.ledger.read().filter((one) => one.what === 'hook.got' && one.type === 'escalation.opened').map((one) => one.id);
    assert.ok(ids.length >= 1 && new Set(ids).size === 1, 'the webhook-id stays the same over retries');
    assert.match(JSON.stringify(line.hooks.refused), /^\[\]$/);
});
