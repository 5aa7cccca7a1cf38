import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import test from 'node:test';
import {kBinary} from '../support/node/places.mjs';
import {ChatDriver} from './chat_driver.mjs';
import {FlowFolder, read_json, run} from './flow_folder.mjs';

const folder = new FlowFolder();
test.after(() => folder.remove());
const kTexts = read_json(folder.file('texts/en.json'));

/** The beginning of a text, before any placeholder. */
const begins = (id) => (kTexts[id].text ?? kTexts[id]).split('{')[0].slice(0, 40);

async function with_chat(context, ...args) {
    const chat = new ChatDriver('--flows', folder.directory, ...args);
    context.after(() => chat.quit());
    return chat;
}

test('every event is one object with exactly the fields promised', async (context) => {
    const chat = await with_chat(context);
    const events = await chat.say('i slipped last night');
    assert.deepEqual(events[0], {at: '2026-03-07T17:00:00Z', dir: 'in', text: 'i slipped last night'});
    for (const event of events) {
        assert.ok(['in', 'out', 'effect'].includes(event.dir), event.dir);
        assert.deepEqual(Object.keys(event), ['at', 'dir', event.dir === 'effect' ? 'effect' : 'text']);
    }
    assert.ok(events.some(({effect}) => effect === 'tag +slip'));
    assert.ok(events.some(({text}) => text?.startsWith(begins('SLP.1'))));
});

test('time passes only when told to, and waits fire at their own instants', async (context) => {
    const chat = await with_chat(context);
    await chat.say('i slipped last night');
    assert.deepEqual(await chat.say('/wait 14m'), [{at: '2026-03-07T17:14:00Z', dir: 'effect', effect: 'waited 14m'}]);
    const late = await chat.say('/wait 24h');
    const said = late.filter(({dir}) => dir === 'out');
    assert.deepEqual(said.map(({at}) => at), ['2026-03-07T17:15:00Z']);
    assert.ok(said[0].text.startsWith(begins('CRV.12')));
    assert.equal(late.at(-1).at, '2026-03-08T17:14:00Z');
});

test('nobody answers: the ladder climbs, and the texter is told twice', async (context) => {
    const chat = await with_chat(context);
    const raised = await chat.effects('i want to die');
    assert.ok(raised.some((effect) => /^17:00 escalate P1 self_harm/.test(effect)), raised.join('\n'));
    assert.ok(raised.includes('17:00 page P1 to Maya'), raised.join('\n'));
    const hour = await chat.say('/wait 1h');
    const pages = hour.filter(({effect}) => effect?.startsWith('page '));
    assert.match(pages[0].effect, /^page P1 to .*Luis/, 'the next person named');
    assert.ok(pages.length >= 4, 'repeated for as long as nobody answers');
    const said = hour.filter(({dir}) => dir === 'out').map(({text}) => text);
    assert.ok(said.some((text) => text.startsWith(begins('NOA.2'))), said.join('\n'));
    assert.ok(said.some((text) => text.startsWith(begins('NOA.3'))), said.join('\n'));
    assert.deepEqual(await chat.effects('/ack'), ['18:00 Maya takes the case']);
    const after = await chat.effects('/wait 24h');
    assert.ok(after.some((effect) => effect.includes('page ')), 'taken without a word to the texter: offered again');
    assert.deepEqual(await chat.effects('/done'), ['18:00 Maya closes the case']);
    assert.deepEqual(await chat.effects('/ack'), ['18:00 nothing to answer: no case is open']);
});

test('the end of the line: one confirmation, then silence with its reason', async (context) => {
    const chat = await with_chat(context);
    assert.equal((await chat.answers('STOP')).length, 1);
    assert.equal((await chat.answers('hello')).length, 1);
    const events = await chat.say('hello?');
    assert.deepEqual(events.filter(({dir}) => dir === 'out'), []);
    assert.match(events.at(-1).effect, /^silent: opted out/);
    assert.deepEqual(await chat.say('/wait 30d'), [{at: '2026-04-06T17:00:00Z', dir: 'effect', effect: 'waited 30d'}]);
    assert.ok((await chat.answers('START'))[0].startsWith(begins('INN.1')));
});

test('every line of input gets an answer or the reason why not', async (context) => {
    const rows = [
        ['nothing typed', '', /^an empty line is no text/],
        ['blanks only', '   ', /^an empty line is no text/],
        ['longer than any text', 'a'.repeat(7000), /^longer than any gateway hands on/],
        ['an unknown command', '/frob', /^there is no \/frob$/],
        ['a wait without a time', '/wait', /^\/wait needs a time like/],
        ['a wait that is none', '/wait soon', /^\/wait needs a time like/],
        ['a wait into the past', '/wait -5m', /^\/wait needs a time like/],
        ['a wait of centuries', '/wait 9999999d', /^\/wait needs a time like/],
        ['help', '/help', /^\/wait 24h   time passes/],
        ['effects before anything', '/effects', /^no effects; at nowhere, consent none, en$/],
    ];
    const chat = await with_chat(context);
    for (const [why, line, says] of rows) {
        const events = await chat.say(line);
        assert.ok(events.length > 0, why);
        assert.equal(events[0].dir, 'effect', why);
        assert.match(events[0].effect, says, why);
    }
    const odd = ['\u0000', '\ud83d\ude22', Buffer.from([0xc3, 0x28]), '"}{', '1', '0', 'null', 'a'.repeat(1600)];
    for (const line of odd) assert.ok((await chat.say(line)).length > 1, `no answer to ${JSON.stringify(line)}`);
});

test('/effects tells again what the last step did, and where the conversation stands', async (context) => {
    const chat = await with_chat(context);
    chat.process.stdin.write('i slipped last night\n');
    const effects = (await chat.effects('/effects')).slice(-4);
    assert.ok(effects.includes('17:00 tag +slip'));
    assert.equal(effects.at(-1), '17:00 at slip/S1, consent conversation, en');
});

test('the language: as chosen, else as shown', async (context) => {
    const spanish = await with_chat(context, '--lang', 'es');
    assert.match((await spanish.answers('stop'))[0], /988 \(oprime 2\)/);
    const shown = await with_chat(context);
    assert.match((await shown.answers('hola, recai anoche'))[0], /guia|apoyo/);
});

test('the end of the input is the end; so is /quit', () => {
    for (const input of ['hi\n', 'hi', 'hi\n/quit\nnever heard\n', '']) {
        const {status, stdout, stderr} = spawnSync(kBinary, ['chat', '--flows', folder.directory], {input, encoding: 'utf8'});
        assert.equal(status, 0, stderr);
        assert.ok(!stdout.includes('never heard'));
    }
});

test('bad options say what is allowed', async () => {
    const rows = [
        [['--from', '5550100'], /--from must be a number like \+15550100/, 64],
        [['--from', '+1555O100'], /--from must be a number like \+15550100/, 64],
        [['--lang', 'fr'], /--lang must be en or es/, 64],
        [['--at', 'yesterday'], /--at must be an instant like 2026-03-07T17:00:00Z/, 64],
        [['--loud'], /--loud/, 64],
        [['--flows', '/nowhere'], /\/nowhere: No such file or directory/, 78],
    ];
    for (const [args, says, code] of rows) {
        const ran = await run('chat', ...args);
        assert.match(ran.err, says);
        assert.equal(ran.code, code, args.join(' '));
        assert.equal(ran.out, '');
    }
});

test('at a terminal it reads like a conversation', () => {
    // script(1) gives it a terminal; what is typed is echoed by that.
    const screen = execFileSync('script', ['-qec', `${kBinary} chat --flows ${folder.directory} --at 2026-03-07T17:00:00Z`, '/dev/null'],
        {input: 'i slipped last night\n/wait 30m\n/quit\n', encoding: 'utf8'});
    assert.match(screen, /Riverside Recovery's line as •+00 reads it\. Nothing is sent/);
    assert.match(screen, /Sat 12:00 {2}you /);
    assert.match(screen, /Sat 12:00 {2}line {2}Thank you for telling me/);
    assert.match(screen, /Sat 12:15 {2}line {2}/);
    assert.match(screen, /\u001b\[2mconsent conversation by first_text\u001b\[0m/);
    assert.ok(!screen.includes('tag +slip'), 'small effects only by /effects');
    assert.ok(!screen.includes('{"at"'));
});

test('at a terminal a day of unanswered pages is told in a few lines', () => {
    const screen = execFileSync('script', ['-qec', `${kBinary} chat --flows ${folder.directory} --at 2026-03-07T17:00:00Z`, '/dev/null'],
        {input: 'i want to die\n/wait 24h\n/quit\n', encoding: 'utf8'});
    assert.match(screen, /page P\d to Maya, Luis\u001b\[0m\s+\u001b\[2m\.\.\. the same 1\d\d times more, until Sun 1[12]:\d\d/);
    assert.ok(screen.split('\n').length < 40, screen);
});
