// SIGTERM under load: what was accepted is finished, nothing is lost, nobody who was being answered is cut off.
import assert from 'node:assert/strict';
import {check} from '../support/node/checker.mjs';
import {each, number_of, random_from} from '../support/node/crowd.mjs';
import {sleep, story} from '../support/node/story.mjs';

story('three stops under load lose nothing and end with exit code 0', {log_level: 'warning'}, async (line) => {
    const random = random_from(18);
    line.gateway.default_delay = () => random.between(0, 150);
    let done = false;
    let cut = 0;
    const load = each(60, 60, async (contact) => {
        for (let n = 0; n < 14 && !done; ++n) {
            const message = {from: number_of(contact), body: n % 2 ? `text ${n}` : 'HELP', message_sid: `SM${contact}x${n}`};
            const before = line.stopping;
            const answer = await line.gateway.deliver(message);
            // A connection that is refused after the stop is no answer lost; one that was cut before it is.
            if (answer.status === 0 && !before && answer.error?.code !== 'ECONNREFUSED' && !line.stopping) ++cut;
            if (answer.status !== 200) await line.gateway.deliver_until_taken(message, {pause: 40});
            await sleep(random.between(0, 40));
        }
    });
    for (let stop = 0; stop < 3; ++stop) {
        await sleep(random.between(300, 700));
        line.stopping = true;
        assert.equal(await line.terminate(), 0, 'exit code');
        await line.launch();
        line.stopping = false;
    }
    await load;
    done = true;
    await line.settled(60_000);
    const {violations, counts} = check(line.ledger.read(), await line.snapshot());
    console.log(JSON.stringify({...counts, cut}));
    assert.deepEqual(violations, []);
    assert.equal(cut, 0);
    assert.equal(counts.hand_overs, counts.messages_handed_over, 'nothing was in doubt, so nothing was sent twice');
});

story('what is due when the stop comes is sent before the end', {}, async (line) => {
    line.gateway.default_delay = () => 300;
    await each(20, 20, (i) => line.phone(number_of(i)).texts('HELP'));
    assert.equal(await line.terminate(), 0);
    assert.equal(line.gateway.taken.length, 20);
});

story('a request under way is answered, a new one refused, and /readyz says so first', {drain: '4s'}, async (line) => {
    line.gateway.program('+15550110', {delay: 1_500});  // the stop waits for this one
    await line.phone('+15550110').texts('HELP');
    const stopped = line.terminate();
    let ready = 200;
    for (let i = 0; i < 60 && ready === 200; ++i) {
        await sleep(10);
        ready = await fetch(`http://127.0.0.1:${line.admin_port}/readyz`).then((one) => one.status, () => 0);
    }
    assert.equal(ready, 503);
    const late = await line.gateway.deliver({from: '+15550111', body: 'HELP'});
    assert.ok(late.status === 0 || late.status === 503, `a late text is not taken: ${late.status}`);
    assert.equal(await stopped, 0);
    assert.equal(line.gateway.taken.length, 1);
});

story('a gateway that hangs does not hold the stop for ever, and the text is not forgotten', {drain: '1s'}, async (line) => {
    const mia = line.phone('+15550110');
    line.gateway.program(mia.number, 'hang');
    await mia.texts('HELP');
    await line.gateway.until_began(1);
    const code = await line.terminate();
    assert.ok(code === 0 || code === 1, `it ended: ${code}`);
    await line.launch();
    await mia.hears(/PERSON/, 20_000);
});
