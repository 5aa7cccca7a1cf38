// I4 and I7: kill -9 at any instant of a ladder loses no step, and pages nobody twice under two names; a clock that is put back
// or ahead leaves no step out.
import assert from 'node:assert/strict';
import {number_of, random_from} from '../support/node/crowd.mjs';
import {kLuis, kMaya} from '../support/node/line.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kDanger = 'i want to kill myself tonight';
const kPage = /^P\d case (\d{4,}), waiting/;
const people = [kMaya, kLuis, {name: 'Noor', phone: '+15550103'}];
const rungs = [
    {after: '0s', page: ['Maya']},
    {after: '3s', page: ['Luis']},
    {after: '6s', page: ['Noor']},
];
const ladders = Object.fromEntries(['p0', 'p1'].map((p) => [p, {repeat_every: '600s', rungs}]));

/** Pages as the gateway got them: who, which case, our id of the text. */
const pages = (line) => line.gateway.taken.filter((one) => kPage.test(one.body)).map((one) => ({
    to: one.to, code: one.body.match(kPage)[1], id: new URL(one.callback).searchParams.get('id')}));

story('thirty ladders through a dozen kills: each step of each pages, doubled only under the same id', {
    people, ladders, hook: false, log_level: 'warning', timeout: 280_000,
}, async (line) => {
    const kCases = 30, kKills = 12;
    const random = random_from(4);
    line.gateway.default_delay = () => (random.chance(0.3) ? random.between(10, 80) : 0);
    const open = (async () => {
        for (let i = 0; i < kCases; ++i) {
            await line.gateway.deliver_until_taken({from: number_of(i), body: kDanger}, {pause: 50});
            await sleep(random.between(0, 400));
        }
    })();
    for (let kill = 0; kill < kKills; ++kill) {
        await sleep(random.between(50, 900));
        await line.kill();
        await line.launch();
    }
    await open;
    const steps = () => new Set(pages(line).map((one) => `${one.code} ${one.to}`));
    await eventually(() => steps().size >= kCases * 3, 'every step of every ladder', 60_000);
    await sleep(1_000);
    assert.equal(steps().size, kCases * 3);
    const ids = new Map();
    for (const {code, to, id} of pages(line)) {
        const known = ids.get(`${code} ${to}`) ?? id;
        assert.equal(id, known, 'a second page of one step is the same text sent again');
        ids.set(`${code} ${to}`, known);
    }
    const doubled = pages(line).length - steps().size;
    console.log(JSON.stringify({kills: kKills, steps: steps().size, doubled}));
    assert.ok(doubled <= kKills * 4);
});

story('a clock put back by an hour under a running ladder: its steps keep their time', {people, ladders, clock: true}, async (line) => {
    const [luis, noor] = [kLuis.phone, '+15550103'].map((number) => line.phone(number));
    await line.phone('+15550110').texts(kDanger);
    line.pass(-3_600);
    await luis.hears(kPage, 8_000);
    const page = await noor.hears(kPage, 8_000);
    assert.match(page.body, /waiting 0 min/);
    assert.equal(pages(line).length, 3);
});

story('a clock put ahead by a day: each step in its turn, none left out, none twice', {people, ladders, clock: true}, async (line) => {
    const noor = line.phone('+15550103');
    await line.phone('+15550110').texts(kDanger);
    line.pass(86_400);
    await noor.hears(kPage, 8_000);
    assert.deepEqual(pages(line).map((one) => one.to), [kMaya.phone, kLuis.phone, '+15550103']);
});
