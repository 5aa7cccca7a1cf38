// What texters send by MMS: staff see it through us, from the hosts that are allowed and no others, and nobody's
// credentials go astray.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import {after} from 'node:test';
import {story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

const kPng = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const kMia = '+15550110';

/** A host of files on loopback that keeps what it was asked. */
async function host(files) {
    const asked = [];
    const server = http.createServer((request, response) => {
        asked.push({url: request.url, authorization: request.headers.authorization ?? ''});
        (files[request.url] ?? gives(404, ''))(request, response);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const stop = () => {
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
    };
    return {asked, stop, url: `http://127.0.0.1:${server.address().port}`};
}
const gives = (status, body, headers = {}) => (_, response) => response.writeHead(status, headers).end(body);
const leads_to = (url) => (_, response) => response.writeHead(307, {Location: url()}).end();

/** Waits for connections on this machine, behind a name that the list of hosts has. */
async function trap() {
    const seen = [];
    const server = net.createServer((socket) => {
        seen.push(socket.remotePort);
        socket.destroy();
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    return {seen, url: `https://localhost:${server.address().port}`, stop: () => new Promise((done) => server.close(done))};
}

async function fetched(browser, contact, message, number = 1) {
    const target = `/api/v1/conversations/${contact}/messages/${message}/media/${number}`;
    const answer = await fetch(`http://127.0.0.1:${browser.line.port}${target}`, {headers: {Cookie: browser.cookie}});
    const bytes = Buffer.from(await answer.arrayBuffer());
    const code = /json/.test(answer.headers.get('content-type')) ? JSON.parse(bytes).code : undefined;
    return {status: answer.status, headers: answer.headers, bytes, code};
}

const outside = await host({'/evil.png': gives(200, kPng)});
const pit = await trap();
const cdn = await host({
    '/a.png': gives(200, kPng, {'Content-Type': 'application/octet-stream'}),
    '/big.png': gives(200, Buffer.concat([kPng, Buffer.alloc(5 * 1024 * 1024)])),
    '/just.png': gives(200, Buffer.concat([kPng, Buffer.alloc(5 * 1024 * 1024 - kPng.length)])),
    '/page.png': gives(200, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', {'Content-Type': 'image/png'}),
    '/round': leads_to(() => `${cdn.url}/round`),
    '/broken': gives(500, kPng),
});
after(() => Promise.all([outside, pit, cdn].map((one) => one.stop())));

story('a picture is shown to who may see it, and only from where it may come', {pictures_from: (line) => [line.gateway.url, cdn.url, pit.url]}, async (line) => {
    const own = [];
    const at_own = (path, answer) => {
        line.gateway.media.set(path, (request, response) => {
            own.push(request.headers.authorization ?? '');
            answer(request, response);
        });
        return line.gateway.url + path;
    };
    line.gateway.media = new Map();
    const rows = [
        {why: 'from a host beside', url: `${cdn.url}/a.png`, status: 200},
        {why: "the gateway's, which leads on", url: at_own('/Media/1', leads_to(() => `${cdn.url}/a.png`)), status: 200, own: 1},
        {why: 'a relative redirect', url: at_own('/Media/2', leads_to(() => '/Media/1')), status: 200, own: 2},
        {why: 'as large as may be', url: `${cdn.url}/just.png`, status: 200},
        {why: 'too large', url: `${cdn.url}/big.png`, status: 409, code: 'picture_too_large'},
        {why: 'a script that says it is a picture', url: `${cdn.url}/page.png`, status: 409, code: 'picture_not_media'},
        {why: 'no longer there', url: `${cdn.url}/gone.png`, status: 404, code: 'picture_gone'},
        {why: 'a fault of the host', url: `${cdn.url}/broken`, status: 409, code: 'picture_no_answer'},
        {why: 'round and round', url: `${cdn.url}/round`, status: 409, code: 'picture_no_answer'},
        {why: 'a host outside of the list', url: `${outside.url}/evil.png`, status: 409, code: 'picture_not_allowed'},
        {why: 'led outside of the list', url: at_own('/Media/3', leads_to(() => `${outside.url}/evil.png`)), status: 409, code: 'picture_not_allowed', own: 1},
        {why: 'a listed name that is of this machine', url: at_own('/Media/4', leads_to(() => `${pit.url}/x.png`)), status: 409, code: 'picture_not_allowed', own: 1},
        {why: 'to where clouds keep secrets', url: at_own('/Media/5', leads_to(() => 'http://169.254.169.254/latest/meta-data/')), status: 409, code: 'picture_not_allowed', own: 1},
        {why: 'to a file', url: at_own('/Media/6', leads_to(() => 'file:///etc/passwd')), status: 409, code: 'picture_not_allowed', own: 1},
        {why: 'a user name before the host', url: `${cdn.url.replace('//', '//a@')}/a.png`, status: 409, code: 'picture_not_allowed'},
    ];
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const ana = await signed_in(line, 'Ana', 'administrator');
    const ada = await signed_in(line, 'Ada', 'auditor');
    const media = rows.map(({url}) => ({url, type: 'image/png'}));
    assert.equal((await line.gateway.deliver({from: kMia, body: '', media})).status, 200);
    await line.settled();
    const {items: [{id: contact}]} = await maya.sees('/conversations');
    const transcript = await maya.sees(`/conversations/${contact}/messages`);
    const [text] = transcript.items.filter((one) => one.direction === 'in');
    assert.deepEqual(text.media, rows.map((_, i) => ({number: i + 1, content_type: 'image/png'})));
    assert.ok(!JSON.stringify(transcript).includes(cdn.url), 'the reference stays with us');
    assert.deepEqual([cdn.asked.length, own.length], [0, 0], 'nothing is fetched before somebody asks');

    for (const [i, row] of rows.entries()) {
        const before = own.length;
        const {status, code, headers, bytes} = await fetched(maya, contact, text.id, i + 1);
        assert.deepEqual([status, code], [row.status, row.code], row.why);
        assert.equal(own.length - before, row.own ?? 0, row.why);
        if (status !== 200) continue;
        assert.ok(bytes.subarray(0, kPng.length).equals(kPng), row.why);
        assert.equal(headers.get('content-type'), 'image/png');
        assert.equal(headers.get('content-disposition'), `attachment; filename="mms-${text.id}-${i + 1}.png"`);
        assert.equal(headers.get('x-content-type-options'), 'nosniff');
        assert.equal(headers.get('cache-control'), 'no-store');
        assert.match(headers.get('content-security-policy'), /^sandbox; default-src 'none'/);
    }
    const basic = 'Basic ' + Buffer.from(`${line.gateway.account_sid}:${line.gateway.auth_token}`).toString('base64');
    assert.deepEqual([...new Set(own)], [basic], "the gateway's own host knows who asks");
    assert.deepEqual([...new Set(cdn.asked.map((one) => one.authorization))], [''], 'and nobody else does');
    assert.deepEqual([outside.asked, pit.seen], [[], []], 'nobody outside was even asked');

    assert.equal((await fetched(maya, contact, text.id, rows.length + 1)).code, 'not_found');
    assert.equal((await fetched(maya, contact + 1, text.id)).code, 'not_found', "somebody else's text");
    assert.equal((await fetched(ana, contact, text.id)).code, 'not_permitted');
    const audit = (await ada.sees('/audit?limit=200')).items.filter((one) => one.what === 'picture_opened');
    assert.equal(audit.length, rows.length);
    assert.deepEqual([audit[0].who, audit[0].contact, audit[0].detail], ['Maya', contact, `message ${text.id}, ${rows.length}`]);
    assert.match(line.log(), /picture_host_not_allowed.*169\.254\.169\.254/);
});

story('unless the operator says from where, nothing is fetched at all', {}, async (line) => {
    const asked = [];
    line.gateway.media = new Map([['/Media/1', (request, response) => {
        asked.push(request.url);
        response.end(kPng);
    }]]);
    const maya = await signed_in(line, 'Maya', 'counsellor');
    await line.gateway.deliver({from: kMia, body: 'look', media: [{url: `${line.gateway.url}/Media/1`, type: 'image/png'}]});
    await line.settled();
    const {items: [{id: contact}]} = await maya.sees('/conversations');
    const {items: [text]} = await maya.sees(`/conversations/${contact}/messages`);
    assert.deepEqual([text.text, text.media.length], ['look', 1]);
    assert.equal((await fetched(maya, contact, text.id)).code, 'picture_not_allowed');
    assert.deepEqual(asked, []);
});
