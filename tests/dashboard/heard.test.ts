// What was heard, in words that staff read: complete in Spanish, and without the names of classes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {in_words} from '../../webhooks/dashboard/src/heard';
import {heard_es} from '../../webhooks/dashboard/src/heard_es';
import {en} from '../../webhooks/dashboard/src/words_en';
import {es} from '../../webhooks/dashboard/src/words_es';

/** Every "heard" of a document. */
function heard_in(json: unknown): string[] {
    if (Array.isArray(json)) return json.flatMap(heard_in);
    if (typeof json !== 'object' || json === null) return [];
    return Object.entries(json).flatMap(([key, value]) =>
        key === 'heard' && typeof value === 'string' ? [value] : heard_in(value));
}

const folder = process.env['HANDRAIL_FLOWS'] ?? '';
const files = ['', 'lexicon'].flatMap((under) =>
    fs.readdirSync(path.join(folder, under)).filter((name) => name.endsWith('.json')).map((name) => path.join(under, name)));

test('heard: whatever the lexicon and the flows tell staff is there in Spanish', () => {
    const told = new Set(files.flatMap((name) => heard_in(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')))));
    assert.ok(told.size > 50, `${told.size} found`);
    assert.deepEqual([...told].filter((words) => !heard_es[words]), []);
});

const kRows: {why: string; said: string; english: string; spanish: string}[] = [
    {why: 'one thing', said: 'wants to die', english: 'wants to die', spanish: 'quiere morir'},
    {why: 'about whom, and how old', said: 'wants to die (about someone else) (under 18)', english: 'wants to die (about someone else, under 18)', spanish: 'quiere morir (sobre otra persona, menor de 18)'},
    {why: 'a second danger, its class unnamed', said: 'wants to die; also overdose: says overdose', english: 'wants to die; also says overdose', spanish: 'quiere morir; también habla de sobredosis'},
    {why: 'graver news of a closed case', said: 'self_harm: wants to die', english: 'wants to die', spanish: 'quiere morir'},
    {why: 'a name stands in it', said: 'wrote to Maya and got no answer', english: 'wrote to Maya and got no answer', spanish: 'escribió a Maya y nadie respondió'},
    {why: 'an author\'s own words', said: 'likes trains: a lot', english: 'likes trains: a lot', spanish: 'likes trains: a lot'},
];
for (const {why, said, english, spanish} of kRows)
    test(`heard: ${why}`, () => assert.deepEqual([in_words(said, en.heard), in_words(said, es.heard)], [english, spanish]));
