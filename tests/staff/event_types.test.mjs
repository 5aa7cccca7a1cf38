// The types of live events that are published, that a managed webhook may ask for, and that the description names.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {kSource} from '../support/node/places.mjs';

const sources = fs.readdirSync(path.join(kSource, 'webhooks'), {recursive: true})
    .filter((name) => /\.cpp$/.test(name) && !name.includes('node_modules'))
    .map((name) => fs.readFileSync(path.join(kSource, 'webhooks', name), 'utf8').replace(/\/\/.*/g, ''));
const all = (pattern) => new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map((found) => found[1])));

test('whatever is published may be asked for', () => {
    const api = JSON.parse(fs.readFileSync(path.join(kSource, 'webhooks/staff/assets/openapi.json')));
    const described = new Set(api.components.schemas.EventType.enum);
    const list = sources.map((text) => /kEventTypes\{([^}]+)\}/.exec(text)?.[1]).find(Boolean);
    const offered = new Set([...list.matchAll(/"([^"]+)"/g)].map((found) => found[1]));
    assert.deepEqual([...offered].sort(), [...described].sort());
    const published = new Set([
        ...all(/publish\(\s*"([a-z_]+\.[a-z_]+)"/g),
        ...all(/(?:tell_world|publish_case|raise_alarm|record)\([^;]*?"([a-z_]+\.[a-z_]+)"/gs),
    ]);
    assert.ok(published.size > 20, [...published].join());
    for (const type of published) assert.ok(offered.has(type), `${type} is published, and not in kEventTypes`);
});
