// What an author may break, one thing each: `flows check` names file, flow, step and field, and a server would not start.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import {FlowFolder, changed, read_json, run} from './flow_folder.mjs';

const kRows = [
    ['a target that does not exist', 'slip.json', '/steps/S2/ask/choices/0/next', 'S99',
        /slip\.json:\d+: slip\/steps\/S2\/ask\/choices\[0\]\/next: there is no step "S99"/],
    ['a flow that does not exist', 'slip.json', '/steps/S1/ask/choices/1/next', 'nowhere/',
        /slip\.json:\d+: slip\/steps\/S1\/ask\/choices\[1\]\/next: there is no flow "nowhere"/],
    ['a dead end', 'slip.json', '/steps/S8/next', undefined, /slip\.json:\d+: slip\/steps\/S8: a dead end/],
    ['a choice that leads nowhere', 'slip.json', '/steps/S2/ask/choices/1/next', undefined,
        /slip\.json:\d+: slip\/steps\/S2\/ask\/choices\[1\]: a dead end/],
    ['a step nobody can reach', 'slip.json', '/steps/S99', {say: ['SLP.8'], next: 'end'},
        /slip\.json:\d+: slip\/steps\/S99: cannot be reached/],
    ['a loop that never waits', 'slip.json', '/steps/S8/next', 'S8', /slip\.json:\d+: slip\/steps\/S8\/next: a loop that never waits/],
    ['a text that does not exist', 'slip.json', '/steps/S8/say/0', 'SLP.99', /slip\.json:\d+: slip\/steps\/S8\/say: there is no text "SLP\.99"/],
    ['a text missing in one language', 'texts/es.json', '/SLP.8', undefined, /texts\/es\.json: SLP\.8: the text is missing/],
    ['a text too long for two segments', 'texts/en.json', '/SLP.8', 'word '.repeat(70), /texts\/en\.json:\d+: SLP\.8: takes 3 SMS segments/],
    ['a placeholder nobody fills', 'texts/en.json', '/SLP.8', 'Hello {wizard}.', /texts\/en\.json:\d+: SLP\.8: unknown placeholder {wizard}/],
    ['a question whose answer the carrier takes', 'texts/en.json', '/SLP.2', 'And now?\n1 Quit\n2 Cut down',
        /slip\/steps\/S2.*: .*(carrier|quit)/i],
    ['a number shown that is no choice', 'texts/en.json', '/SLP.2', 'How much?\n1 One time\n2 A few days\n3 More',
        /slip\.json:\d+: slip\/steps\/S2/],
    ['a timer nobody defines', 'danger.json', '/steps/O2/do/0/set_timer/name', 'xod.99',
        /danger\.json:\d+: danger\/steps\/O2\/do\[0\]: no flow has a timer "xod\.99"/],
    ['a timer that waits at a step that is gone', 'danger.json', '/timers/xod.60s/at_steps/0', 'O99',
        /danger\.json:\d+: danger\/timers\/xod\.60s\/at_steps: there is no step "O99"/],
    ['a danger nobody answers', 'danger.json', '/danger/overdose', undefined, /overdose: no flow answers this danger/],
    ['a safety question without a time-out', 'danger.json', '/steps/X1/wait', undefined, /danger\.json:\d+: danger\/steps\/X1/],
    ['a misspelt field', 'slip.json', '/steps/S8/sya', ['SLP.8'], /slip\.json:\d+: slip\/steps\/S8: unknown field "sya"; allowed are/],
    ['the file name is not the flow', 'slip.json', '/flow', 'slipp', /slip\.json:\d+: slip\/flow: is "slipp"/],
    ['two flows for one situation', 'slip.json', '/starts/situations', ['slip', 'craving'], /starts: the situation "craving" already starts/],
    ['one situation twice', 'slip.json', '/starts/situations', ['slip', 'slip'], /slip\/starts: the situation "slip" already starts slip\/S1/],
    ['a duration without a unit', 'slip.json', '/steps/S1/wait/after', '15', /slip\.json:\d+: slip\/steps\/S1\/wait\/after: "15" is no duration/],
    ['more than two texts in a row', 'slip.json', '/steps/S8/say', ['SLP.8', 'SLP.3', 'CRV.12'], /slip\.json:\d+: slip\/steps\/S8: 3 texts/],
    ['a wrong kind of value', 'slip.json', '/steps', [], /slip\.json:\d+: slip\/steps: must be an object/],
    ['a flow that is no object', 'slip.json', '', null, /slip\.json:\d+: slip: must be an object/],
    ['not JSON', 'slip.json', null, '{"flow": "slip",\n "version" 1}', /slip\.json:2: is no valid JSON/],
    ['one step written twice', 'slip.json', null, '{"flow":"slip","version":1,"about":"a","first":"S1","steps":{"S1":{},\n"S1":{}}}',
        /slip\.json:2: "S1": is written twice/],
    ['a broken word list', 'lexicon/consent.json', null, '{', /lexicon\/consent\.json:1: is not JSON/],
    ['a rule of a word list without words', 'lexicon/consent.json', '/rules/0/en', undefined, /lexicon\/consent\.json:\d+: /],
    ['a letter that makes the text three times as long', 'texts/en.json', '/SLP.8', 'Well done 💪', /texts\/en\.json:\d+: SLP\.8: "💪" is not in the GSM-7 alphabet/],
    ['words too hard to read', 'texts/en.json', '/SLP.8', 'Comprehensive psychotherapeutic rehabilitation facilitates sustainable neurobiological recovery following habitual psychostimulant administration.',
        /texts\/en\.json:\d+: SLP\.8: reads at school grade \d\d\.\d; the sixth or easier is wanted/],
    ['words too hard to read in Spanish', 'texts/es.json', '/SLP.8', 'La rehabilitacion psicoterapeutica multidisciplinaria facilita considerablemente la recuperacion neurobiologica posterior al consumo problematico.',
        /texts\/es\.json:\d+: SLP\.8: reads at school grade/],
    ['a safety question that leads to no help', 'slip.json', '/steps/S1/ask/choices/1', {number: 2, name: 'symptoms', words: {en: ['@yes'], es: ['@yes']}, next: 'S2'},
        /slip\.json:\d+: slip\/steps\/S1\/ask: a crisis exit is missing/],
    ['a text in danger without a number to call', 'texts/en.json', '/NOA.3', 'Nobody came.', /texts\/en\.json:\d+: NOA\.3: a crisis exit is missing: .*"exhausted"/],
    ['an item of the brief that no step carries', 'coverage.json', null, '{"items": [\n{"id": "seed.a", "heading": "A", "item": "Something"}]}',
        /coverage\.json:2: seed\.a: no step carries it/],
    ['a branch nobody can take', 'slip.json', '/steps/S8/next', [{to: 'end'}, {to: 'S1'}], /slip\.json:\d+: slip\/steps\/S8\/next/],
];

for (const [why, file, pointer, value, says] of kRows) {
    test(why, async () => {
        const folder = new FlowFolder();
        try {
            const sound = await folder.check();
            assert.equal(sound.code, 0, sound.err);
            folder.write(file, pointer === null ? value : changed(read_json(folder.file(file)), pointer, value));
            const {code, out, err} = await folder.check();
            assert.match(err, says);
            assert.equal(code, 78);
            assert.equal(out, '', 'nothing is called OK beside an error');
            assert.match(err, /\n\d+ errors?.* in .*; a server would not start with these flows\n$/);
        } finally {
            folder.remove();
        }
    });
}

test('a file that is missing, a directory that is none', async () => {
    const folder = new FlowFolder();
    fs.rmSync(folder.file('texts/es.json'));
    const without = await folder.check();
    assert.match(without.err, /texts\/es\.json: the file is missing/);
    assert.equal(without.code, 78);
    folder.remove();
    const gone = await folder.check();
    assert.match(gone.err, /: No such file or directory\n/);
    assert.equal(gone.code, 78);
    const file = await run('flows', 'check', '/dev/null');
    assert.match(file.err, /\/dev\/null: Not a directory/);
    assert.equal(file.code, 78);
});

test('several errors are told together', async () => {
    const folder = new FlowFolder();
    const slip = changed(read_json(folder.file('slip.json')), '/steps/S8/next', 'S77');
    folder.write('slip.json', changed(slip, '/steps/S2/say/0', 'SLP.77'));
    const {err} = await folder.check();
    folder.remove();
    assert.match(err, /S77/);
    assert.match(err, /SLP\.77/);
});

test('the line told is the line of the defect', async () => {
    const folder = new FlowFolder();
    folder.write('slip.json', changed(read_json(folder.file('slip.json')), '/steps/S2/ask/choices/0/next', 'S99'));
    const {err} = await folder.check();
    const line = Number(/slip\.json:(\d+): /.exec(err)[1]);
    assert.match(fs.readFileSync(folder.file('slip.json'), 'utf8').split('\n')[line - 1], /"next": "S99"/);
    folder.remove();
});

test('a text that could read better is a warning, and the flows are taken', async () => {
    const folder = new FlowFolder();
    const texts = read_json(folder.file('texts/en.json'));
    texts['SLP.8'] += ' It’s over…';
    folder.write('texts/en.json', texts);
    const {code, out, err} = await folder.check();
    folder.remove();
    assert.match(err, /texts\/en\.json:\d+: SLP\.8: warning: has curly quotes/);
    assert.match(out, /, 1 warning\n$/);
    assert.equal(code, 0);
});

test('one defect of every class, told in one run', async () => {
    const folder = new FlowFolder();
    const en = {...read_json(folder.file('texts/en.json')), 'SLP.8': 'Hello {wizard} ' + 'word '.repeat(70),
        'MEN.1': 'Pick one 💪\n1 Stop\n2 Other', 'NOA.3': 'Nobody came.'};
    folder.write('texts/en.json', en);
    const es = read_json(folder.file('texts/es.json'));
    delete es['SLP.3'];
    folder.write('texts/es.json', es);
    let slip = read_json(folder.file('slip.json'));
    slip = changed(slip, '/steps/S8', {say: ['SLP.8'], next: 'S8', sya: []});
    slip = changed(slip, '/steps/S99', {say: ['SLP.8']});
    folder.write('slip.json', slip);
    folder.write('coverage.json', {items: [{id: 'seed.a', heading: 'A', item: 'Something'}]});
    const {err} = await folder.check();
    folder.remove();
    const classes = {
        schema: /unknown field "sya"/, unreachable: /S99: cannot be reached/, 'dead end': /S99: a dead end/,
        'loop without wait': /a loop that never waits/, 'reserved word': /"stop" is a word that carriers act upon/,
        'missing language': /SLP\.3: the text is missing in this language/, 'segment budget': /SLP\.8: takes 3 SMS segments/,
        'not GSM-7': /"💪" is not in the GSM-7 alphabet/, placeholder: /unknown placeholder {wizard}/,
        coverage: /seed\.a: no step carries it/, 'crisis exit': /a crisis exit is missing/,
    };
    for (const [name, says] of Object.entries(classes)) assert.match(err, says, name);
});
