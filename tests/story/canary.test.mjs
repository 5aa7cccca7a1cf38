// I15, I16: no number, word, name or secret in logs, metrics, error pages, the process list or, in clear, on the disk.
// Every input field carries a canary; then everything the server let out is searched for each of them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {kMaya} from '../support/node/line.mjs';
import {story} from '../support/node/story.mjs';

const kMia = '+12025550147';
const kForger = '+12025550158';
const word = (name) => `canary${name}zq`;
const kWords = ['body', 'media', 'city', 'profile', 'forged', 'header', 'token', 'path', 'query', 'json', 'status', 'ack', 'sid']
    .map(word);
/** A number is recognised by its last ten or its last seven digits, however it is written. */
const kNumbers = [kMia, kForger, kMaya.phone, '+15550102'].map((number) => number.slice(-7));

const kTexts = [
    `i slipped ${word('body')}`, `my name is ${word('body')}`, 'i want to kill myself tonight', `call me at ${kMia}`, 'STOP',
    `are you there ${word('body')}`, 'START', `HELP`,
];

async function live(line) {
    const mia = line.phone(kMia);
    const more = {FromCity: word('city'), ProfileName: word('profile')};
    for (const text of kTexts) await mia.texts(text, more);
    await mia.texts(word('body'), {...more, media: [{url: `https://api.twilio.com/${word('media')}`, type: 'image/png'}]});
    const page = await line.phone(kMaya.phone).hears(/P[0-3] case (\d+)/);
    const code = page.body.match(/case (\d+)/)[1];
    await line.phone(kMaya.phone).texts(`ACK ${code}`);
    await line.phone(kMaya.phone).texts(`ACK ${word('ack')}`);
    await line.settled();
    await line.gateway.report(line.gateway.texts_to(kMia)[0], 'delivered');
}

/** Everything wrong that a caller can send, with canaries in it. @return the answers */
async function provoke(line) {
    const {gateway} = line;
    const forged = gateway.inbound_form({from: kForger, body: word('forged'), message_sid: word('sid')});
    const base = `http://127.0.0.1:${line.port}`;
    const bearer = {Authorization: `Bearer ${word('token')}`};
    const status = {MessageSid: word('sid'), MessageStatus: word('status'), AccountSid: gateway.account_sid};
    const answers = [
        await gateway.post(gateway.webhook.sms, forged, {signature: 'A'.repeat(28)}),
        await gateway.post(gateway.webhook.sms, forged, {signature: null, headers: {'X-Note': word('header')}}),
        await gateway.post(gateway.webhook.sms, {...forged, From: `+1${word('sid')}`}),
        await gateway.post(gateway.webhook.sms, {}, {raw: `Body=%${word('forged')}&From=${kForger}`}),
        await gateway.post('/webhooks/twilio/main/status', status),
    ];
    const asks = [
        ['/api/v1/conversations', bearer], [`/api/v1/conversations/${word('path')}?before=${word('query')}`, bearer],
        [`/${word('path')}?phone=${kForger}`, {}], [`/webhooks/twilio/${word('path')}/sms`, {}],
        ['/api/v1/outbox?limit=x', {Authorization: `Bearer ${line.secrets.api_token}`}],
        [`/api/v1/outbox?before=${word('query')}`, {Authorization: `Bearer ${line.secrets.api_token}`}],
    ];
    for (const [target, headers] of asks) {
        const answer = await fetch(base + target, {headers});
        answers.push({status: answer.status, body: await answer.text(), headers: Object.fromEntries(answer.headers)});
    }
    return answers;
}

const kSecret = ['auth_token', 'api_token', 'hook'];

/** Every canary found in `text`, which is called `where`. */
function found_in(text, where, line) {
    const secrets = kSecret.map((name) => line.secrets[name]);
    const key = fs.readFileSync(line.file('handrail.key'), 'utf8').trim();
    return [...kWords, ...kNumbers, ...secrets, key].filter((one) => text.includes(one)).map((one) => `${one} in ${where}`);
}

/** What the line keeps on disk: everything but its configuration, its secrets, the output and the ledger of this test. */
function stored_files(line) {
    const not = new Set(['ledger.jsonl', 'handrail.toml', 'handrail.key', 'stdout.log', 'stderr.log', ...kSecret]);
    return fs.readdirSync(line.directory).filter((name) => !not.has(name));
}

function search_disk(line) {
    const files = stored_files(line);
    assert.ok(files.includes('handrail.db'));
    return files.flatMap((name) => found_in(fs.readFileSync(path.join(line.directory, name)).toString('latin1'), name, line));
}

const process_file = (line, name) => fs.readFileSync(`/proc/${line.server.pid}/${name}`, 'latin1');

story('every field carries a canary, and none gets out', {log_level: 'debug'}, async (line) => {
    await live(line);
    const answers = await provoke(line);
    assert.equal(answers.map((one) => one.status).join(), '403,403,400,400,200,401,401,404,404,400,400');
    const found = [
        ...found_in(line.log(), 'the log', line),
        ...found_in(await line.metrics(), '/metrics', line),
        ...answers.flatMap((one) => found_in(one.body + JSON.stringify(one.headers), `an answer ${one.status}`, line)),
        ...found_in(process_file(line, 'cmdline'), 'the command line', line),
        ...(process.getuid() === 0 ? found_in(process_file(line, 'environ'), 'the environment', line) : []),
        ...found_in(JSON.stringify(line.hooks.got), 'an outgoing webhook', line),
        ...search_disk(line),
    ];
    assert.deepEqual(found, []);
    // The search can find: the same canaries are in the ledger, and the events it must not disturb in the log.
    assert.ok(found_in(fs.readFileSync(line.ledger.path, 'utf8'), '', line).length >= 5);
    assert.match(line.log(), /"level":"warning","event":"webhook_refused"/);
    assert.ok(line.hooks.got.length >= 2);
});

story('a kill -9 and a restart leave nothing in clear on the disk either', {log_level: 'debug'}, async (line) => {
    await live(line);
    await line.kill();
    assert.ok(stored_files(line).some((name) => name.endsWith('-wal')));
    assert.deepEqual(search_disk(line), []);
    await line.launch();
    await line.settled();
    assert.deepEqual([...search_disk(line), ...found_in(line.log(), 'the log', line)], []);
});

story('a crash leaves no core file, and the process cannot be looked into', {}, async (line) => {
    assert.match(process_file(line, 'limits'), /Max core file size +0 +0 /);
    await live(line);
    line.server.kill('SIGSEGV');
    assert.equal((await line.exited).signal, 'SIGSEGV');
    assert.deepEqual(fs.readdirSync(line.directory).filter((name) => /core/.test(name)), []);
});

story('a configuration with a secret in it is refused without repeating it', {}, async (line) => {
    const file = line.file('bad.toml');
    const text = fs.readFileSync(line.file('handrail.toml'), 'utf8');
    fs.writeFileSync(file, text.replace(/auth_token = .*/, `auth_token = "${word('token')}"`).replace(kMaya.phone, word('ack')));
    const checked = await line.command('config', 'check', '--config', file);
    assert.notEqual(checked.code, 0);
    assert.match(checked.stderr, /auth_token/);
    assert.deepEqual(found_in(checked.stdout + checked.stderr, 'config check', line), []);
});
