// Words looked for in sealed texts, and what was heard kept as it was heard.
import assert from 'node:assert/strict';
import {story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

story('words are found in texts and in what was heard, by who may read them, and the audit log knows', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'counsellor');
    const ana = await signed_in(line, 'Ana', 'administrator', 'auditor');
    await line.phone('+15550110').texts('My brother Andrés hid the keys');
    await line.phone('+15550110').texts('and the car keys too');
    await line.phone('+15550111').texts('i want to kill myself');
    await line.settled();
    const find = async (words) => (await maya.does('/search', {words})).items.map(({contact, message}) => [contact.number.slice(-2), message.text]);
    assert.deepEqual(await find('ANDRES hid'), [['10', 'My brother Andrés hid the keys']]);
    assert.deepEqual(await find('killing themselves'), [['11', 'i want to kill myself']], 'by the words of the rule');
    assert.deepEqual(await find('nobody wrote this'), []);
    assert.deepEqual(await find('keys'), [['10', 'and the car keys too']], 'of each contact the latest');
    const {back_to, whole} = await maya.does('/search', {words: 'keys'});
    assert.ok(whole && Date.now() - Date.parse(back_to) > 29 * 86_400_000);
    await maya.is_refused('/search', {words: '..'}, 422, 'no_words');
    assert.equal((await maya.post('/search', {words: 'x'})).status, 400);
    await ana.is_refused('/search', {words: 'keys'}, 403, 'not_permitted');
    const entries = (await ana.sees('/audit')).items.filter((one) => one.what === 'searched_texts');
    assert.deepEqual([entries.length, entries[0].who, entries[0].detail], [5, 'Maya', '1 found']);
    assert.doesNotMatch(JSON.stringify(entries), /keys|brother/);
});

story('what was heard stays with the text, and goes when the texter is forgotten', {}, async (line) => {
    const maya = await signed_in(line, 'Maya', 'supervisor');
    const luis = await signed_in(line, 'Luis', 'supervisor');
    await line.phone('+15550111').texts('i want to kill myself');
    await line.settled();
    const {items: [{id}]} = await maya.sees('/conversations');
    const first = async () => (await maya.sees(`/conversations/${id}/messages`)).items.find((one) => one.direction === 'in');
    const {heard, fired} = await first();
    assert.deepEqual([heard[0].rule, heard[0].words, fired], ['sh.kill_self', 'speaks of killing themselves', 'speaks of killing themselves']);
    assert.deepEqual((await maya.sees(`/conversations/${id}/messages`)).items.find((one) => one.direction === 'out').heard, []);
    await maya.does(`/conversations/${id}/take`, {});
    await maya.does(`/conversations/${id}/resolve`, {reason: 'safe_now'});
    await line.settled();
    const asked = await maya.does(`/conversations/${id}/erase`, {reason: 'by letter'}, 201);
    await luis.does(`/erasures/${asked.id}/confirm`, {});
    assert.deepEqual((await first()).heard, []);
    assert.deepEqual((await maya.does('/search', {words: 'killing themselves'})).items, []);
});
