// Every route of the API, role by role: the description says which permission it needs, and the server holds to it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {story} from '../support/node/story.mjs';
import {Browser, signed_in} from './browser.mjs';

// Written out a second time, by what people do: a slip in the server's table does not agree with this one.
const kReads = ['read_oncall', 'read_flows', 'read_numbers'];
const kMay = {
    counsellor: ['read_conversations', 'act', 'reveal_numbers', 'read_ledger', ...kReads],
    supervisor: ['read_conversations', 'act', 'take_over', 'reveal_numbers', 'read_ledger', 'export', 'erase', 'manage_oncall',
        'write_saved_replies', 'read_staff', ...kReads],
    administrator: ['manage_oncall', 'read_staff', 'manage_staff', 'manage_tokens', 'manage_hooks', 'read_audit', ...kReads],
    auditor: ['read_ledger', 'read_staff', 'read_audit', ...kReads],
};

const operations = (api) => Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({path, method: method.toUpperCase(), ...one})));

const target_of = ({path}) => path.replace('/api/v1', '').replace(/\{\w+\}/g, '999999');

story('no route answers a role that may not', {}, async (line) => {
    const api = await (await fetch(`http://127.0.0.1:${line.port}/api/v1/openapi.json`)).json();
    assert.deepEqual(api, JSON.parse(fs.readFileSync(new URL('../../webhooks/staff/assets/openapi.json', import.meta.url))));
    const nobody = new Browser(line);
    let tried = 0;
    for (const one of operations(api).filter((each) => !each.security)) {
        const {status, body} = await nobody.request(one.method, target_of(one), {body: one.method === 'POST' ? {} : undefined});
        assert.deepEqual([status, body.code], [401, 'not_signed_in'], `${one.method} ${one.path}`);
    }
    for (const [role, may] of Object.entries(kMay)) {
        const browser = await signed_in(line, role[0].toUpperCase() + role.slice(1, 6), role);
        assert.deepEqual([...(await browser.sees('/me')).may].sort(), [...may].sort(), role);
        for (const one of operations(api).filter((each) => each['x-permission'])) {
            const {status, body} = await browser.request(one.method, target_of(one), {body: one.method === 'POST' ? {} : undefined});
            const where = `${role}: ${one.method} ${one.path} gave ${status} ${JSON.stringify(body)}`;
            if (may.includes(one['x-permission'])) assert.ok(status !== 401 && status !== 403, where);
            else assert.deepEqual([status, body.code], [403, 'not_permitted'], where);
            assert.notEqual(status, 500, where);
            // What is described is there: an id that does not exist is told by its code, an unknown path has none of these.
            if (status === 404) assert.equal(body.code, 'not_found', where);
            ++tried;
        }
    }
    assert.ok(tried > 100, `${tried} tried`);
});

story('a token has its scopes and no more, and is revoked', {}, async (line) => {
    const admin = await signed_in(line, 'Ana', 'administrator');
    const {token, about} = await admin.does('/tokens', {name: 'reports', scopes: ['read_numbers', 'read_conversations']}, 201);
    assert.equal(about.sees_numbers, false);
    const with_token = (path) => new Browser(line).get(path, {headers: {Authorization: `Bearer ${token}`}});
    assert.equal((await with_token('/queue')).status, 200);
    assert.equal((await with_token('/audit')).status, 403);
    assert.ok(!JSON.stringify(await admin.sees('/tokens')).includes(token));
    await admin.does(`/tokens/${about.id}/revoke`, {}, 204);
    assert.equal((await with_token('/queue')).status, 401);
    const audit = (await admin.sees('/audit')).items.map((one) => one.what);
    assert.deepEqual(audit.slice(0, 2), ['token_revoked', 'token_made']);
});

story('a number is shown to who says why, and the audit log keeps it', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const auditor = await signed_in(line, 'Ada', 'auditor');
    await line.phone('+15550110').texts('hi');
    const {items: [{id, number}]} = await maya.sees('/conversations');
    assert.doesNotMatch(number, /5550110/);
    assert.equal((await maya.post(`/conversations/${id}/reveal`, {})).status, 400, 'not without a reason');
    assert.equal((await maya.does(`/conversations/${id}/reveal`, {reason: 'calling her'})).number, '+15550110');
    const [entry] = (await auditor.sees('/audit')).items;
    assert.deepEqual([entry.who, entry.what, entry.contact, entry.detail], ['Maya', 'revealed', id, 'calling her']);
    assert.equal((await maya.sees('/conversations?search=' + encodeURIComponent('+15550110'))).items[0].id, id);
});

story('two people forget a contact; one alone cannot', {}, async (line) => {
    const ana = await signed_in(line, 'Ana', 'supervisor');
    const luis = await signed_in(line, 'Luis', 'supervisor');
    await line.phone('+15550110').texts('i slipped last night');
    await line.settled();
    const {items: [{id}]} = await ana.sees('/conversations');
    await ana.does(`/conversations/${id}/note`, {text: 'works nights'}, 201);
    const kept = await ana.does(`/conversations/${id}/export`, {});
    assert.equal(kept.contact.number, '+15550110');
    assert.ok(kept.messages.length >= 2 && kept.notes.length === 1);
    const asked = await ana.does(`/conversations/${id}/erase`, {reason: 'asked by letter'}, 201);
    await ana.is_refused(`/erasures/${asked.id}/confirm`, {}, 409, 'same_person');
    assert.equal((await luis.does(`/erasures/${asked.id}/confirm`, {})).state, 'confirmed');
    await luis.is_refused(`/erasures/${asked.id}/confirm`, {}, 409, 'decided');
    // The ledger of consent is kept as it was (PRV.2), with the words that were consent.
    const {consent, ...rest} = await ana.does(`/conversations/${id}/export`, {});
    assert.deepEqual(consent.map((one) => one.to), ['conversation']);
    const after = JSON.stringify([rest, await ana.sees(`/conversations/${id}/messages`)]);
    for (const word of ['slipped', 'works nights', '5550110']) assert.ok(!after.includes(word), word);
});

story('saved replies have placeholders of the line only', {}, async (line) => {
    const ana = await signed_in(line, 'Ana', 'supervisor');
    const made = await ana.does('/saved-replies', {name: 'hello', en: 'Hi, {staff} from {org}', es: 'Hola, {staff}'}, 201);
    await ana.is_refused('/saved-replies', {name: 'x', en: '{password}', es: ''}, 422, 'unknown_placeholder');
    await ana.does(`/saved-replies/${made.id}`, {name: 'hello', en: 'Hi there', es: 'Hola'});
    assert.equal((await ana.sees('/saved-replies')).items[0].en, 'Hi there');
    await ana.does(`/saved-replies/${made.id}/remove`, {}, 204);
    assert.deepEqual((await ana.sees('/saved-replies')).items, []);
});
