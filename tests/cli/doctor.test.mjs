// What an operator gets wrong, one thing each: the doctor says which, in words, and texts nobody.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import test from 'node:test';
import {SmallLine} from './small_line.mjs';

/** A server in front of the line. @return its port */
async function in_front(context, handler, tls) {
    const server = tls ? https.createServer(tls, handler) : http.createServer(handler);
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    context.after(() => { server.closeAllConnections(); server.close(); });
    return server.address().port;
}

/** Hands a request on, its target changed. */
const proxy_to = (line, change) => (request, response) => {
    const onward = http.request({port: line.port, method: request.method, path: change(request.url), headers: request.headers},
        (answer) => { response.writeHead(answer.statusCode, answer.headers); answer.pipe(response); });
    request.pipe(onward);
};

/** A line whose gateways call it directly. */
async function line_of(context, {serving = true, ...change} = {}) {
    const line = await new SmallLine().prepare();
    context.after(() => line.stop());
    line.configure({public_url: `http://127.0.0.1:${line.port}`, ...change});
    if (serving) await line.serve();
    return line;
}

const kRows = [
    ['all is well', async () => {}, 0, [
        /^ok +config /m, /^ok +flows .*\d+ flows, nothing wrong$/m, /^ok +on call +2 people; pages leave by clinic/m,
        /^ok +server +ready$/m, /^ok +key /m, /^ok +store .*in use by the server/m, /^(ok|warning) +disk /m,
        /^ok +clinic +http:\/\/127\.0\.0\.1:\d+\/webhooks\/twilio\/clinic\/probe: reached, signature verifies$/m,
        /^ok +clinic .*set up as it should be$/m, /^ok +modem .*probe: reached, signature verifies$/m,
        /^ok +clock +agrees with the gateway's$/m, /^0 wrong, \d to know about\n$/m]],
    ['the token was changed and the server not restarted', async (line) => {
        line.auth_token = 'e'.repeat(32);
        line.write('auth_token', line.auth_token);
    }, 1, [/^WRONG +clinic .*does not verify: the server that runs has another public_url or token than this file; restart it$/m]],
    ['the token is not the one Twilio knows', async (line) => line.write('auth_token', 'e'.repeat(32)), 1,
        [/^WRONG +clinic .*Twilio does not know this account SID with this auth token$/m]],
    ['Twilio calls another URL', async (line) => { line.sms_url = 'https://old.example.org/sms?key=secret'; }, 1,
        [/^WRONG +clinic .*Twilio calls https:\/\/old\.example\.org\/sms, not http:\/\/127\.0\.0\.1:\d+\/webhooks\/twilio\/clinic\/sms$/m]],
    ['the number is of another account', async (line) => line.configure({
        toml: `[[gateway]]\nkind = "twilio"\nname = "second"\nnumbers = ["+15550197"]\naccount_sid = "${line.account_sid}"\n` +
            `auth_token = "file:${line.file('auth_token')}"\napi_base = "${line.api_base}"\n`,
    }), 1, [/^WRONG +second .*the number is not one of this account$/m,
        /^WRONG +second .*reaches a server that has no such account: restart it/m]],
    ['the gateway cannot be reached', async (line) => new Promise((done) => { line.api.close(done); line.api.closeAllConnections(); }), 1,
        [/^WRONG +clinic +the gateway: nothing takes connections at 127\.0\.0\.1:\d+/m]],
    ['the gateway is in trouble', async (line) => { line.api_status = 503; }, 1, [/^WRONG +clinic .*Twilio answers 503$/m]],
    ['the clock is off by minutes', async (line) => { line.clock_ahead = 400; }, 1, [/^WRONG +clock +(399|400|401) s behind the gateway's/m]],
    ['the clock is off by a little', async (line) => { line.clock_ahead = -60; }, 0, [/^warning +clock +(59|60|61) s ahead of the gateway's/m]],
    ['the name in the public URL does not exist', async (line) => line.configure({public_url: 'https://nowhere.invalid'}), 1,
        [/^WRONG +clinic +nowhere\.invalid cannot be found by name: check DNS and public_url$/m]],
    ['a proxy that changes the query', async (line, context) => {
        const port = await in_front(context, proxy_to(line, (target) => `${target}?from=proxy`));
        line.configure({public_url: `http://127.0.0.1:${port}`});
        await line.restart();
    }, 1, [/^WRONG +clinic .*it does when sent to the server directly, so something in front changes path, query or body$/m]],
    ['a proxy that changes the path', async (line, context) => {
        const port = await in_front(context, proxy_to(line, (target) => `/line${target}`));
        line.configure({public_url: `http://127.0.0.1:${port}`});
    }, 1, [/^WRONG +clinic .*reaches a server that has no such account: restart it with this configuration, or a proxy changes the path$/m]],
    ['a proxy that is as it should be', async (line, context) => {
        const port = await in_front(context, proxy_to(line, (target) => target));
        line.configure({public_url: `http://127.0.0.1:${port}`});
        await line.restart();
    }, 0, [/^ok +clinic .*probe: reached, signature verifies$/m]],
    ...[
        ['redirects', 301, /redirects to https:\/\/www\.example\.org\/: gateways do not follow/],
        ['has no such path', 404, /something answers, but not at this path/],
        ['asks for a password', 401, /something in front asks for a password/],
        ['reaches nobody', 502, /something in front answers, but does not reach the server \(502\)/],
        ['is a web site', 200, /something else answers here \(200\)/],
    ].map(([what, status, says]) => [`what answers ${what}`, async (line, context) => {
        const port = await in_front(context, (_, response) => response.writeHead(status, {Location: 'https://www.example.org/'}).end('<html>'));
        line.configure({public_url: `http://127.0.0.1:${port}`});
    }, 1, [says]]),
    ['a certificate nobody trusts', async (line, context) => {
        execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', line.file('tls.key'), '-out',
            line.file('tls.crt'), '-days', '1', '-subj', '/CN=localhost'], {stdio: 'ignore'});
        const tls = {key: fs.readFileSync(line.file('tls.key')), cert: fs.readFileSync(line.file('tls.crt'))};
        line.configure({public_url: `https://localhost:${await in_front(context, proxy_to(line, (target) => target), tls)}`});
    }, 1, [/^WRONG +clinic +the certificate of localhost:\d+ does not verify: gateways refuse it as well$/m]],
    ['the key is open to others', async (line) => fs.chmodSync(line.file('handrail.key'), 0o644), 1,
        [/^WRONG +key .*others on this machine may read or change it; chmod 600$/m]],
    ['the store is open to others', async (line) => fs.chmodSync(line.file('handrail.db'), 0o644), 0,
        [/^warning +store .*others on this machine may read the file/m]],
    ['nobody is on call', async (line) => line.configure({people: [], staffed: false}), 0, [/^warning +on call +nobody: texters are told so/m]],
    ['one person is on call', async (line) => line.configure({people: ['Maya']}), 0,
        [/^warning +on call +Maya alone: when they do not answer there is nobody to climb to$/m]],
    ['the flows are broken', async (line) => {
        fs.mkdirSync(line.file('flows'));
        line.configure({flows: line.file('flows')});
    }, 1, [/^WRONG +flows .*\d+ errors; handrail flows check .* tells them$/m]],
    ['the server does not run', async (line) => line.halt(), 1, [
        /^WRONG +server +does not answer at http:\/\/127\.0\.0\.1:\d+\/readyz: is it running\?$/m,
        /^WRONG +clinic +nothing takes connections at 127\.0\.0\.1:\d+: is the server running/m,
        /^ok +store .*: opens with this key$/m]],
    ['the key is not the one of the store', async (line) => {
        await line.halt();
        fs.writeFileSync(line.file('handrail.key'), 'a'.repeat(64) + '\n');
    }, 1, [/^WRONG +store .*key/m]],
    ['the key is gone', async (line) => {
        await line.halt();
        fs.rmSync(line.file('handrail.key'));
    }, 1, [/^WRONG +key .*is missing, and the store cannot be read without it; put its copy back$/m]],
];

test('one thing wrong each', {concurrency: 4}, async (suite) => {
    await Promise.all(kRows.map(([why, change, code, says]) => suite.test(why, async (context) => {
        const line = await line_of(context);
        await change(line, context);
        const ran = await line.run('doctor');
        for (const what of says) assert.match(ran.out, what);
        assert.equal(ran.code, code, ran.out);
        assert.equal(ran.err, '');
        assert.match(ran.out, code === 0 ? /\n0 wrong, / : /\n[1-9]\d* wrong, /);
        assert.equal(line.sent.length, 0, 'nobody is texted');
        assert.ok(!ran.out.includes(line.auth_token) && !ran.out.includes(line.secret), 'no secret is shown');
    })));
});

test('a line that has never run', async (context) => {
    const line = await line_of(context, {serving: false});
    const ran = await line.run('doctor');
    assert.match(ran.out, /^ok +key .*none yet; the first start makes one$/m);
    assert.match(ran.out, /^ok +store .*none yet; the first start makes one$/m);
    assert.ok(!fs.existsSync(line.file('handrail.db')) && !fs.existsSync(line.file('handrail.key')), 'and the doctor makes none');
});

test('a configuration that does not check is told first, and alone', async (context) => {
    const line = await line_of(context, {serving: false, toml: 'nonsense = 1\n'});
    const ran = await line.run('doctor');
    assert.equal(ran.code, 78);
    assert.equal(ran.out, '');
    assert.match(ran.err, /nonsense/);
    assert.match(ran.err, /1 to mend in .*handrail\.toml; nothing else was looked at/);
});
