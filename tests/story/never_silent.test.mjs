// I13: whatever somebody texts, something comes back: words, a person, or at the very least an honest refusal to the
// gateway. Also when the flows have changed beneath a conversation.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {check} from '../support/node/checker.mjs';
import {each, number_of} from '../support/node/crowd.mjs';
import {kFlows} from '../support/node/places.mjs';
import {story} from '../support/node/story.mjs';

const kBodies = [
    '', ' ', '\n\n', '.', '?', '!!!!', '0', '7', '-1', '99999999999999999999', 'x', 'é', 'ñ', '😀', '👨‍👩‍👧‍👦', '🏳️‍🌈🏳️‍🌈', '\u202eevil', 'שלום',
    'مرحبا', '你好', 'Здравствуйте', 'z̸̡̛̤̮͚̃̓a̵͎̓l̷̰̈́g̴̰̃ȯ̷̱', '\u200b\u200b', '\ufeff', '\u0007\u001b[31m', '\ufffd', '1\t2\t3',
    "'); DROP TABLE inbound; --", '${jndi:ldap://x}', '{{org}} {short}', '<script>alert(1)</script>', '%00%ff', 'NaN', 'null',
    'STOPP', 'i want to stop', "don't stop", 'HELP ME', 'ES', 'MENU', 'PERSON', '1 2 3', '1.', 'one', 'a'.repeat(1600),
    'wort '.repeat(2_000), '😀'.repeat(5_000), '('.repeat(20_000), 'no '.repeat(8_000), '\n'.repeat(10_000), 'I can’t', 'it’s ok — really…',
    'http://example.org/?a=1&b=2', '+15550100', 'the quick brown fox', 'k', 'K', 'ok', 'thanks', 'lol', 'no', 'yes', '???',
];

story('every text gets an answer', {log_level: 'warning'}, async (line) => {
    await each(kBodies.length, 8, async (i) => {
        await line.phone(number_of(i)).texts(kBodies[i]);
        await line.phone(number_of(i)).texts(kBodies[kBodies.length - 1 - i]);
    });
    await line.settled();
    const store = await line.snapshot();
    assert.deepEqual(check(line.ledger.read(), store).violations, []);
    const escalated = new Set(store.escalations.map((one) => one.contact));
    for (let i = 0; i < kBodies.length; ++i) {
        const contact = store.conversations.find((one) => one.number === number_of(i));
        const answered = line.phone(number_of(i)).inbox().length > 0;
        assert.ok(answered || escalated.has(contact.id), `silence after ${JSON.stringify(kBodies[i].slice(0, 40))}`);
    }
});

story('a picture without words is answered', {}, async (line) => {
    const mia = line.phone('+15550110');
    await mia.texts('', {media: [{url: 'https://api.twilio.com/media/ME1', type: 'image/jpeg'}]});
    await line.settled();
    assert.ok(mia.inbox().some((one) => /can't open photos/.test(one.body)));
});

/** Signed over the bytes as they are: no library makes a signature for what is not text. */
function sign(line, url, fields) {
    const hmac = crypto.createHmac('sha1', line.secrets.auth_token).update(url);
    for (const [name, value] of [...fields].sort((a, b) => (a[0] < b[0] ? -1 : 1))) hmac.update(name).update(value);
    return hmac.digest('base64');
}

story('what cannot be taken is refused aloud, and the conversation goes on', {}, async (line) => {
    const mia = line.phone('+15550110');
    const {sms} = line.gateway.webhook;
    const post = (raw, signature, headers = {}) => line.gateway.post(sms, {}, {raw, signature, headers});
    const broken = Object.entries(line.gateway.inbound_form({from: mia.number})).filter(([name]) => name !== 'Body');
    const bytes = Buffer.from([0xff, 0xfe, 0xc3, 0x28]);
    const raw = new URLSearchParams(broken).toString() + '&Body=%FF%FE%C3%28';
    const fields = [...broken.map(([name, value]) => [name, Buffer.from(value)]), ['Body', bytes]];
    const answer = await post(raw, sign(line, line.public_base + sms, fields));
    assert.equal(answer.status, 400);
    const problem = JSON.parse(answer.body);
    assert.match(answer.headers['content-type'], /application\/problem\+json/);
    assert.match(JSON.stringify(problem), /Body/, 'the problem names the field');

    const with_nul = await line.gateway.deliver({from: mia.number, body: 'a\u0000b'});
    assert.deepEqual([with_nul.status, JSON.parse(with_nul.body).field], [400, 'Body']);
    const huge = await line.gateway.deliver({from: mia.number, body: 'x'.repeat(1_000_000)});
    assert.ok([413, 400, 0].includes(huge.status), `1 MB: ${huge.status}`);
    assert.deepEqual((await line.snapshot()).conversations, []);
    await mia.texts('HELP');
    await mia.hears(/PERSON for a human/);
});

story('of quick texts, answered as one thought, none is left without its outcome',
    {gather: '400ms', crossed: '3s'}, async (line) => {
        await each(30, 30, async (i) => {
            const phone = line.phone(number_of(i));
            for (const body of ['i slipped', 'feeling bad', 'are you there', '1']) await phone.texts(body);
        });
        await line.settled();
        assert.deepEqual(check(line.ledger.read(), await line.snapshot()).violations, []);
    });

/** The flows with the first step of `slip` under another name, as an upgrade could bring them. */
function renamed_flows(line) {
    const folder = line.file('flows');
    fs.cpSync(kFlows, folder, {recursive: true});
    for (const name of fs.readdirSync(folder).filter((one) => one.endsWith('.json'))) {
        const file = path.join(folder, name);
        const text = fs.readFileSync(file, 'utf8').replaceAll('"slip/S1"', '"slip/S1_renamed"');
        fs.writeFileSync(file, name === 'slip.json' ? text.replaceAll('"S1"', '"S1_renamed"') : text);
    }
    fs.rmSync(path.join(folder, 'transcripts'), {recursive: true});  // they would have been upgraded too
    return folder;
}

story('a step that an upgrade took away ends in a question or a person, not in silence', {}, async (line) => {
    const mia = line.phone('+15550110');
    await mia.texts('i slipped');
    await line.settled();
    assert.equal((await line.snapshot()).conversations[0].at?.step, 'S1');
    mia.heard = mia.inbox().length;
    assert.equal(await line.terminate(), 0);
    line.options.flows = renamed_flows(line);
    line.configure();
    await line.launch();
    await mia.texts('1');
    await mia.hears(/Talk to a person|988/);
    await mia.texts('STOP');
    await mia.hears(/opted out and will get no more texts/);
});
