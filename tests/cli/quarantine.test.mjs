// A wrong token looks just like a forgery: what it shut out is kept, and answered once the settings are mended.
import assert from 'node:assert/strict';
import test from 'node:test';
import {SmallLine, until} from './small_line.mjs';

test('shut out by a wrong token, answered after it is mended, beside the running server', async (context) => {
    const line = await new SmallLine().prepare();
    context.after(() => line.stop());
    const secret = 'whsec_' + 'QUJD'.repeat(10);
    line.write('auth_token', '0'.repeat(32));
    line.write('secret', secret);
    await line.serve();

    const none = await line.run('quarantine', 'list');
    assert.deepEqual(none, {code: 0, out: 'nothing is in quarantine\n', err: ''});

    assert.equal(await line.text('+15550110', 'i slipped last night', {sid: 'SM' + '1'.repeat(32)}), 403);
    assert.equal(await line.text('+15550111', 'i want to die'), 403);
    assert.equal(await line.modem_text('+15550112', 'hello from the modem'), 403);
    assert.equal(await line.text('+15550113', 'a forgery', {token: 'f'.repeat(32)}), 403);

    await until(async () => (await line.run('quarantine', 'list')).out.split('\n').length === 6);
    const listed = await line.run('quarantine', 'list');
    assert.match(listed.out, /^ID +RECEIVED \(UTC\) +ACCOUNT +WHY\n/);
    assert.match(listed.out, /\n1 +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ +clinic +bad_signature\n/);
    assert.match(listed.out, / modem +bad_signature\n/);
    assert.ok(!/5550|slipped|die|hello|forgery/.test(listed.out), 'no number and no words');

    const unmended = await line.run('quarantine', 'replay', '--all');
    assert.match(unmended.out, /0 handed over, 4 stay in quarantine\n$/);
    assert.equal(unmended.code, 1);
    assert.equal(line.sent.length, 0);

    await line.halt();
    line.write('auth_token', line.auth_token);
    line.write('secret', line.secret);
    await line.serve();

    const mended = await line.run('quarantine', 'replay', '--all');
    assert.equal(mended.err, '');
    assert.match(mended.out, /\n?1 .*: taken, 2 texts to send\n/);
    assert.match(mended.out, /2 .*: taken, 2 texts to send, a person is paged \(P[01]\)\n/);
    assert.match(mended.out, /3 .*modem.*: taken, \d texts? to send\n/);
    assert.match(mended.out, /4 .*: stays: bad_signature\n3 handed over, 1 stay in quarantine\n$/);
    assert.ok(!/5550|slipped|die|hello|forgery/.test(mended.out), 'no number and no words');
    assert.equal(mended.code, 1, 'something is still there to look at');

    const sent_to = (number) => line.sent.filter(({to}) => to === number);
    await until(() => sent_to('+15550110').length === 2 && sent_to('+15550111').length === 2 && sent_to('+15550112').length >= 1);
    await until(() => sent_to('+15550101').length === 1);
    assert.match(sent_to('+15550101')[0].text, /^P[01] case \d+/, 'Maya is paged');
    assert.equal(sent_to('+15550113').length, 0, 'a forgery is never answered');

    assert.match((await line.run('quarantine', 'list')).out, /^ID.*\n4 .*\n$/);
    assert.equal(await line.text('+15550110', 'i slipped last night', {sid: 'SM' + '1'.repeat(32)}), 200);
    assert.equal(sent_to('+15550110').length, 2, 'what the gateway delivers again after all is not answered twice');
});

test('replay: nothing running, one id at a time, delivered meanwhile', async (context) => {
    const line = await new SmallLine().prepare();
    context.after(() => line.stop());
    line.write('auth_token', '0'.repeat(32));
    await line.serve();
    assert.equal(await line.text('+15550110', 'hello', {sid: 'SM' + '2'.repeat(32)}), 403);
    assert.equal(await line.text('+15550111', 'hello'), 403);
    await until(async () => (await line.run('quarantine', 'list')).out.split('\n').length === 4);
    await line.halt();
    line.write('auth_token', line.auth_token);

    const one = await line.run('quarantine', 'replay', '2');
    assert.match(one.out, /^2 .*: taken, 1 text to send\n1 handed over, 0 stay in quarantine\n$/);
    assert.equal(one.code, 0);
    assert.equal(line.sent.length, 0, 'nobody is there to send it');
    await line.serve();
    await until(() => line.sent.some(({to}) => to === '+15550111'));

    assert.equal(await line.text('+15550110', 'hello', {sid: 'SM' + '2'.repeat(32)}), 200);
    const late = await line.run('quarantine', 'replay', '--all');
    assert.match(late.out, /: the gateway had delivered it again: nothing to do\n1 handed over, 0 stay/);
    assert.equal(late.code, 0);
});

test('a text to a number that is not configured is kept, never answered from another, and answered once it is ours', async (context) => {
    const line = await new SmallLine().prepare();
    context.after(() => line.stop());
    await line.serve();
    const theirs = '+15550150';
    assert.equal(await line.text('+15550110', 'i want to die', {to: theirs}), 403);
    assert.equal(await line.text('+15550111', 'hello'), 200);
    await until(() => line.sent.some(({to}) => to === '+15550111'));
    assert.ok(!line.sent.some(({to}) => to === '+15550110'));
    assert.match((await line.run('quarantine', 'list')).out, / clinic +wrong_number\n/);
    const metrics = await (await fetch(`http://127.0.0.1:${line.admin_port}/metrics`)).text();
    assert.match(metrics, /handrail_quarantined_total\{account="clinic",reason="wrong_number"\} 1\n/);
    assert.match(line.log(), /"event":"webhook_refused","account":"clinic","why":"wrong_number"/);
    assert.ok(!line.log().includes('5550150'), 'no number in the log');

    line.configure({numbers: ['+15550199', theirs]});
    await line.restart();
    const replayed = await line.run('quarantine', 'replay', '--all');
    assert.match(replayed.out, /taken, 2 texts to send, a person is paged/);
    await until(() => line.sent.some(({from, to}) => from === theirs && to === '+15550110'));
});

test('replay and list say what is wrong with the question', async (context) => {
    const line = await new SmallLine().prepare();
    context.after(() => line.stop());
    const rows = [
        ['no store yet', ['quarantine', 'list'], /handrail\.db: there is no store here/, 1],
        ['which ones?', ['quarantine', 'replay'], /say which: --all or the IDs/, 64],
        ['both', ['quarantine', 'replay', '--all', '3'], /say which: --all or the IDs/, 64],
        ['an id that is none', ['quarantine', 'replay', 'first'], /first/, 64],
        ['half a command', ['quarantine'], /./, 64],
    ];
    for (const [why, args, says, code] of rows) {
        const ran = await line.run(...args);
        assert.match(ran.err, says, why);
        assert.equal(ran.code, code, why);
    }
    await line.serve();
    const unknown = await line.run('quarantine', 'replay', '77');
    assert.match(unknown.err, /there is no 77 in quarantine/);
    assert.equal(unknown.code, 64);
    line.configure({toml: '[server2]\n'});
    const broken = await line.run('quarantine', 'list');
    assert.match(broken.err, /server2/);
    assert.equal(broken.code, 78);
});
