// The published JSON Schema, as any editor applies it (ajv), and the program's own reader must agree: what the schema
// refuses never starts a server. The reader refuses more (dead ends, lengths ...), which a schema cannot say.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {Ajv} from '../support/node/official.mjs';
import {kSource} from '../support/node/places.mjs';
import {FlowFolder, changed, kNoFlows, read_json} from './flow_folder.mjs';

const kFlows = path.join(kSource, 'flows');
const kFixture = path.join(kSource, 'tests/unit/fixture_flows');
const kEvery = path.join(kSource, 'tests/cli/flows/every.json');
const fits = new Ajv({strict: true, strictRequired: false, strictTypes: false})
    .compile(read_json(path.join(kFlows, 'schema/flow.schema.json')));

function flow_files(directory) {
    return fs.readdirSync(directory)
        .filter((name) => name.endsWith('.json') && !kNoFlows.includes(name))
        .map((name) => path.join(directory, name));
}

test('every flow we ship and test with fits the schema', () => {
    const files = [...flow_files(kFlows), ...flow_files(kFixture), kEvery];
    assert.ok(files.length >= 15, `only ${files.length} flows found`);
    for (const file of files) assert.ok(fits(read_json(file)), `${file}: ${JSON.stringify(fits.errors)}`);
});

const kWrong = [null, true, 7, -1, 1.5, '', 'Not a Word!', [], {}, [7], {unheard_of: 1}];

/** Every value of a document: [pointer, value]. */
function* values_of(value, pointer = '') {
    yield [pointer, value];
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) yield* values_of(member, `${pointer}/${key}`);
}

/** Copies of a document with one thing wrong each: another kind of value, a field too few, too many or misnamed. */
function* mutants_of(document) {
    for (const [pointer, value] of values_of(document)) {
        for (const wrong of kWrong) yield [`${pointer} is ${JSON.stringify(wrong)}`, changed(document, pointer, wrong)];
        if (pointer !== '') yield [`${pointer} is gone`, changed(document, pointer)];
        if (Array.isArray(value) && value.length > 0) {
            yield [`${pointer} says the first twice`, changed(document, pointer, [value[0], ...value])];
        } else if (typeof value === 'object' && value !== null) {
            yield [`${pointer} has a field too many`, changed(document, pointer, {...value, unheard_of: true})];
            for (const [key, member] of Object.entries(value)) {
                const others = Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
                yield [`${pointer}/${key} is misnamed`, changed(document, pointer, {...others, 'Not a Word!': member})];
            }
        }
    }
}

/** What `flows check` says of each file of a folder, its name left out: name -> Set of errors. */
function errors_by_file(err, names) {
    const errors = new Map(names.map((name) => [name, new Set()]));
    for (const line of err.split('\n')) {
        const found = /^[^:]*\/(\w+)\.json(?::\d+)?: (.*)$/.exec(line);
        if (found) errors.get(found[1])?.add(found[2].replaceAll(found[1], 'IT'));
    }
    return errors;
}

const kAtOnce = 150;

/** Those of `mutants` that the program says nothing new about, compared with a sound copy beside them. */
async function accepted_of(document, mutants) {
    const folder = new FlowFolder();
    const under = (name, flow) =>
        folder.write(`${name}.json`, flow?.flow === document.flow ? {...flow, flow: name} : flow);
    under('sound', document);
    mutants.forEach(([, mutant], i) => under(`m${i}`, mutant));
    const names = ['sound', ...mutants.keys()].map((name) => (name === 'sound' ? name : `m${name}`));
    const errors = errors_by_file((await folder.check()).err, names);
    folder.remove();
    return mutants
        .filter((_, i) => ![...errors.get(`m${i}`)].some((error) => !errors.get('sound').has(error)))
        .map(([what]) => what);
}

const kSubjects = [
    {why: 'everything a flow without danger may hold', document: read_json(kEvery), under: ''},
    {
        why: 'what only a flow that answers danger may hold',
        document: {...read_json(path.join(kFixture, 'danger.json')), told: {'NOA.2': 'X2'}},
        under: /^\/(danger|told)/,
    },
];
// Who starts what is compared over all flows at once, so copies beside each other cannot show it; broken_flows.test.mjs does.
const kAcrossFlows = '/starts/situations says the first twice';

for (const {why, document, under} of kSubjects) {
    test(`what the schema refuses, the program refuses, and says in which file: ${why}`, async (context) => {
        const refused = [...mutants_of(document)]
            .filter(([what, mutant]) => what.match(under) && what !== kAcrossFlows && !fits(mutant));
        context.diagnostic(`${refused.length} broken copies`);
        assert.ok(refused.length > 150);
        const accepted = [];
        for (let i = 0; i < refused.length; i += kAtOnce) {
            accepted.push(...await accepted_of(document, refused.slice(i, i + kAtOnce)));
        }
        assert.deepEqual(accepted, []);
    });
}
