// On call beyond a text: calls with keys, one-time links, e-mail through a real mail server, the lease that only words to
// the texter keep, and an auditor that is silent when something is wrong.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import http from 'node:http';
import {kLuis, kMaya} from '../support/node/line.mjs';
import {free_port} from '../support/node/ports.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kMia = '+15550110';
const kDanger = 'i want to kill myself tonight';
const kPage = /^P0 case (\d{4}), waiting/;
const rungs = [
    {after: '0s', page: ['Maya']},
    {after: '20s', page: ['Luis'], tell_texter: 'NOA.2'},
    {after: '40s', page: ['Maya', 'Luis'], tell_texter: 'NOA.3'},
];
const slow = {ladders: {p0: {repeat_every: '60s', rungs}, p1: {repeat_every: '60s', rungs}}};

const cases = async (line) => (await line.api('/escalations')).items;
const pages_of = (phone) => phone.inbox().filter((one) => kPage.test(one.body));
const call_to = (line, number) => eventually(() => line.gateway.calls.find((call) => call.to === number), `a call to ${number.slice(-2)}`);
const action_in = (twiml) => twiml.match(/action="([^"]+)"/)[1].replaceAll('&amp;', '&');

const called = {...slow, people: [{...kMaya, more: 'notify = [ { by = "voice" } ]'}, kLuis]};

story('a call says the case aloud, 3 repeats it, 1 takes it', called, async (line) => {
    await line.phone(kMia).texts(kDanger);
    const call = await call_to(line, kMaya.phone);
    assert.equal(call.detection, 'Enable');
    const said = await line.gateway.answer_call(call, {AnsweredBy: 'human'});
    assert.equal(said.status, 200);
    const [{code}] = await cases(line);
    assert.match(said.body, new RegExp(`<Gather numDigits="1".*Priority 0\\. Case ${[...code].join(' ')}\\..*Press 1`, 's'));
    assert.doesNotMatch(said.body, /kill|5550110/);
    const again = await line.gateway.answer_call(call, {Digits: '3', url: action_in(said.body)});
    assert.match(again.body, /Press 1/);
    const taken = await line.gateway.answer_call(call, {Digits: '1', url: action_in(again.body)});
    assert.match(taken.body, /is yours\. Please write to the texter.*<Hangup\/>/s);
    assert.equal((await line.gateway.end_call(call)).status, 200);
    const [row] = await cases(line);
    assert.deepEqual([row.state, row.acknowledged_by], ['acknowledged', 'Maya']);
    await line.hooks.event('escalation.acknowledged');
});

story('a machine, a call nobody answers, and 2 all go on to the next at once', called, async (line) => {
    const luis = line.phone(kLuis.phone);
    for (const [texter, answer] of [
        ['+15550111', (call) => line.gateway.answer_call(call, {AnsweredBy: 'machine_start'})],
        ['+15550112', (call) => line.gateway.end_call(call, 'no-answer')],
        ['+15550113', (call) => line.gateway.answer_call(call, {Digits: '2'})],
    ]) {
        const before = pages_of(luis).length;
        line.gateway.calls.length = 0;
        await line.phone(texter).texts(kDanger);
        await answer(await call_to(line, kMaya.phone));
        await eventually(() => pages_of(luis).length > before, 'the next person to be paged before the next step');
    }
});

story('the webhooks of a call are signed, or nothing happens', called, async (line) => {
    await line.phone(kMia).texts(kDanger);
    const call = await call_to(line, kMaya.phone);
    const url = new URL(call.url);
    for (const signature of [null, 'AAAA']) {
        const forged = await line.gateway.post(url.pathname + url.search, {Digits: '1'}, {signature});
        assert.equal(forged.status, 403);
    }
    assert.notEqual((await cases(line))[0].state, 'acknowledged');
});

story('a link in a page: looking takes nothing, its button takes the case once', {...slow, oncall: 'ack_links = true'}, async (line) => {
    const maya = line.phone(kMaya.phone);
    await line.phone(kMia).texts(kDanger);
    const page = await maya.hears(kPage);
    const [, path] = page.body.match(/https:\/\/sms\.example\.org(\/oncall\/\S+)/);
    const at = `http://127.0.0.1:${line.port}${path}`;
    for (let preview = 0; preview < 3; ++preview) {
        const seen = await fetch(at);
        assert.match(await seen.text(), /waits for you, Maya.*Take this case/s);
        assert.match(seen.headers.get('content-security-policy'), /default-src 'none'/);
    }
    assert.notEqual((await cases(line))[0].state, 'acknowledged', 'a preview takes nothing');
    const press = (url) => fetch(url, {method: 'POST', body: new URLSearchParams({do: 'take'})});
    assert.equal((await press(at.slice(0, -1) + (at.endsWith('A') ? 'B' : 'A'))).status, 404, 'a link that was not made here');
    assert.match(await (await press(at)).text(), /is yours/);
    assert.match(await (await press(at)).text(), /is with Maya/);
    assert.equal((await cases(line))[0].acknowledged_by, 'Maya');
});

/** Debian's aiosmtpd, printing what it takes. */
async function mail_server() {
    const port = await free_port();
    const server = spawn('/usr/bin/python3', ['-u', '-m', 'aiosmtpd', '-n', '-l', `127.0.0.1:${port}`, '-c',
        'aiosmtpd.handlers.Debugging', 'stdout'], {stdio: ['ignore', 'pipe', 'pipe']});
    const mail = {port, text: '', stop: () => server.kill()};
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => { mail.text += chunk; });
    return mail;
}

story('e-mail goes through a real mail server, without the words or number of the texter', {}, async (line) => {
    const mail = await mail_server();
    try {
        line.options.people = [{...kMaya, more: 'email = "maya@example.org"\nnotify = [ { by = "sms" }, { by = "email" } ]'}, kLuis];
        line.options.toml = `[oncall.email]\nserver = "smtp://127.0.0.1:${mail.port}"\nfrom = "line@example.org"`;
        line.configure();
        await line.terminate();
        await line.launch();
        await line.phone(kMia).texts(kDanger);
        await eventually(() => /END MESSAGE/.test(mail.text), 'the mail', 20_000);
        const [{code}] = await cases(line);
        assert.match(mail.text, new RegExp(`Subject: P0 case ${code}`));
        assert.match(mail.text, /To: <maya@example\.org>/);
        assert.match(mail.text, new RegExp(`Reply ACK ${code} to take it`));
        assert.doesNotMatch(mail.text, /kill|5550110/);
    } finally {
        mail.stop();
    }
});

const lease = {ladders: {
    p0: {repeat_every: '60s', lease: '3s', rungs}, p1: {repeat_every: '60s', lease: '3s', rungs}}};

story('taken and not a word: it is offered to others; REACHED keeps it', lease, async (line) => {
    const [maya, luis] = [kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    await line.phone(kMia).texts(kDanger);
    await maya.hears(kPage);
    await maya.texts('1');
    await maya.hears(/is yours.*REACHED/);
    await line.kill();
    await line.launch();
    await eventually(() => maya.inbox().some((one) => /no word has reached the texter/.test(one.body)), 'the lease to lapse');
    await luis.hears(/is taken by Maya|P0 case/);
    await eventually(() => pages_of(luis).length > 0, 'the next person to be paged');
    await line.hooks.event('escalation.lapsed');
    await luis.texts('1');
    await luis.texts('REACHED');
    await eventually(() => luis.inbox().some((one) => /good that you have reached them/.test(one.body)), 'to be kept');
    await sleep(4_000);
    const [row] = await cases(line);
    assert.deepEqual([row.state, row.acknowledged_by], ['acknowledged', 'Luis']);
});

story('CALL: the phone of whoever has the case rings, a key there rings the texter; neither sees the number of the other', {
    ladders: {p0: {repeat_every: '60s', lease: '8s', rungs}, p1: {repeat_every: '60s', lease: '8s', rungs}},
    toml: (line) => `[oncall.voice]\ngateway = "main"\nnumber = "${line.gateway.numbers[0]}"`,
}, async (line) => {
    const [maya, luis] = [kMaya.phone, kLuis.phone].map((number) => line.phone(number));
    await line.phone(kMia).texts(kDanger);
    await maya.hears(kPage);
    const [{code}] = await cases(line);
    await maya.texts(`ACK ${code}`);
    await maya.texts(`CALL ${code}`);
    const call = await call_to(line, kMaya.phone);
    await eventually(() => maya.inbox().some((one) => /your phone rings now/.test(one.body)), 'an answer');
    assert.equal(call.detection, 'Enable', 'a mailbox is not put through to a texter');
    const asked = await line.gateway.answer_call(call, {AnsweredBy: 'human'});
    assert.match(asked.body, new RegExp(`<Gather.*Case ${[...code].join(' ')}\\. Press 1 to be put through`, 's'));
    const dialled = await line.gateway.answer_call(call, {Digits: '1', url: action_in(asked.body)});
    const [, caller, action, status, to] = dialled.body.match(
        /<Dial callerId="([^"]+)" timeout="40" action="([^"]+)"><Number statusCallbackEvent="answered" statusCallback="([^"]+)">([^<]+)<\/Number><\/Dial>/);
    assert.deepEqual([caller, to], [line.gateway.numbers[0], kMia], 'the texter is called, and sees the number of the line');
    assert.equal(line.gateway.calls.filter((one) => one.to === kMia).length, 0, 'nobody else calls them');

    // They talk for longer than the lease: a word on the phone is a word to the texter.
    const url = new URL(status.replaceAll('&amp;', '&'));
    const talks = {CallSid: 'CA' + '1'.repeat(32), ParentCallSid: call.sid, CallStatus: 'in-progress', From: caller, To: to};
    assert.equal((await line.gateway.post(url.pathname + url.search, talks)).status, 200);
    await sleep(9_000);
    assert.deepEqual((await cases(line)).map((one) => [one.state, one.acknowledged_by]), [['acknowledged', 'Maya']]);
    const over = await line.gateway.answer_call(call, {DialCallStatus: 'completed', url: action.replaceAll('&amp;', '&')});
    assert.match(over.body, /The call has ended.*<Hangup\/>/s);
    assert.doesNotMatch(JSON.stringify([maya.inbox(), luis.inbox()]), /5550110/);
    assert.doesNotMatch(line.log(), /5550110|5550101/);

    await luis.texts(`CALL ${code}`);
    await eventually(() => luis.inbox().some((one) => /already with Maya/.test(one.body)), 'to be told who has it');
    assert.equal(line.gateway.calls.length, 1);
});

story('the heartbeat beats while paging is sound', {}, async (line) => {
    let beats = 0;
    const heart = http.createServer((request, response) => { ++beats; response.end(); });
    await new Promise((done) => heart.listen(0, '127.0.0.1', done));
    try {
        line.options.oncall = `heartbeat_url = "http://127.0.0.1:${heart.address().port}/ping"`;
        line.configure();
        await line.terminate();
        await line.launch();
        await eventually(() => beats > 0, 'a beat');
        assert.match(await line.metrics(), /handrail_paging_sound 1\n/);
    } finally {
        heart.close();
    }
});

story('from phone to phone: neither sees the other\'s number, the bot is silent, danger and STOP are still heard', {}, async (line) => {
    const [mia, maya] = [kMia, kMaya.phone].map((number) => line.phone(number));
    const hears = (phone, pattern) =>
        eventually(() => phone.inbox().find((one) => pattern.test(one.body)), `${phone.number.slice(-2)} to hear ${pattern}`);
    await mia.texts(kDanger);
    const [, code] = (await maya.hears(kPage)).body.match(kPage);
    await maya.texts('1');
    await maya.hears(/is yours/);
    await maya.texts('Hi, this is Maya. Are you safe right now?');
    await hears(mia, /Maya from our team/);
    await hears(mia, /^Hi, this is Maya\. Are you safe right now\?$/);
    await hears(maya, /^Sent\. What you text now goes to them/);
    const said = mia.inbox().length;
    await mia.texts('no. i am scared');
    await hears(maya, new RegExp(`^${code}: no\\. i am scared$`));
    await line.settled();
    assert.equal(mia.inbox().length, said, 'the bot is silent');
    await maya.texts(`${code}: I stay with you.`);
    await hears(mia, /^I stay with you\.$/);
    assert.ok(!mia.inbox().some((one) => one.body.includes(kMaya.phone)) && !maya.inbox().some((one) => one.body.includes(kMia)));
    await maya.texts('dnoe ' + code);
    await line.settled();
    assert.ok(!mia.inbox().some((one) => /dnoe/.test(one.body)), 'a command gone wrong is not said to the texter');
    await mia.texts('STOP');
    await hears(maya, /has OPTED OUT: call, do not text/);
    await maya.texts('are you there?');
    await hears(maya, /not sent, they have OPTED OUT/);
    assert.ok(!mia.inbox().some((one) => /are you there/.test(one.body)));
});

story('who has two cases says which; BACK gives one back to the bot', {}, async (line) => {
    const [mia, zoe, maya] = [kMia, '+15550111', kMaya.phone].map((number) => line.phone(number));
    const codes = [];
    for (const texter of [mia, zoe]) {
        await texter.texts(kDanger);
        const page = await eventually(() => pages_of(maya)[codes.length], 'the page');
        codes.push(page.body.match(kPage)[1]);
        await maya.texts(`ack ${codes.at(-1)}`);
    }
    const hears = (phone, pattern) =>
        eventually(() => phone.inbox().find((one) => pattern.test(one.body)), `${phone.number.slice(-2)} to hear ${pattern}`);
    await maya.texts('hello');
    await hears(maya, /^Which one\? You have/);
    await maya.texts(`${codes[1]} hello Zoe`);
    await hears(zoe, /^hello Zoe$/);
    assert.ok(!mia.inbox().some((one) => /hello/.test(one.body)));
    await maya.texts(`BACK ${codes[1]}`);
    await hears(zoe, /Maya has signed off/);
});
