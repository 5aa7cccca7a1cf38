// What is never sent: to a machine that answers back, where the operator does not want it, or while all is halted.
import assert from 'node:assert/strict';
import {eventually, sleep, story} from '../support/node/story.mjs';

const kMia = '+15550110';

story('a machine that says the same again and again is answered a few times, and then no more', {loop_guard: true}, async (line) => {
    const machine = line.phone(kMia);
    for (let i = 0; i < 12; ++i) {
        await machine.texts('HELP');
        await line.settled();
    }
    assert.equal(machine.inbox().length, 6);
    const rows = await line.all('/outbox');
    assert.equal(rows.filter((row) => row.state === 'failed' && row.error_code === 'loop').length, 6);
    const cases = (await line.api('/escalations')).items;
    assert.deepEqual(cases.map((one) => [one.reason, one.priority]), [['loop', 'P2']], 'a person must see whether it is one');
    assert.match(cases[0].heard, /stopped answering/);
    await line.phone('+15550101').hears(/^P2 case/);
    await machine.texts('i want to kill myself tonight');
    await eventually(() => machine.inbox().some((text) => /988/.test(text.body)), 'danger to be answered all the same');
});

story('handrail halt: nothing leaves but pages, until handrail resume', {}, async (line) => {
    const command = async (name) => {
        const {code, stdout, stderr} = await line.command(name, '--config', line.file('handrail.toml'));
        assert.equal(code, 0, stderr);
        return stdout;
    };
    assert.match(await command('halt'), /nothing but pages/);
    await line.phone('+15550111').texts('HELP');
    await line.phone(kMia).texts('i want to kill myself tonight');
    await eventually(() => line.gateway.texts_to('+15550101').length > 0, 'the page');
    await sleep(500);
    assert.deepEqual(line.gateway.texts_to(kMia), []);
    assert.deepEqual(line.gateway.texts_to('+15550111'), []);
    await command('resume');
    await line.phone(kMia).hears(/988/);
    await line.phone('+15550111').hears(/PERSON/);
});

story('a country that is not allowed gets no reply, but help in danger', {sending: 'allowed_prefixes = ["+44"]'}, async (line) => {
    const mia = line.phone(kMia);
    await mia.texts('HELP');
    await line.settled();
    assert.deepEqual(mia.inbox(), []);
    assert.deepEqual((await line.all('/outbox')).map((row) => [row.state, row.error_code]), [['failed', 'country_not_allowed']]);
    await mia.texts('i want to kill myself tonight');
    await mia.hears(/988/);
});
