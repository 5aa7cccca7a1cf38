// A line in its own cellar: a real Kannel (bearerbox, smsbox) carries the texts, the delivery reports and the STOP.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {kKannel, Kannel} from '../support/node/kannel.mjs';
import {eventually, story as plain_story} from '../support/node/story.mjs';

const kCellar = '+15550198';
const kMia = '+15550110';
const kKey = 'kannel-webhook-key-of-this-story';

function story(name, body) {
    if (!kKannel) return console.log(`skipped, the packages kannel and kannel-extras are missing: ${name}`);
    let kannel;
    const toml = (line) => {
        fs.writeFileSync(line.file('kannel_password'), kannel.password, {mode: 0o600});
        fs.writeFileSync(line.file('kannel_key'), kKey, {mode: 0o600});
        return `
[[gateway]]
kind = "kannel"
name = "cellar"
numbers = ["${kCellar}"]
send_url = "${kannel.send_url}"
username = "${kannel.username}"
password = "file:${line.file('kannel_password')}"
webhook_key = "file:${line.file('kannel_key')}"
messages_per_second = 100
`;
    };
    plain_story(name, {
        local: true,
        toml: (line) => toml(line),
        before: async () => { kannel = await new Kannel({number: kCellar.slice(1)}).ports(); },
    }, async (line) => {
        kannel.directory = fs.mkdtempSync(line.file('kannel-'));
        kannel.webhook = (end) => `${line.public_base}/webhooks/kannel/cellar/${end}?key=${kKey}`;
        try {
            await kannel.start();
            await body(line, kannel);
        } finally {
            await kannel.stop();
        }
    });
}

const heard = (kannel, number) => kannel.texts.filter((text) => text.to === number).map((text) => text.body);

async function hears(kannel, number, pattern) {
    await eventually(async () => heard(kannel, number).some((body) => pattern.test(body)),
        `${number.slice(-2)} to hear ${pattern}`, 20_000);
}

story('a slip, from the first text to the safe next step, with delivery reports', async (line, kannel) => {
    await kannel.tune_in();
    kannel.send(kMia, 'i slipped last night. been 4 months. feel sick about it');
    await hears(kannel, kMia, /automated guide, with real people on call/);
    await hears(kannel, kMia, /That took courage/);
    kannel.send(kMia, '1');
    await hears(kannel, kMia, /How much was it/);
    kannel.send(kMia, 'just once 🙏 – a+b & 100%');
    await hears(kannel, kMia, /often called a slip/);
    await eventually(async () => {
        const rows = await line.all('/outbox');
        return rows.length >= 4 && rows.every((row) => row.state === 'delivered');
    }, 'every text to be reported as delivered', 20_000);
    assert.ok(kannel.texts.every((text) => text.from === kCellar), 'it answers from the number that was texted');
    const {conversations} = await line.snapshot();
    assert.deepEqual(conversations[0].messages.filter((one) => one.direction === 'in').map((one) => one.text),
        ['i slipped last night. been 4 months. feel sick about it', '1', 'just once 🙏 – a+b & 100%']);
    assert.equal(line.gateway.taken.length, 0, 'nothing goes by the other gateway');
});

story('STOP by Kannel\'s own fakesmsc is kept and confirmed once; danger still pages', async (line, kannel) => {
    const confirmed = /opted out and will get no more texts/;
    assert.match(await kannel.send_by_fakesmsc(kMia, 'STOP', confirmed), confirmed);
    assert.equal((await line.snapshot()).conversations[0].consent, 'opted_out');
    await kannel.tune_in();
    kannel.send(kMia, 'STOP');
    kannel.send(kMia, 'i want to die');
    await line.gateway.until(() => line.gateway.taken.some((text) => text.to === '+15550101'), 20_000, 'Maya to be paged');
    await line.settled();
    assert.deepEqual(heard(kannel, kMia).filter((body) => confirmed.test(body)), [], 'and nobody is told twice');
});
