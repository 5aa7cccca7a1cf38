// Calls that texters ask for: items of the queue with a time, paged when it comes, and never forgotten in silence.
import assert from 'node:assert/strict';
import {any_hour, now_of, until_monday} from '../support/node/any_hour.mjs';
import {kMaya} from '../support/node/line.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';
import {signed_in} from '../staff/browser.mjs';

const kMia = '+15550110';

const tasks = async (line) => (await line.api('/tasks')).items;
const pass_until = (line, at, more = 0) => line.pass(Math.ceil((Date.parse(at) - now_of(line)) / 1000) + more);

/** Through the menu to a call tomorrow at three. */
async function books_a_call(line) {
    const mia = line.phone(kMia);
    for (const [says, hears] of [['hi', /./], ['MENU', /./], ['4', /can call you about treatment/], ['4', /What day and time/],
        ['tomorrow 3pm', /What name/], ['Dee', /voicemail/], ['1', /Set\. We'll call Dee: tomorrow 3pm/]]) {
        const before = mia.inbox().length;
        await mia.texts(says);
        await eventually(() => mia.inbox().slice(before).some((one) => hears.test(one.body)), `an answer to ${says}`);
    }
    const [task] = await tasks(line);
    return task;
}
const heard = (phone, pattern) =>
    eventually(() => phone.inbox().find((one) => pattern.test(one.body)), `${phone.number.slice(-2)} to hear ${pattern}`, 20_000);
const kPage = /^P3 case (\d{4}), waiting/;

story('a call booked in a flow: in the queue at once, paged at P3 when its time comes, done with its case', any_hour, async (line) => {
    const [mia, maya] = [kMia, kMaya.phone].map((number) => line.phone(number));
    until_monday(line);
    const task = await books_a_call(line);
    assert.deepEqual([task.kind, task.state, task.words, task.paged_at], ['call_back', 'open', 'tomorrow 3pm', null]);
    const wall = new Intl.DateTimeFormat('en-US', {timeZone: 'America/New_York', weekday: 'short', hour: 'numeric', hour12: false});
    assert.match(wall.format(new Date(task.from)), /Tue.*15/);
    await sleep(600);
    assert.deepEqual(maya.inbox(), [], 'nobody is woken for tomorrow');

    pass_until(line, task.from, -14 * 60);
    const [, code] = (await heard(maya, kPage)).body.match(kPage);
    const [opened] = (await line.api('/escalations')).items;
    assert.deepEqual([opened.priority, opened.reason], ['P3', 'call_back']);
    assert.doesNotMatch(JSON.stringify(maya.inbox()), /Dee|5550110/, 'a page carries no words and no number');
    await maya.texts(`ACK ${code}`);
    await maya.texts(`DONE ${code} talked, comes in on friday`);
    await eventually(async () => (await tasks(line)).length === 0, 'the queue to be empty');
    const said = mia.inbox().length;
    pass_until(line, task.late_at, 60);
    await sleep(1_500);
    assert.equal(mia.inbox().length, said, 'a call that was made is not late');
});

story('nobody calls in time: the texter is told so, and the page is graver', any_hour, async (line) => {
    const [mia, maya] = [kMia, kMaya.phone].map((number) => line.phone(number));
    until_monday(line);
    const task = await books_a_call(line);
    await line.kill();
    pass_until(line, task.late_at, 30);
    await line.launch();
    await heard(mia, /said we'd call by now and we didn't/);
    await heard(maya, /^P2 case \d{4}/);
    assert.equal((await line.api('/escalations')).items[0].reason, 'call_late');
});

story('staff called and nobody answered: DONE and "no answer", or the dashboard, asks for a better time', any_hour, async (line) => {
    const [mia, maya] = [kMia, kMaya.phone].map((number) => line.phone(number));
    until_monday(line);
    const task = await books_a_call(line);
    pass_until(line, task.from, -14 * 60);
    const [, code] = (await heard(maya, kPage)).body.match(kPage);
    await maya.texts(`DONE ${code} no answer`);
    await heard(maya, /asked for a better time/);
    await heard(mia, /tried to reach you and missed you.*When's better/s);
    assert.deepEqual(await tasks(line), []);

    const luis = await signed_in(line, 'Luis', 'counsellor');
    const contact = task.contact;
    const ended = await luis.request('POST', `/conversations/${contact}/call-back`, {body: {what: 'done'}});
    assert.deepEqual([ended.status, ended.body.code], [409, 'no_call_back']);
    const past = await luis.request('POST', `/conversations/${contact}/call-back`, {body: {what: 'set', at: '2020-01-01T00:00:00Z'}});
    assert.equal(past.status, 400);
    const at = new Date(now_of(line) + 2 * 3_600_000).toISOString();
    const set = await luis.request('POST', `/conversations/${contact}/call-back`, {body: {what: 'set', at}});
    assert.deepEqual([set.status, set.body.state, set.body.from], [200, 'open', at]);
    const missed = await luis.request('POST', `/conversations/${contact}/call-back`, {body: {what: 'missed'}});
    assert.deepEqual([missed.status, missed.body.state], [200, 'missed']);
    await eventually(() => mia.inbox().filter((one) => /missed you/.test(one.body)).length === 2, 'to be asked again');
});

story('a missed visit is looked after the day after, at P3', any_hour, async (line) => {
    const maya = line.phone(kMaya.phone);
    until_monday(line);
    await line.phone(kMia).texts('hi');
    const luis = await signed_in(line, 'Luis', 'counsellor');
    const [{id}] = (await line.api('/conversations')).items;
    const missed = await luis.request('POST', `/conversations/${id}/visit`, {body: {what: 'missed'}});
    assert.equal(missed.status, 200);
    const [task] = await tasks(line);
    assert.deepEqual([task.kind, task.contact], ['missed_visit', id]);
    pass_until(line, task.from, 5);
    await heard(maya, kPage);
    assert.equal((await line.api('/escalations')).items[0].reason, 'missed_visit');
});

