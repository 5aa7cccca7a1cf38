// Signing in: links, passwords, the second factor, throttling, and what a session may not be used for.
import assert from 'node:assert/strict';
import {eventually, story} from '../support/node/story.mjs';
import {Browser, held_back, kPassword, signed_in} from './browser.mjs';
import {code_of} from './totp.mjs';

const enter = async (line, name, password, code) => {
    const browser = new Browser(line, name);
    const answer = await browser.post('/session', {name, password, ...(code && {code})});
    return {browser, ...answer};
};

story('a link sets the password once; the cookie is the page\'s alone', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    assert.match(maya.set_cookie, /^handrail_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
    const again = await new Browser(line).post('/welcome', {link: maya.link, password: kPassword});
    assert.deepEqual([again.status, again.body.code], [401, 'link_used']);
    const me = await maya.sees('/me');
    assert.deepEqual([me.name, me.roles, me.second_factor], ['Maya', ['counsellor'], false]);
    assert.ok(me.may.includes('act') && !me.may.includes('erase'));

    const wrong = await enter(line, 'Maya', 'not the password');
    const nobody = await enter(line, 'Nobody', 'not the password');
    assert.deepEqual([wrong.status, wrong.body], [401, nobody.body], 'a name tells nothing');
    const {browser} = await enter(line, 'Maya', kPassword);
    await browser.sees('/me');
    assert.equal((await browser.post('/session/end', {everywhere: true})).status, 204);
    assert.equal((await maya.get('/me')).status, 401, 'signed out everywhere');
    assert.ok(!line.log().includes(kPassword));
});

story('weak passwords are refused', {}, async (line) => {
    const made = await line.command('staff', 'add', 'Maya', '--role', 'counsellor', '--config', line.file('handrail.toml'));
    const link = made.stdout.match(/#welcome=(\S+)/)[1];
    for (const [password, status] of [['short', 400], ['aaaaaaaaaaaaaaa', 422], ['my name is maya!', 422]]) {
        assert.equal((await new Browser(line).post('/welcome', {link, password})).status, status, password);
    }
});

story('guessing is throttled, from that address for that name', {}, async (line) => {
    await signed_in(line, 'Maya', 'counsellor');
    for (let i = 0; i < 4; ++i) assert.equal((await enter(line, 'Maya', `guess ${i}`)).status, 401);
    assert.equal((await enter(line, 'Maya', kPassword)).status, 200, 'somebody who mistypes is let in');
    assert.ok(await held_back(() => enter(line, 'Maya', 'a guess')) >= 5, 'five are free');
    const held = await enter(line, 'Maya', kPassword);
    assert.equal(held.status, 429);
    assert.ok(+held.headers.get('retry-after') >= 1);
});

story('a second factor is asked for, and a code works once', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const {secret, uri} = await maya.does('/me/second-factor', {password: kPassword});
    assert.ok(uri.includes(secret) && uri.startsWith('otpauth://totp/'));
    assert.equal((await enter(line, 'Maya', kPassword)).status, 200, 'not before it is confirmed');
    await maya.is_refused('/me/second-factor/confirm', {code: '000000'}, 401, 'wrong_code');
    await maya.does('/me/second-factor/confirm', {code: code_of(secret)}, 204);
    assert.equal((await enter(line, 'Maya', kPassword)).body.code, 'code_needed');
    const code = code_of(secret, Date.now() + 30_000);  // the next one: taken for half a minute before and after its own
    assert.equal((await enter(line, 'Maya', kPassword, code)).status, 200);
    assert.equal((await enter(line, 'Maya', kPassword, code)).body.code, 'wrong_code', 'seen over a shoulder');
});

story('another site cannot act with the cookie', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    for (const headers of [{'X-Handrail': '0'}, {Origin: 'https://evil.example'}, {'Sec-Fetch-Site': 'cross-site'}, {Origin: 'null'}]) {
        const answer = await maya.post('/session/end', {}, {headers});
        assert.deepEqual([answer.status, answer.body.code], [403, 'from_elsewhere'], JSON.stringify(headers));
    }
    const form = await maya.request('POST', '/session/end', {body: {}, headers: {'Content-Type': 'text/plain'}});
    assert.equal(form.status, 415);
    const own = await maya.post('/session/end', {}, {headers: {Origin: `http://127.0.0.1:${line.port}`, 'Sec-Fetch-Site': 'same-origin'}});
    assert.equal(own.status, 204);
});

story('idle and absolute limits; a disabled account is out at once, its stream too', {clock: true}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    line.pass(100 * 60);
    await maya.sees('/me');
    line.pass(121 * 60);
    assert.equal((await maya.get('/me')).status, 401, 'idle for two hours');
    const {browser} = await enter(line, 'Maya', kPassword);
    for (let hour = 0; hour < 13; ++hour) {
        line.pass(3_600);
        await browser.sees('/me');
    }
    line.pass(3_600);
    assert.equal((await browser.get('/me')).status, 401, 'fourteen hours, however busy');

    const luis = (await enter(line, 'Maya', kPassword)).browser;
    const boss = await signed_in(line, 'Ana', 'administrator');
    const watch = await luis.watches();
    await boss.does('/staff/Maya', {disabled: true});
    await eventually(() => watch.over, 'the stream to end');
    assert.equal((await luis.get('/me')).status, 401);
    assert.equal((await enter(line, 'Maya', kPassword)).status, 401);
    await boss.is_refused('/staff/Ana', {roles: ['auditor']}, 409, 'last_administrator');
});
