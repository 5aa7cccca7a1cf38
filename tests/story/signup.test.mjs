// The web sign-up as the page's script does it and as phones see it: asked once by text, and only a YES from that phone
// opens. 555-01xx of any area code is kept for fiction.
import assert from 'node:assert/strict';
import {sleep, story} from '../support/node/story.mjs';
import {challenge_of, sign_up, solve} from '../support/node/sign_up.mjs';

const kAsked = /someone asked for free 24\/7 text support/;
const open = {toml: '[signup]\nproof_bits = 8\nper_address_an_hour = 50\nper_prefix_an_hour = 50\n'};
const count = async (line, result) =>
    Number((await line.metrics()).match(new RegExp(`handrail_sign_ups_total\\{result="${result}"\\} (\\d+)`))?.[1] ?? 0);

async function taken(line, number, more) {
    const answer = await sign_up(line, {number, ...more});
    assert.deepEqual([answer.status, answer.body], [202, {status: 'accepted'}]);
    return answer;
}

story('a number given on the web is asked by text, and YES opens', open, async (line) => {
    const mia = line.phone('+12125550110');
    await taken(line, '(212) 555-0110');
    const asked = await mia.hears(kAsked);
    assert.equal(asked.from, '+15550199');
    await mia.hears_nothing_more();
    const [before] = (await line.snapshot()).conversations;
    assert.equal(before.consent, 'pending');
    assert.deepEqual(before.consent_ledger.map((one) => [one.to, one.source]), [['pending', 'web_sign_up']]);
    assert.match(before.consent_ledger[0].wording, /sends one text to this number\. Nothing more comes unless YES/);

    await mia.texts('Yes');
    await mia.hears(/You're in/);
    await mia.hears(/Who is this for/);
    const [after] = (await line.snapshot()).conversations;
    assert.deepEqual(after.consent_ledger.map((one) => one.to), ['pending', 'recurring']);
    await taken(line, '212-555-0110');
    await mia.hears_nothing_more();
    assert.equal(await count(line, 'asked'), 1);
    assert.equal(await count(line, 'not_asked'), 1);
});

story('in Spanish, and SI opens', open, async (line) => {
    const ana = line.phone('+12125550111');
    await taken(line, '212 555 0111', {language: 'es'});
    await ana.hears(/alguien pidi[oó] apoyo gratis/);
    await ana.texts('Si');
    await ana.hears(/Listo\. Respondo/);
});

story('silence: nothing more ever, not even when the form is sent again', {...open, clock: true}, async (line) => {
    const mia = line.phone('+12125550110');
    await taken(line, '212 555 0110');
    await mia.hears(kAsked);
    await line.settled();
    for (const days of [1, 2, 30]) {
        line.pass(days * 86_400);
        await sleep(1_200);  // the clockwork looks at the clock every second
        await mia.hears_nothing_more();
    }
    await taken(line, '212 555 0110');
    await mia.hears_nothing_more();
    assert.equal((await line.all('/outbox')).length, 1);
});

story('the wrong person: STOP ends it, and no form reaches that phone again', open, async (line) => {
    const mia = line.phone('+12125550110');
    await taken(line, '212 555 0110');
    await mia.hears(kAsked);
    await mia.texts('STOP');
    await mia.hears(/opted out and will get no more texts/);
    for (const language of ['en', 'es']) await taken(line, '212 555 0110', {language});
    await mia.hears_nothing_more();
    const [{consent}] = (await line.snapshot()).conversations;
    assert.equal(consent, 'opted_out');
});

story('whoever is in conversation or on call is not asked', {
    ...open, people: [{name: 'Maya', phone: '+12125550120'}],
}, async (line) => {
    const mia = line.phone('+12125550110');
    await mia.texts('i slipped last night');
    await mia.hears(/automated guide/);
    await mia.hears(/That took courage/);
    await taken(line, '212 555 0110');
    await taken(line, '212 555 0120');
    await mia.hears_nothing_more();
    assert.equal(line.phone('+12125550120').inbox().length, 0);
    const [{at, consent}] = (await line.snapshot()).conversations;
    assert.deepEqual([at, consent], [{flow: 'slip', step: 'S1', version: 1}, 'conversation']);
});

story('the answer tells nothing of the number: words, headers and time', open, async (line) => {
    const gone = line.phone('+12125550111');
    await gone.texts('STOP');
    await line.settled();
    const known = line.phone('+12125550112');
    await known.texts('hi');
    await line.settled();
    const answers = [];
    for (const number of ['212 555 0111', '212 555 0112', '212 555 0113', '212 555 0113', '212 555 0113', '212 555 0113']) {
        answers.push(await taken(line, number));
    }
    const seen = answers.map(({headers}) => JSON.stringify([...headers].filter(([name]) => name !== 'date')));
    assert.equal(new Set(seen).size, 1, seen.join('\n'));
    for (const {took} of answers) assert.ok(took >= 299, `${took} ms: an answer before its time tells something`);
    assert.equal(await count(line, 'asked'), 1);
    assert.equal(await count(line, 'not_asked'), 5);
});

story('"who is this" is answered and opens nothing; NO closes', open, async (line) => {
    const mia = line.phone('+12125550110');
    await taken(line, '212 555 0110');
    await mia.hears(kAsked);
    await mia.texts('who is this');
    await mia.hears(/text support for recovery/);
    await mia.hears(/Reply YES to start/);
    assert.equal((await line.snapshot()).conversations[0].consent, 'pending');
    await mia.texts('no thanks');
    await mia.hears(/we won't text you/);
    await taken(line, '212 555 0110');
    await mia.hears_nothing_more();
});

story('danger in answer to the question pages a person at once', open, async (line) => {
    const mia = line.phone('+12125550110');
    await taken(line, '212 555 0110');
    await mia.hears(kAsked);
    await mia.texts('i want to die');
    await mia.hears(/988/);
    await line.phone('+15550101').hears(/^P1 case \d+/);
});

story('a proof that is forged, spoilt, too cheap, old or used twice is refused', {
    toml: '[signup]\nproof_bits = 12\nproof_lasts = "2s"\n',
}, async (line) => {
    const refused = async (fields, result) => {
        const before = await count(line, result);
        const answer = await sign_up(line, {number: '212 555 0110', ...fields});
        assert.deepEqual([answer.status, answer.body.field, answer.headers.get('content-type')],
            [422, 'challenge', 'application/problem+json'], result);
        assert.equal(await count(line, result), before + 1);
    };
    const given = await challenge_of(line);
    const answer = solve(given);
    const other = await challenge_of(line);
    await refused({challenge: 'A'.repeat(43), answer}, 'challenge_forged');
    await refused({challenge: given.challenge.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')), answer}, 'challenge_forged');
    await refused({challenge: given.challenge, answer: 'x'}, 'challenge_malformed');
    await refused({challenge: other.challenge, answer: solve({...other, bits: 0}, 12)}, 'work_too_little');
    assert.equal((await sign_up(line, {number: '212 555 0110', challenge: given.challenge, answer})).status, 202);
    await refused({challenge: given.challenge, answer}, 'challenge_used');
    const late = solve(other);
    await sleep(2_100);
    await refused({challenge: other.challenge, answer: late}, 'challenge_expired');
    await line.settled();
    assert.equal((await line.all('/outbox')).length, 1);
});

story('limits by address, by block of numbers and in all; behind a proxy the browser counts', {
    toml: '[signup]\nproof_bits = 4\nper_address_an_hour = 2\nper_prefix_an_hour = 3\nan_hour = 6\n',
}, async (line) => {
    const from = (address, number) => sign_up(line, {number}, {'X-Forwarded-For': `203.0.113.66, ${address}`});
    const steps = [
        ['198.51.100.1', '212 555 0110', 202],
        ['198.51.100.1', '212 555 0111', 202],
        ['198.51.100.1', '212 555 0112', 429, 'address'],
        ['198.51.100.2', '212 555 0112', 202],
        ['198.51.100.2', '212 555 0113', 429, 'prefix'],
        ['198.51.100.2', '213 555 0110', 202],
        ['198.51.100.3', '214 555 0110', 202],
        ['198.51.100.4', '215 555 0110', 202],
        ['198.51.100.5', '217 555 0110', 429, 'all'],
    ];
    for (const [address, number, status, which] of steps) {
        const answer = await from(address, number);
        assert.equal(answer.status, status, `${address} ${number}`);
        if (status === 202) continue;
        assert.ok(+answer.headers.get('retry-after') > 0);
        assert.equal(await count(line, which), 1);
    }
    await line.settled();
    assert.equal((await line.all('/outbox')).length, 6);
});

story('what is no good is named by its field, and no number is written anywhere', open, async (line) => {
    const rows = [
        ['not a number', {number: 'abc'}, 400, 'number'],
        ['another country', {number: '+1 876 555 0110'}, 422, 'number'],
        ['premium rate', {number: '900 555 0110'}, 422, 'number'],
        ['not a text', {number: 5}, 400, 'number'],
        ['a language we lack', {number: '212 555 0110', language: 'fr'}, 400, 'language'],
        ['a field we do not know', {number: '212 555 0110', name: 'Mia'}, 400, 'name'],
        ['no answer', {number: '212 555 0110', answer: undefined, challenge: 'x'}, 400, 'answer'],
    ];
    for (const [why, fields, status, field] of rows) {
        const answer = await sign_up(line, fields);
        assert.deepEqual([answer.status, answer.body.field], [status, field], why);
    }
    const url = `http://127.0.0.1:${line.port}/api/v1/signups`;
    const form = await fetch(url, {method: 'POST', body: new URLSearchParams({number: '212 555 0110'})});
    assert.equal(form.status, 415);
    await taken(line, '212 555 0110');
    await line.settled();
    assert.doesNotMatch(line.log(), /2125550110|212 555 0110|5550110/);
    assert.doesNotMatch(await line.metrics(), /2125550110/);
});

story('without its section there is no sign-up', {}, async (line) => {
    for (const path of ['/signup', '/signup/embed', '/api/v1/signups/challenge']) {
        assert.equal((await fetch(`http://127.0.0.1:${line.port}${path}`)).status, 404);
    }
});

story('only sites that are named may frame the embedded form, and nobody the page', {
    toml: '[signup]\nframe_ancestors = ["https://www.centre.example"]\n',
}, async (line) => {
    const policy = async (path) =>
        (await fetch(`http://127.0.0.1:${line.port}${path}`)).headers.get('content-security-policy');
    assert.match(await policy('/signup'), /frame-ancestors 'none'$/);
    assert.match(await policy('/signup/embed'), /frame-ancestors https:\/\/www\.centre\.example$/);
    assert.doesNotMatch(await policy('/signup/embed'), /unsafe/);
});
