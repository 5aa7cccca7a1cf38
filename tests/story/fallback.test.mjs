// The server is down, and texters write all the same: the fallback takes their texts, and the server answers them when
// it is up again, in order, once, and before anything newer.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {check} from '../support/node/checker.mjs';
import {each, number_of, random_from} from '../support/node/crowd.mjs';
import {Webhook} from '../support/node/official.mjs';
import {kFakeTime, kNginx} from '../support/node/places.mjs';
import {StandBy, stand_by_toml} from '../support/node/stand_by.mjs';
import {eventually, sleep, story} from '../support/node/story.mjs';

/** A line with a fallback beside it and a proxy before both. */
async function backed_story(name, {fallback = '', proxy = 'proxy', more = () => '', ...options}, body) {
    const {port, toml} = await stand_by_toml(fallback);
    story(name, {...options, toml: (line) => toml(line) + more(line)}, async (line) => {
        const stand_by = new StandBy(line, port);
        try {
            await stand_by.launch();
            await stand_by[proxy]();
            await body(line, stand_by);
        } finally {
            await stand_by.close();
        }
    });
}

const kMia = '+15550110';

await backed_story('what came while the server was down is answered when it is up again', {}, async (line, stand_by) => {
    const mia = line.phone(kMia), ben = line.phone('+15550111'), ana = line.phone('+15550112');
    await mia.texts('hi');
    await mia.hears(/./);
    const heard = mia.inbox().at(-1);
    line.gateway.broken = 'error503';  // an answer to Ana waits to be sent ...
    await ana.texts('HELP');
    await line.kill();
    await ana.texts('STOP');  // ... when she opts out
    await mia.texts('i want to kill myself tonight');
    await ben.texts('canary words');
    await ben.texts('STOP');
    assert.equal((await line.gateway.report(heard, 'delivered')).status, 200);
    const forged = await line.gateway.deliver({from: '+15550113', body: 'forged'}, {signature: 'x'});
    assert.equal(forged.status, 403);
    assert.equal(stand_by.kept().length, 5, 'what nobody signed is not kept');
    for (const name of stand_by.kept()) {
        assert.equal(fs.statSync(line.file(`kept/${name}`)).mode & 0o777, 0o600);
        assert.ok(!/canary|15550111/.test(fs.readFileSync(line.file(`kept/${name}`), 'latin1')), 'sealed');
    }
    await stand_by.kill();
    assert.equal((await line.gateway.deliver({from: kMia, body: 'nobody is there'})).status, 502);
    line.gateway.broken = null;
    await line.launch();
    await mia.hears(/988/);
    await eventually(() => line.gateway.texts_to('+15550101').length > 0, 'the page');
    await line.settled();
    const store = await line.snapshot();
    const of = (number) => store.conversations.find((one) => one.number === number);
    assert.deepEqual(of('+15550111').messages.filter((one) => one.direction === 'in').map((one) => one.text).sort(),
        ['STOP', 'canary words']);
    assert.equal(of('+15550111').consent, 'opted_out');
    assert.equal(of('+15550112').consent, 'opted_out');
    assert.ok(line.gateway.texts_to('+15550112').every((one) => !/HELP/i.test(one.body) || /START/.test(one.body)));
    assert.equal(of('+15550113'), undefined);
    assert.equal(of(kMia).messages.find((one) => one.text === heard.body).state, 'delivered');
    assert.deepEqual(stand_by.kept(), []);
    assert.match(await line.metrics(), /handrail_inbound_total\{account="main",result="from_fallback"\} 4/);
    const {violations} = check(line.ledger.read(), store);
    assert.deepEqual(violations.filter((one) => !/nobody is there/.test(JSON.stringify(one))), []);
});

await backed_story('600 texts through kills of both: nothing taken is lost, said twice or out of order',
    {log_level: 'warning', timeout: 170_000}, async (line, stand_by) => {
        const random = random_from(7);
        let done = false;
        let up = null;  // while the server is down: until it is up again
        const load = each(60, 60, async (contact) => {
            for (let n = 0; n < 10; ++n) {
                const body = n === 8 && contact % 6 === 0 ? 'STOP' : `${['HELP', 'i slipped', 'menu', '1'][n % 4]} ${n}`;
                await line.gateway.deliver_until_taken({from: number_of(contact), body}, {pause: 30});
                await sleep(random.between(20, 200));
                if (random.chance(0.7)) await up;  // a start takes its time, and not all should come meanwhile
            }
        }).then(() => { done = true; });
        let kills = 0;
        while (!done) {
            const before = stand_by.counts.server;
            while (!done && stand_by.counts.server < before + 30) await sleep(10);
            await sleep(random.between(0, 100));
            if (random.chance(0.4)) {
                await stand_by.kill();
                await stand_by.launch();
                ++kills;
            }
            let is_up;
            up = new Promise((resolve) => { is_up = resolve; });
            await line.kill();
            ++kills;
            await sleep(random.between(0, 500));
            if (random.chance(0.3)) {
                await stand_by.kill();
                await stand_by.launch();
                ++kills;
            }
            await line.launch();
            is_up();
        }
        await load;
        await eventually(() => stand_by.kept().length === 0, 'everything to be taken in');
        await line.settled(60_000);
        const store = await line.snapshot();
        const {violations, counts} = check(line.ledger.read(), store);
        console.log(JSON.stringify({...counts, both_killed: kills, ...stand_by.counts}));
        assert.deepEqual(violations, []);
        assert.equal(counts.stored, 600);
        assert.ok(stand_by.counts.fallback > 50 && stand_by.counts.server > 50, 'both had their part');
        assert.ok(kills >= 3);
    });

await backed_story('a folder that is full says so, and takes more when the server has taken some',
    {fallback: 'megabytes = 1'}, async (line, stand_by) => {
        await line.kill();
        let kept = 0;
        let answer;
        for (; kept < 300; ++kept) {
            answer = await line.gateway.deliver({from: kMia, body: `text ${kept}`});
            if (answer.status !== 200) break;
        }
        assert.equal(answer.status, 503);
        const bytes = stand_by.kept().map((name) => fs.statSync(line.file(`kept/${name}`)).size);
        assert.ok(kept > 100 && bytes.length === kept, `${kept} kept`);
        await line.launch();
        await line.gateway.deliver_until_taken({from: kMia, body: 'there is room again'});
        await line.settled();
        assert.match(await line.metrics(), new RegExp(`account="main",result="from_fallback"\\} ${kept}\\n`));
        assert.deepEqual(stand_by.kept(), []);
        assert.equal(await stand_by.terminate(), 0);
    });

if (!kNginx) console.log('skipped, the package nginx is missing: the configuration for it that we ship');
else await backed_story('nginx, set up as deploy/fallback shows, hands webhooks to whoever takes them', {proxy: 'nginx'},
    async (line, stand_by) => {
        const mia = line.phone(kMia);
        await mia.texts('HELP');
        await mia.hears(/./);
        assert.deepEqual(stand_by.kept(), []);
        await line.kill();
        await mia.texts('i slipped');
        assert.equal(stand_by.kept().length, 1);
        await line.launch();
        await mia.hears(/./);
        line.server.kill('SIGSTOP');  // it hangs, and may yet take what it was given: both have this text
        const started = Date.now();
        await mia.texts('menu');
        assert.ok(Date.now() - started < 5_000, 'gateways do not wait');
        line.server.kill('SIGCONT');
        await eventually(() => stand_by.kept().length === 0, 'the folder to be empty');
        await line.settled();
        const {conversations, outbox} = await line.snapshot();
        assert.deepEqual(conversations[0].messages.filter((one) => one.direction === 'in').map((one) => one.text).sort(),
            ['HELP', 'i slipped', 'menu']);
        assert.equal(mia.inbox().length, outbox.length);
        await line.kill();
        await stand_by.kill();
        assert.equal((await line.gateway.deliver({from: kMia, body: 'nobody'})).status, 502);
        await line.launch();
    });

const kModemSecret = 'whsec_' + Buffer.alloc(32, 5).toString('base64');
const modem_toml = (line) => {
    fs.writeFileSync(line.file('modem_secret'), kModemSecret, {mode: 0o600});
    return `
[[gateway]]
kind = "generic"
name = "modem"
numbers = ["+15550198"]
secret = "file:${line.file('modem_secret')}"
send_url = "${line.gateway.url}/modem"
`;
};

if (!kFakeTime) console.log('skipped, the package faketime is missing: a signature that carries its time');
else await backed_story('a signature that carries its time is judged as of when it came', {clock: true, more: modem_toml},
    async (line, stand_by) => {
        const body = JSON.stringify({id: 'm-1', from: kMia, to: '+15550198', text: 'by the modem'});
        const now = new Date();
        const headers = {'Content-Type': 'application/json', 'webhook-id': 'm-1',
            'webhook-timestamp': String(Math.floor(now / 1000)), 'webhook-signature': new Webhook(kModemSecret).sign('m-1', now, body)};
        const deliver = (port) => fetch(`http://127.0.0.1:${port}/webhooks/generic/modem/sms`, {method: 'POST', headers, body})
            .then((answer) => answer.status);
        await line.kill();
        assert.equal(await deliver(stand_by.port), 204, 'in the dialect of its own');
        line.pass(3_600);
        await line.launch();
        assert.equal(await deliver(line.port), 403, 'the same, an hour old, from anybody');
        const {conversations} = await line.snapshot();
        assert.deepEqual(conversations.map((one) => one.messages.find((text) => text.direction === 'in').text), ['by the modem']);
    });
