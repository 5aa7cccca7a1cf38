// Passkeys at the API, with a key in software: each thing a browser would never do is tried.
import assert from 'node:assert/strict';
import {story} from '../support/node/story.mjs';
import {Browser, held_back, kPassword, signed_in} from './browser.mjs';
import {SoftKey} from './soft_key.mjs';

const kHere = {rp: 'sms.example.org', origin: 'https://sms.example.org'};

async function with_key(line, name, ...roles) {
    const browser = await signed_in(line, name, ...roles);
    const key = new SoftKey(kHere);
    const kept = await browser.does('/me/passkeys', key.made(await browser.does('/me/passkeys/begin', {password: kPassword})), 201);
    return {browser, key, kept};
}
const challenge = async (line) => (await new Browser(line).does('/session/passkey/begin', {})).challenge;
const enter = (line, body) => new Browser(line).post('/session/passkey', body);
const refused = async (line, body, why) => {
    const answer = await enter(line, body);
    assert.deepEqual([answer.status, answer.body.code], [401, 'passkey_refused'], why);
};

story('a passkey stands for name, password and code; its owner removes it', {}, async (line) => {
    const {browser, key, kept} = await with_key(line, 'Maya', 'counsellor');
    assert.deepEqual([kept.name, kept.last_used_at], ['Blue key', null]);
    const body = key.answers(await challenge(line));
    const answer = await enter(line, body);
    assert.deepEqual([answer.status, answer.body.name], [200, 'Maya']);
    assert.match(answer.headers.get('set-cookie'), /^handrail_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
    await refused(line, body, 'the same answer once more');
    const [shown] = (await browser.sees('/me/passkeys')).items;
    assert.ok(shown.last_used_at);
    await browser.is_refused(`/me/passkeys/${shown.id}/remove`, {password: 'a guess'}, 401, 'wrong_sign_in');
    await browser.is_refused('/me/passkeys/999999/remove', {password: kPassword}, 404, 'not_found');
    await browser.does(`/me/passkeys/${shown.id}/remove`, {password: kPassword}, 204);
    assert.deepEqual((await browser.sees('/me/passkeys')).items, []);
    await refused(line, key.answers(await challenge(line)), 'removed');
    const ana = await signed_in(line, 'Ana', 'auditor');
    const audit = (await ana.sees('/audit')).items.map((one) => one.what);
    for (const what of ['passkey_made', 'signed_in_passkey', 'passkey_refused', 'passkey_removed']) assert.ok(audit.includes(what), what);
});

story('what a browser would never send is refused', {}, async (line) => {
    const {browser, key} = await with_key(line, 'Maya', 'counsellor');
    const luis = await signed_in(line, 'Luis', 'counsellor');
    // Making: proved by the password, in the session it was begun in, each key once.
    await browser.is_refused('/me/passkeys/begin', {password: 'a guess'}, 401, 'wrong_sign_in');
    const begun = await browser.does('/me/passkeys/begin', {password: kPassword});
    assert.deepEqual(begun.exclude, [key.id.toString('base64url')]);
    await luis.is_refused('/me/passkeys', new SoftKey(kHere).made(begun), 422, 'passkey_refused');
    await browser.is_refused('/me/passkeys', key.made(begun), 409, 'passkey_known');
    await browser.is_refused('/me/passkeys', new SoftKey(kHere).made(begun), 422, 'passkey_refused');
    await browser.is_refused('/me/passkeys', new SoftKey(kHere).made({...begun, challenge: await challenge(line)}), 422, 'passkey_refused');
    for (const elsewhere of [{...kHere, origin: 'https://evil.example'}, {...kHere, rp: 'evil.example'}]) {
        const other = await browser.does('/me/passkeys/begin', {password: kPassword});
        await browser.is_refused('/me/passkeys', new SoftKey(elsewhere).made(other), 422, 'passkey_refused');
    }
    // Signing in.
    await refused(line, key.answers(begun.challenge), 'a challenge for making one');
    await refused(line, key.answers('AAAA'), 'no challenge of ours');
    const body = key.answers(await challenge(line));
    await refused(line, {...body, user_handle: 'YWNjb3VudCA5OTk'}, 'as somebody else');
    await refused(line, {...body, signature: key.answers(await challenge(line)).signature}, 'signature of another answer');
    assert.equal((await enter(line, {...body, signature: '!'})).status, 400);
});

story('guessing is throttled; a copied key is told by its count', {}, async (line) => {
    const {key} = await with_key(line, 'Maya', 'counsellor');
    key.count = 5;
    assert.equal((await enter(line, key.answers(await challenge(line)))).status, 200);
    key.count = 5;
    await refused(line, key.answers(await challenge(line)), 'the copy');
    key.count = 6;
    assert.equal((await enter(line, key.answers(await challenge(line)))).status, 200, 'the key itself');
    const ana = await signed_in(line, 'Ana', 'auditor');
    const entry = (await ana.sees('/audit')).items.find((one) => one.what === 'passkey_refused');
    assert.deepEqual([entry.who, entry.detail], ['Maya', 'copied: its count went backwards']);
    assert.ok(await held_back(() => enter(line, key.answers('AAAA'))) >= 5, 'five are free');
    const held = await enter(line, key.answers(await challenge(line)));
    assert.deepEqual([held.status, held.body.code], [429, 'throttled']);
});

story('a disabled account is out; a new link takes the passkeys away', {}, async (line) => {
    const {key} = await with_key(line, 'Maya', 'counsellor');
    const boss = await signed_in(line, 'Ana', 'administrator');
    await boss.does('/staff/Maya', {disabled: true});
    await refused(line, key.answers(await challenge(line)), 'disabled');
    await boss.does('/staff/Maya', {disabled: false});
    assert.equal((await enter(line, key.answers(await challenge(line)))).status, 200);
    await boss.does('/staff/Maya/reset', {});
    await refused(line, key.answers(await challenge(line)), 'reset');
});

story('a challenge is too old after five minutes', {clock: true}, async (line) => {
    const {key} = await with_key(line, 'Maya', 'counsellor');
    const old = await challenge(line);
    line.pass(5 * 60);
    await refused(line, key.answers(old), 'old');
    assert.equal((await enter(line, key.answers(await challenge(line)))).status, 200);
});

story('an address in place of a name has no passkeys', {local: true}, async (line) => {
    const browser = await signed_in(line, 'Maya', 'counsellor');
    assert.equal((await browser.sees('/sign-in')).passkeys, false);
    await browser.is_refused('/session/passkey/begin', {}, 409, 'passkeys_unavailable');
    await browser.is_refused('/me/passkeys/begin', {password: kPassword}, 409, 'passkeys_unavailable');
});
