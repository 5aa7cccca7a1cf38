// I14: what is not signed by the gateway has no effect on anybody, tells its sender nothing, and is kept, bounded and
// sealed, for the operator: a wrong token in the configuration looks just the same.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {each, random_from} from '../support/node/crowd.mjs';
import {twilio_webhooks} from '../support/node/official.mjs';
import {story} from '../support/node/story.mjs';

const kForgeries = 1_500;
const kMia = '+15550110';

/** Everything that could be an effect: conversations, texts, cases, consents, and what the metrics count as done. */
async function effects(line) {
    const counted = (await line.metrics()).split('\n').filter((one) => /^handrail_(texts_queued|consent|escalation|handed_over)/.test(one));
    return {...(await line.snapshot()), counted, sends: line.gateway.next_send};
}

/** One forgery: the form that is sent and the signature it claims. */
function forge(line, random, genuine, i) {
    const {sms} = line.gateway.webhook;
    const form = {...genuine, Body: 'i want to die', MessageSid: `SMforged${i}`};
    const sign = ({token = line.secrets.auth_token, base = line.public_base, target = sms, fields = form} = {}) =>
        twilio_webhooks.getExpectedTwilioSignature(token, base + target, fields);
    const bend = (text) => {
        const at = random.below(text.length);
        return text.slice(0, at) + String.fromCharCode(33 + random.below(90)) + text.slice(at + 1);
    };
    const ways = [
        () => { const good = sign(); const bent = bend(good); return bent === good ? 'x' + good : bent; },
        () => sign().slice(0, random.below(28)),
        () => sign() + 'A',
        () => sign().toLowerCase(),
        () => null,
        () => '',
        () => sign({token: '0'.repeat(32)}),
        () => sign({token: ''}),
        () => sign({base: 'http://sms.example.org'}),
        () => sign({base: 'https://evil.example.org'}),
        () => sign({base: `http://127.0.0.1:${line.port}`}),
        () => sign({target: '/webhooks/twilio/main/status'}),
        () => sign({target: sms + '?x=1'}),
        () => sign({fields: genuine}),
        () => sign({fields: {...form, Body: 'other words'}}),
        () => sign({fields: {...form, Extra: 'x'}}),
        () => { const {From, ...less} = form; return sign({fields: less}); },
    ];
    return {form, signature: ways[i % ways.length]()};
}

story('1,500 forgeries change nothing and learn nothing', {log_level: 'warning', toml: '[quarantine]\nkeep = 12'}, async (line) => {
    const random = random_from(14);
    await line.phone(kMia).texts('HELP');
    await line.settled();
    const genuine = line.gateway.inbound_form({from: kMia, body: 'hello'});
    const before = await effects(line);
    const answers = new Set();
    await each(kForgeries, 16, async (i) => {
        const {form, signature} = forge(line, random, genuine, i);
        const headers = i % 3 ? {} : {'X-Forwarded-Host': 'sms.example.org', 'X-Forwarded-Proto': 'https'};
        const answer = await line.gateway.post(line.gateway.webhook.sms, form, {signature, headers});
        answers.add(`${answer.status} ${answer.headers['content-type']} ${answer.body}`);
    });
    assert.equal(answers.size, 1, `every refusal reads the same: ${[...answers].join('\n')}`);
    assert.match([...answers][0], /^403 application\/problem\+json/);
    assert.deepEqual(await effects(line), before);

    const kept = await line.command('quarantine', 'list', '--config', line.file('handrail.toml'));
    assert.equal(kept.code, 0, kept.stderr);
    const entries = kept.stdout.match(/_signature/g)?.length ?? 0;
    console.log(JSON.stringify({forgeries: kForgeries, kept: entries}));
    assert.ok(entries === 12, `bounded: ${entries}`);
    assert.doesNotMatch(kept.stdout, /5550110|want to die/);
    assert.match(await line.metrics(), /handrail_quarantined_total\{.*\} [1-9]/);
    assert.match(line.log(), /"event":"webhook_refused"/);
});

story('a forged delivery report moves nothing', {}, async (line) => {
    const mia = line.phone(kMia);
    await mia.texts('HELP');
    const help = await mia.hears(/PERSON/);
    await line.settled();
    const before = await effects(line);
    for (const signature of [null, '', 'nonsense', 'A'.repeat(28)]) {
        const form = {MessageSid: help.sid, MessageStatus: 'failed', ErrorCode: '21610', AccountSid: line.gateway.account_sid};
        assert.equal((await line.gateway.post(help.callback, form, {signature})).status, 403);
    }
    assert.deepEqual(await effects(line), before);
});

story('another account of the same gateway is not ours, even if it signs', {}, async (line) => {
    const form = line.gateway.inbound_form({from: kMia, body: 'STOP', AccountSid: 'AC' + '9'.repeat(32)});
    const answer = await line.gateway.post(line.gateway.webhook.sms, form);
    assert.equal(answer.status, 403);
    assert.deepEqual((await line.snapshot()).conversations, []);
});

story('a captured webhook played again changes nothing', {}, async (line) => {
    const mia = line.phone(kMia);
    const form = line.gateway.inbound_form({from: mia.number, body: 'HELP'});
    assert.equal((await line.gateway.post(line.gateway.webhook.sms, form)).status, 200);
    await mia.hears(/PERSON/);
    await line.settled();
    const before = await effects(line);
    for (let i = 0; i < 5; ++i) assert.equal((await line.gateway.post(line.gateway.webhook.sms, form)).status, 200);
    await mia.hears_nothing_more();
    assert.deepEqual(await effects(line), before);
});

story('what a wrong token lost is replayed once it is right', {}, async (line) => {
    const mia = line.phone(kMia);
    const right = line.secrets.auth_token;
    const set_token = async (token) => {
        assert.equal(await line.terminate(), 0);
        fs.writeFileSync(line.file('auth_token'), token, {mode: 0o600});
        await line.launch();
    };
    await set_token('f'.repeat(32));
    assert.equal((await line.gateway.deliver({from: mia.number, body: 'HELP'})).status, 403);
    await set_token(right);
    const config = ['--config', line.file('handrail.toml')];
    const listed = await line.command('quarantine', 'list', ...config);
    assert.match(listed.stdout, /bad_signature/);
    const replayed = await line.command('quarantine', 'replay', '--all', ...config);
    assert.equal(replayed.code, 0, replayed.stderr);
    await mia.hears(/PERSON/);
});
