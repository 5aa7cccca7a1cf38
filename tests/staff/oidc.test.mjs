// Signing in by an identity provider: the certified oidc-provider on one side, the real binary on the other.
import assert from 'node:assert/strict';
import test from 'node:test';
import {IdentityProvider, kClient, Wanderer} from '../support/node/identity_provider.mjs';
import {Line} from '../support/node/line.mjs';
import {free_port} from '../support/node/ports.mjs';
import {Browser, kPassword, signed_in} from './browser.mjs';
import {code_of} from './totp.mjs';

const kPeople = {
    maya: {email: 'Maya@Example.org', email_verified: true},
    luis: {email: 'luis@example.org', email_verified: false},
    eve: {email: 'eve@example.org', email_verified: true},
};

/** A line with its provider. */
function with_provider(name, body, more = '') {
    test(name, {timeout: 120_000}, async () => {
        const port = await free_port();
        let provider;
        const line = await Line.start({local: true, env: {OIDC_SECRET: kClient.secret}, toml: `
[staff.oidc]
name = "Riverside login"
issuer = "http://127.0.0.1:${port}"
client_id = "${kClient.id}"
client_secret = "env:OIDC_SECRET"
${more}`});
        let sound = false;
        try {
            const start = async () => {
                provider = await IdentityProvider.start({port, people: kPeople, redirect_uri: `${line.public_base}/api/v1/session/oidc/callback`});
                return provider;
            };
            await body(line, start);
            assert.deepEqual(provider.faults, []);
            sound = true;
        } finally {
            if (!sound) console.error(`kept: ${line.directory}\n${line.log().slice(-3_000)}`);
            await provider?.stop();
            await line.stop({keep: !sound});
        }
    });
}
const start_of = (line) => `${line.public_base}/api/v1/session/oidc`;
const is_page = (line) => (url) => url.startsWith(`${line.public_base}/dashboard/`);
const is_callback = (line) => (url) => url.startsWith(`${start_of(line)}/callback`);
async function comes(line, login, wanderer = new Wanderer()) {
    const page = await wanderer.follows(start_of(line), is_page(line), login);
    return {fragment: new URL(page).hash, wanderer};
}
function who(line, wanderer) {
    const browser = new Browser(line);
    browser.cookie = [...wanderer.cookies.get(`127.0.0.1:${line.port}`)].map((pair) => pair.join('=')).join('; ');
    return browser.sees('/me');
}

with_provider('whoever has an account with their login comes in, and nobody else', async (line, start) => {
    const ana = await signed_in(line, 'Ana', 'administrator', 'auditor');
    assert.equal((await ana.sees('/sign-in')).oidc, 'Riverside login');
    assert.equal((await comes(line, 'maya')).fragment, '#oidc=oidc_unavailable', 'the provider is not there yet');
    await start();
    assert.equal((await comes(line, 'maya')).fragment, '#oidc=oidc_no_account');
    await ana.does('/staff', {name: 'Maya', roles: ['counsellor'], login: 'maya@example.org'}, 201);
    await ana.does('/staff', {name: 'Luis', roles: ['counsellor'], login: 'luis@example.org'}, 201);
    await ana.is_refused('/staff', {name: 'Eve', roles: ['counsellor'], login: 'MAYA@example.org'}, 409, 'login_taken');
    await ana.is_refused('/staff/Luis', {login: 'maya@example.org'}, 409, 'login_taken');
    const {fragment, wanderer} = await comes(line, 'maya');
    assert.equal(fragment, '');
    assert.deepEqual([(await who(line, wanderer)).name, (await who(line, wanderer)).roles], ['Maya', ['counsellor']]);
    assert.equal((await comes(line, 'luis')).fragment, '#oidc=oidc_no_account', 'an address that nobody has verified');
    assert.equal((await comes(line, 'eve')).fragment, '#oidc=oidc_no_account');
    const told = (await ana.sees('/audit')).items.map((one) => `${one.who} ${one.what} ${one.detail}`);
    for (const entry of ['Maya signed_in_oidc ', 'identity provider oidc_refused no account with this login', 'identity provider oidc_refused no discovery document'])
        assert.ok(told.includes(entry), entry);
    await ana.does('/staff/Maya', {disabled: true});
    assert.equal((await comes(line, 'maya')).fragment, '#oidc=oidc_no_account');
});

with_provider('a login that was given to somebody else does not open the account of the first', async (line, start) => {
    await start();
    const ana = await signed_in(line, 'Ana', 'administrator', 'auditor');
    await ana.does('/staff', {name: 'Maya', roles: ['counsellor'], login: 'maya@example.org'}, 201);
    await who(line, (await comes(line, 'maya')).wanderer);
    const {email} = kPeople.eve;
    try {
        kPeople.eve.email = 'maya@example.org';
        assert.equal((await comes(line, 'eve')).fragment, '#oidc=oidc_no_account');
        await ana.does('/staff/Maya', {login: 'm@example.org'});
        await ana.does('/staff/Maya', {login: 'maya@example.org'}); // written down anew: whoever comes first
        assert.equal((await who(line, (await comes(line, 'eve')).wanderer)).name, 'Maya');
        assert.equal((await comes(line, 'maya')).fragment, '#oidc=oidc_no_account');
    } finally {
        kPeople.eve.email = email;
    }
});

with_provider('the way back is good once, in the browser that went', async (line, start) => {
    await start();
    const ana = await signed_in(line, 'Ana', 'administrator');
    await ana.does('/staff', {name: 'Maya', roles: ['counsellor'], login: 'maya@example.org'}, 201);
    const wanderer = new Wanderer();
    const back = await wanderer.follows(start_of(line), is_callback(line), 'maya');
    const tell = async (browser, url) => (await browser.goes(url)).to;
    const expired = `${line.public_base}/dashboard/#oidc=oidc_expired`;
    assert.equal(await tell(new Wanderer(), back), expired, 'another browser');
    const other = new Wanderer();
    await other.goes(start_of(line));
    assert.equal(await tell(other, back), expired, 'a browser on another way');
    const elsewhere = new URL(back);
    elsewhere.searchParams.set('state', 'AAAA');
    assert.equal(await tell(wanderer, elsewhere.href), expired, 'another state');
    const kept = new Map(wanderer.cookies.get(`127.0.0.1:${line.port}`));
    const {to, headers} = await wanderer.goes(back);
    assert.equal(to, `${line.public_base}/dashboard/#`);
    const [session] = headers.getSetCookie();
    assert.match(session, /^handrail_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    wanderer.cookies.set(`127.0.0.1:${line.port}`, kept);
    assert.equal(await tell(wanderer, back), expired, 'the same once more');

    const refused = new Wanderer();
    const asked = new URL((await refused.goes(start_of(line))).to);
    assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
    const denied = `${start_of(line)}/callback?error=access_denied&state=${asked.searchParams.get('state')}`;
    assert.equal(await tell(refused, denied), `${line.public_base}/dashboard/#oidc=oidc_refused`);
    const guess = new Wanderer();
    const {searchParams} = new URL((await guess.goes(start_of(line))).to);
    assert.equal(await tell(guess, `${start_of(line)}/callback?code=guess&state=${searchParams.get('state')}`), `${line.public_base}/dashboard/#oidc=oidc_refused`);
    const mixed = new Wanderer();
    const state = new URL((await mixed.goes(start_of(line))).to).searchParams.get('state');
    assert.equal(await tell(mixed, `${start_of(line)}/callback?code=guess&iss=https%3A%2F%2Fevil.example&state=${state}`), `${line.public_base}/dashboard/#oidc=oidc_refused`);
});

with_provider('a second factor here is not passed by without one there', async (line, start) => {
    await start();
    const ana = await signed_in(line, 'Ana', 'administrator');
    await signed_in(line, 'Maya', 'counsellor');
    await ana.does('/staff/Maya', {login: 'maya@example.org'});
    assert.equal((await comes(line, 'maya')).fragment, '');
    const maya = new Browser(line);
    await maya.does('/session', {name: 'Maya', password: kPassword});
    const {secret} = await maya.does('/me/second-factor', {password: kPassword});
    await maya.does('/me/second-factor/confirm', {code: code_of(secret)}, 204);
    assert.equal((await comes(line, 'maya')).fragment, '#oidc=oidc_second_factor');
});
