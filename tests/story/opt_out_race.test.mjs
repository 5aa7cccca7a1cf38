// I3: nothing is handed over to a number after its opt-out was answered, but for one confirmation; whatever was queued,
// on its way or waiting for a retry at that moment, and even if the server dies of it.
import assert from 'node:assert/strict';
import {check} from '../support/node/checker.mjs';
import {each, number_of, random_from} from '../support/node/crowd.mjs';
import {sleep, story} from '../support/node/story.mjs';

const kContacts = Number(process.env.HANDRAIL_RACE_CONTACTS ?? 400);
const kWays = ['STOP', 'stop!', 'Stop all', 'UNSUBSCRIBE', 'quit', ' Cancel. '];
const is_stop = (text) => kWays.includes(text);

async function live(line, contact, random) {
    const mia = {from: number_of(contact)};
    const send = (body) => line.gateway.deliver_until_taken({...mia, body}, {pause: 30});
    for (let texts = 1 + random.below(6); texts > 0; --texts) await send(random.chance(0.5) ? 'HELP' : `text ${texts}`);
    await sleep(random.between(0, 250));
    await send(kWays[random.below(kWays.length)]);
    for (let more = random.below(3); more > 0; --more) await send(random.chance(0.5) ? 'STOP' : 'are you there');
}

function judge(line, store) {
    const words = {is_stop: (text) => is_stop(text) || text === 'STOP', is_start: () => false};
    const result = check(line.ledger.read(), store, {words});
    console.log(JSON.stringify(result.counts));
    assert.deepEqual(result.violations, []);
    const out = new Map(store.outbox.map((row) => [row.id, row]));
    for (const contact of store.conversations) assert.equal(contact.consent, 'opted_out', contact.number);
    for (const contact of store.conversations) {
        const confirmations = contact.messages.filter((row) => out.get(row.id)?.text_id === 'OUT.1' && row.direction === 'out');
        assert.equal(confirmations.length, 1, `${contact.number} was told once`);
    }
    return result;
}

story(`${kContacts} contacts text STOP at a random moment`, {log_level: 'warning'}, async (line) => {
    const random = random_from(3);
    line.gateway.default_delay = () => (random.chance(0.3) ? random.between(50, 500) : 0);
    await each(kContacts, 60, (contact) => live(line, contact, random));
    await line.settled(60_000);
    judge(line, await line.snapshot());
});

story('100 contacts text STOP while the server is killed', {log_level: 'warning'}, async (line) => {
    const random = random_from(4);
    line.gateway.default_delay = () => (random.chance(0.3) ? random.between(50, 500) : 0);
    let done = false;
    const kills = (async () => {
        while (!done) {
            await sleep(random.between(150, 600));
            await line.kill();
            await line.launch();
        }
    })();
    await each(100, 25, (contact) => live(line, contact, random));
    done = true;
    await kills;
    await line.settled(60_000);
    judge(line, await line.snapshot());
});

story('STOP while the connection for an answer is still being made: that answer is withdrawn', {door: true}, async (line) => {
    const mia = line.phone(number_of(0));
    await line.door.shut(700);
    await mia.texts('HELP');
    await sleep(200);
    await mia.texts('STOP');
    await mia.hears(/opted out/);
    await mia.hears_nothing_more();
    const help = (await line.all('/outbox')).find((row) => row.text_id === 'HLP.1');
    assert.deepEqual([help.state, help.error_code], ['cancelled', 'opted_out']);
    judge(line, await line.snapshot());
});
