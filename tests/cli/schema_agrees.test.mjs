// The published JSON Schema, as any editor applies it (ajv), and the program's own reader must agree: what the schema
// refuses never starts a server. The reader refuses more (dead ends, lengths ...), which a schema cannot say.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {Ajv} from '../support/node/official.mjs';
import {kSource} from '../support/node/places.mjs';
import {FlowFolder, changed, read_json} from './flow_folder.mjs';

const kFlows = path.join(kSource, 'flows');
const fits = new Ajv({allErrors: false, strict: true, strictRequired: false, strictTypes: false})
    .compile(read_json(path.join(kFlows, 'schema/flow.schema.json')));

function flow_files(directory) {
    return fs.readdirSync(directory)
        .filter((name) => name.endsWith('.json') && name !== 'line.json')
        .map((name) => path.join(directory, name));
}

test('every flow we ship and test with fits the schema', () => {
    const files = [kFlows, path.join(kSource, 'tests/unit/fixture_flows'), path.join(kSource, 'tests/cli/flows')]
        .flatMap(flow_files);
    assert.ok(files.length >= 6, `only ${files.length} flows found`);
    for (const file of files) assert.ok(fits(read_json(file)), `${file}: ${JSON.stringify(fits.errors)}`);
});

const kEvery = read_json(path.join(kSource, 'tests/cli/flows/every.json'));
const kWrong = [null, true, 7, -1, 1.5, '', 'Not a Word!', [], {}, [7], {unheard_of: 1}];

/** Every value of a document: [pointer, value]. */
function* values_of(value, pointer = '') {
    yield [pointer, value];
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) yield* values_of(member, `${pointer}/${key}`);
}

/** Copies of a document with one thing wrong each: another kind of value, a field too few, a field too many. */
function* mutants_of(document) {
    for (const [pointer, value] of values_of(document)) {
        for (const wrong of kWrong) yield [`${pointer} is ${JSON.stringify(wrong)}`, changed(document, pointer, wrong)];
        if (pointer !== '') yield [`${pointer} is gone`, changed(document, pointer)];
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
            yield [`${pointer} has a field too many`, changed(document, pointer, {...value, unheard_of: true})];
        }
        if (Array.isArray(value) && value.length > 0) {
            yield [`${pointer} says the first twice`, changed(document, pointer, [value[0], ...value])];
        }
    }
}

test('what the schema refuses, the program refuses, and says in which file', async (context) => {
    const refused = [...mutants_of(kEvery)].filter(([, mutant]) => !fits(mutant));
    context.diagnostic(`${refused.length} broken copies`);
    assert.ok(refused.length > 1_000);
    const accepted = [];
    const work = refused.values();
    const worker = async () => {
        const folder = new FlowFolder();
        for (const [what, mutant] of work) {
            const {code, err} = await folder.write('every.json', mutant).check();
            if (code !== 78 || !err.includes('/every.json: ')) accepted.push(`${what} (exit ${code})`);
        }
        folder.remove();
    };
    await Promise.all([worker(), worker(), worker()]);
    assert.deepEqual(accepted, []);
});
