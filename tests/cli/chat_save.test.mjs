// A chat kept as a transcript: it holds when it is played, and tells when the flows answer otherwise.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import {kBinary} from '../support/node/places.mjs';
import {FlowFolder, changed, read_json, run} from './flow_folder.mjs';

/** A whole chat: lines in, the end of the input after them. */
const chat = (folder, lines, ...args) => spawnSync(kBinary,
    ['chat', '--flows', folder.directory, '--at', '2026-03-07T17:00:00Z', ...args], {input: `${lines.join('\n')}\n`, encoding: 'utf8'});

async function with_folder(work) {
    const folder = new FlowFolder();
    try {
        fs.mkdirSync(folder.file('transcripts'));
        await work(folder);
    } finally {
        folder.remove();
    }
}

test('a recorded chat goes as written, time, pages and staff included', () => with_folder(async (folder) => {
    const file = folder.file('transcripts/mine.txt');
    const {status, stderr} = chat(folder, ['i slipped last night', '1', '/wait 20m', 'i want to die', '/wait 40m', '/ack', '/done'], '--save', file);
    assert.equal(status, 0, stderr);
    const text = fs.readFileSync(file, 'utf8');
    for (const part of ['title  ', 'at     2026-03-07T17:00:00Z\n', '> i slipped last night\n< WEL.3\n< SLP.1\n', '! escalate P1 self_harm',
        '\n+ 20m\n', '\n* unanswered NOA.2\n', '\n* acknowledged Maya\n', '\n* resolved Maya\n'])
        assert.ok(text.includes(part), `${part}\n${text}`);
    const sound = await run('flows', 'test', folder.directory);
    assert.match(sound.out, /^1 transcripts, 1 go as written/, sound.err);
    folder.write('line.json', changed(read_json(folder.file('line.json')), '/texts/need_first', 'SLP.8'));
    assert.match((await run('flows', 'test', folder.directory)).err, /mine\.txt:\d+: expected WEL\.3/);
}));

test('the language chosen is kept', () => with_folder(async (folder) => {
    const file = folder.file('transcripts/es.txt');
    assert.equal(chat(folder, ['hola'], '--lang', 'es', '--save', file).status, 0);
    assert.match(fs.readFileSync(file, 'utf8'), /^lang {3}es\n/m);
    assert.match((await run('flows', 'test', folder.directory)).out, /^1 transcripts, 1 go as written/);
}));

test('what cannot be saved is said, and nothing is written over', () => with_folder(async (folder) => {
    folder.write('transcripts/old.txt', '# mine\n');
    const taken = chat(folder, ['hi'], '--save', folder.file('transcripts/old.txt'));
    assert.equal(taken.status, 64);
    assert.match(taken.stderr, /old\.txt: there is such a file already/);
    assert.equal(taken.stdout, '', 'said before the chat begins');
    const nowhere = chat(folder, ['hi'], '--save', folder.file('no/such/place.txt'));
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.stderr, /place\.txt: cannot be written/);
    assert.equal(fs.readFileSync(folder.file('transcripts/old.txt'), 'utf8'), '# mine\n');
}));
