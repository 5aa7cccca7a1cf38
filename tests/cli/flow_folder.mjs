// A small valid flows directory to break: the fixture of the unit tests, the shipped words where it has none of its own,
// and one flow that uses everything the format knows.
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {kBinary, kSource} from '../support/node/places.mjs';

/** Files of a flows directory that are no flows. */
export const kNoFlows = ['line.json', 'coverage.json'];

export const read_json = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

export class FlowFolder {
    constructor() {
        this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-flows-'));
        fs.cpSync(path.join(kSource, 'flows/lexicon'), this.file('lexicon'), {recursive: true});
        fs.cpSync(path.join(kSource, 'tests/unit/fixture_flows'), this.directory, {recursive: true});
        fs.copyFileSync(path.join(kSource, 'tests/cli/flows/every.json'), this.file('every.json'));
    }
    file(name) {
        return path.join(this.directory, name);
    }
    write(name, value) {
        fs.mkdirSync(path.dirname(this.file(name)), {recursive: true});
        fs.writeFileSync(this.file(name), typeof value === 'string' ? value : JSON.stringify(value, null, 1));
        return this;
    }
    remove() {
        fs.rmSync(this.directory, {recursive: true, force: true});
    }
    /** `handrail flows check` on it: {code, out, err} */
    async check() {
        return run('flows', 'check', this.directory);
    }
}

/** The program to its end, whatever it exits with. */
export async function run(...args) {
    try {
        const {stdout, stderr} = await promisify(execFile)(kBinary, args);
        return {code: 0, out: stdout, err: stderr};
    } catch (failed) {
        return {code: failed.code, out: failed.stdout, err: failed.stderr};
    }
}

/** A copy of `document` with the value at a JSON pointer replaced, or removed when `value` is undefined. */
export function changed(document, pointer, value) {
    if (pointer === '') return structuredClone(value);
    const copy = structuredClone(document);
    const parts = pointer.slice(1).split('/');
    const last = parts.pop();
    const parent = parts.reduce((node, part) => node[part], copy);
    if (value !== undefined) parent[last] = value;
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
    return copy;
}
