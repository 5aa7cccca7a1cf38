import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {kSource} from '../support/node/places.mjs';
import {FlowFolder, kNoFlows, read_json, run} from './flow_folder.mjs';

const kFlows = path.join(kSource, 'flows');
const kSlip = 'title  A slip\nlang   en\nat     2026-03-07T17:00:00Z\n\n> i slipped last night\n< WEL.3\n< SLP.1\n! tag +slip\n';

async function with_folder(work) {
    const folder = new FlowFolder();
    try {
        await work(folder);
    } finally {
        folder.remove();
    }
}

test('the shipped flows check, and the summary counts them', async () => {
    const {code, out, err} = await run('flows', 'check', kFlows);
    assert.equal(code, 0, err);
    const [, flows, steps, texts] = /: OK: (\d+) flows, (\d+) steps, (\d+) texts in en and es/.exec(out);
    assert.equal(Number(flows), fs.readdirSync(kFlows).filter((name) =>
        name.endsWith('.json') && !kNoFlows.includes(name)).length);
    assert.ok(Number(steps) > 100 && Number(texts) > 150, out);
});

test('COVERAGE.md is what the flows carry today', async () => {
    const {code, out} = await run('flows', 'check', '--coverage', kFlows);
    assert.equal(code, 0);
    assert.equal(out, fs.readFileSync(path.join(kFlows, 'COVERAGE.md'), 'utf8'),
        'write it anew: handrail flows check --coverage flows > flows/COVERAGE.md');
});

test('the shipped transcripts go as written, through every step, answer and branch', async () => {
    const {code, out, err} = await run('flows', 'test', '--coverage', kFlows);
    assert.equal(code, 0, err);
    const [, played, steps, of_steps, ways, of_ways] =
        /^(\d+) transcripts, \1 go as written, 0 differ\nsteps visited: (\d+) of (\d+); answers and branches: (\d+) of (\d+)$/m.exec(out);
    assert.ok(Number(played) >= 60, out);
    assert.deepEqual(out.match(/^.*: no transcript goes here$/mg) ?? [], [], 'write a transcript, or take the branch out');
    assert.equal(steps, of_steps);
    assert.equal(ways, of_ways);
});

test('an item of the brief that no step carries is refused', () => with_folder(async (folder) => {
    folder.write('coverage.json', {about: 'one item', items: [{id: 'seed.a', heading: 'A', item: 'Something'}]});
    const {code, err} = await folder.check();
    assert.equal(code, 78);
    assert.match(err, /coverage\.json:\d+: seed\.a: no step carries it/);
}));

test('transcripts: as written, different, mended by --update', () => with_folder(async (folder) => {
    folder.write('transcripts/a.txt', kSlip).write('transcripts/b.txt', kSlip.replace('SLP.1', 'SLP.2'));
    const differs = await run('flows', 'test', folder.directory);
    assert.match(differs.err, /^\S*\/transcripts\/b\.txt:7: expected SLP\.2, said SLP\.1 /);
    assert.match(differs.out, /^2 transcripts, 1 go as written, 1 differ\nsteps visited: \d+ of \d+; answers and branches: \d+ of \d+\n$/);
    assert.equal(differs.code, 1);

    const updated = await run('flows', 'test', '--update', folder.directory);
    assert.match(updated.out, /\/b\.txt: updated from line 7\n2 transcripts, 1 go as written, 1 updated, 0 differ\nsteps /);
    assert.equal(updated.code, 0);
    assert.ok(fs.readFileSync(folder.file('transcripts/b.txt'), 'utf8').includes('\n< SLP.1\n'));
    assert.equal((await run('flows', 'test', folder.directory)).code, 0);
}));

test('transcripts: which steps, answers and branches they go through', () => with_folder(async (folder) => {
    folder.write('transcripts/a.txt', kSlip);
    const before = await run('flows', 'test', '--coverage', folder.directory);
    assert.equal(before.code, 0, before.err);
    assert.match(before.out, /^slip\/steps\/S2: no transcript goes here$/m);
    assert.match(before.out, /^slip\/steps\/S1\/ask\/choices\[0\]\/next: no transcript goes here$/m);
    assert.doesNotMatch(before.out, /^slip\/steps\/S1: /m);
    folder.write('transcripts/b.txt', `${kSlip}> 1\n< SLP.2\n`);
    const after = await run('flows', 'test', '--coverage', folder.directory);
    assert.equal(after.code, 0, after.err);
    assert.doesNotMatch(after.out, /^slip\/steps\/S2: /m);
    assert.doesNotMatch(after.out, /^slip\/steps\/S1\/ask\/choices\[0\]\/next: /m);
}));

test('transcripts: what no update can mend stays as the author left it', () => with_folder(async (folder) => {
    const text = kSlip.replace('lang   en', 'lang   fr');
    folder.write('transcripts/c.txt', text);
    const {code, err} = await run('flows', 'test', '--update', folder.directory);
    assert.match(err, /c\.txt:2: lang is en or es/);
    assert.equal(code, 1);
    assert.equal(fs.readFileSync(folder.file('transcripts/c.txt'), 'utf8'), text);
    assert.deepEqual(fs.readdirSync(folder.file('transcripts')), ['c.txt'], 'nothing else is left behind');
}));

test('transcripts: none to play, or flows that do not check, are no success', () => with_folder(async (folder) => {
    const none = await run('flows', 'test', folder.directory);
    assert.match(none.err, /there is no transcript \(\*\.txt\) to play/);
    assert.equal(none.code, 1);
    folder.write('slip.json', '{');
    const broken = await run('flows', 'test', folder.directory);
    assert.match(broken.err, /slip\.json:1: is no valid JSON/);
    assert.equal(broken.code, 78);
}));

test('graph: every step and answer of a flow, in Mermaid', () => with_folder(async (folder) => {
    const {code, out} = await run('flows', 'graph', folder.directory, 'every');
    assert.equal(code, 0);
    assert.match(out, /^%% every: .*\nflowchart TD\n/);
    const rows = [
        ['a step with its texts', 'n_A1["A1 CRV.12 SLP.2"]'],
        ['a safety question', 'n_A3{{"A3 SLP.2"}}'],
        ['a choice by number', 'n_A1 -->|"1 once"| n_A2'],
        ['a choice that follows the common way', 'n_A1 -->|"2 often, if pattern = often or once, called, not parked"| to_n_human_(["human/"])'],
        ['a number', 'n_A1 -->|"3 to 12"| n_A2'],
        ['any words', 'n_A1 -->|"any words"| n_A3'],
        ['nobody answers', 'n_A1 -.->|"after 2h"| to_n_park(["park"])'],
        ['not understood', 'n_A1 -.->|"not understood"| n_A2'],
        ['a condition', 'n_A0 -->|"if consent conversation or recurring, es"| n_A1'],
        ['there and back', 'n_A0 -->|"if 22:00 to 06:30, no tag every"| to_n_human_P1_then_A2(["human/P1 then A2"])'],
        ['bounds', 'n_A2 -->|"if hours &lt;= score - 2"| to_n_resume(["resume"])'],
        ['several', 'n_A3 -->|"several"| n_A4'],
        ['a timer', 'timer_n_every_checkin -.-> n_A5'],
    ];
    for (const [why, line] of rows) assert.ok(out.includes(`  ${line}\n`), `${why}: ${line}\n${out}`);
    const all = await run('flows', 'graph', folder.directory);
    assert.equal(all.out.match(/^flowchart TD$/mg).length, 6);
    const without = await run('flows', 'graph', '--svg', folder.directory);
    assert.equal(without.code, 64, 'a picture is of one flow');
    const unknown = await run('flows', 'graph', folder.directory, 'sleep');
    assert.match(unknown.err, /there is no flow "sleep"; there are danger every human/);
    assert.equal(unknown.code, 64);
}));

test('graph --svg: one flow on one page, with the words; without Graphviz it says so', (context) => with_folder(async (folder) => {
    const {code, out, err} = await run('flows', 'graph', '--svg', folder.directory, 'every');
    if (/needs Graphviz/.test(err)) {
        assert.equal(code, 1);
        return context.diagnostic('Graphviz is not installed');
    }
    assert.equal(code, 0, err);
    assert.match(out, /^<\?xml [^]*<svg width="(\d+)pt" height="(\d+)pt"[^]*<\/svg>\s*$/);
    const [, width, height] = /<svg width="(\d+)pt" height="(\d+)pt"/.exec(out).map(Number);
    assert.ok(width <= 595 && height <= 842, `${width} x ${height}: an A4 page`);
    for (const part of ['A3 SLP.2', 'timer every.checkin', 'human/P1 then A2', 'not understood'])
        assert.ok(out.replaceAll('&#160;', ' ').replaceAll('&#45;', '-').includes(part), part);
    assert.ok(out.includes(read_json(folder.file('texts/en.json'))['SLP.8'].split(/[ {]/)[0]), 'what is said');
}));
