// Webhooks that an administrator manages: told of every live event, provable with the official package, given up when
// they fail for long, and never led into the network of the server.
import assert from 'node:assert/strict';
import net from 'node:net';
import {HookReceiver} from '../support/node/hook_receiver.mjs';
import {kMaya} from '../support/node/line.mjs';
import {Webhook} from '../support/node/official.mjs';
import {eventually, story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

const kPrivate = '[webhooks]\nallow_private = true\n';
const kAnySecret = 'whsec_' + Buffer.alloc(32, 7).toString('base64');

/** A system that wants to be told, and the webhook to it. */
async function added(line, admin, more = {}) {
    const receiver = await new HookReceiver({ledger: line.ledger, secret: kAnySecret}).start();
    const {secret, about} = await admin.does('/hooks', {name: 'archive', url: receiver.url, ...more}, 201);
    receiver.webhook = new Webhook(secret);
    return {receiver, secret, about};
}

const hook_of = async (admin, id) => (await admin.sees('/hooks')).items.find((one) => one.id === id);
const log_of = async (admin, id) => (await admin.sees(`/hooks/${id}/deliveries?limit=200`)).items;

story('it is told of every live event, once, in the order of the log, and can prove it', {toml: kPrivate}, async (line) => {
    const admin = await signed_in(line, 'Ana', 'administrator');
    const maya = await signed_in(line, 'Maya', 'counsellor', 'supervisor');
    const watch = await maya.watches();
    const {receiver, secret, about} = await added(line, admin);
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.ok(about.id > 1000 && about.state === 'on' && !JSON.stringify(await admin.sees('/hooks')).includes(secret));
    await line.phone('+15550110').texts('i want to kill myself');
    await line.settled();
    const [{id}] = (await maya.sees('/conversations')).items;
    await maya.does(`/conversations/${id}/take`, {});
    await maya.replies(id, 'I am here.');
    await maya.does(`/conversations/${id}/note`, {text: 'sister next door'}, 201);
    await maya.does(`/conversations/${id}/tags`, {add: ['nights']});
    await line.phone('+15550110').texts('STOP');
    await line.settled();
    const told = (list) => list.filter((one) => one.type !== 'typing');
    const kinds = () => new Set(told(watch.events).filter((one) => one.id).map((one) => one.type));
    await eventually(() => ['message.received', 'escalation.opened', 'conversation.held', 'conversation.noted', 'conversation.tagged', 'consent.changed']
        .every((type) => kinds().has(type)), 'the events');
    await eventually(async () => (await hook_of(admin, about.id)).owed === 0, 'nothing to be owed');
    const stream = watch.events.filter((one) => one.id);
    await eventually(() => receiver.got.length >= stream.length, `${stream.length} webhooks`);
    assert.deepEqual(receiver.refused, []);
    const by_key = new Map(receiver.got.map((one) => [one.id, one]));
    assert.equal(by_key.size, receiver.got.length, 'none twice');
    for (const event of stream) {
        const hook = by_key.get(`event-${event.id}`);
        assert.deepEqual([hook?.type, hook?.data], [event.type, event.data], `event ${event.id}`);
    }
    const {event_types} = await admin.sees('/hooks');
    for (const type of kinds()) assert.ok(event_types.includes(type), `${type} is in the list of types`);
    assert.doesNotMatch(JSON.stringify(receiver.got), /kill|sister|I am here|5550110/, 'no words, no numbers');
    const [latest] = await log_of(admin, about.id);
    assert.deepEqual([latest.state, latest.outcome, latest.attempts], ['sent', '204', 1]);
    await watch.close();
    await receiver.stop();
});

story('only what it asked for; sent again; off; removed', {toml: kPrivate}, async (line) => {
    const admin = await signed_in(line, 'Ana', 'administrator');
    const {receiver, about} = await added(line, admin, {events: ['message.received']});
    await admin.is_refused('/hooks', {name: 'archive', url: receiver.url}, 409, 'name_taken');
    await admin.is_refused('/hooks', {name: 'dashboard', url: receiver.url}, 409, 'name_taken');
    assert.equal((await admin.post('/hooks', {name: 'x', url: receiver.url, events: ['message.read']})).status, 400);
    await line.phone('+15550110').texts('hi');
    const first = await receiver.event('message.received');
    await line.settled();
    assert.deepEqual([...new Set(receiver.got.map((one) => one.type))], ['message.received']);
    const [delivery] = await log_of(admin, about.id);
    await admin.does(`/deliveries/${delivery.id}/resend`, {}, 204);
    await eventually(() => receiver.got.length === 2, 'it again');
    assert.equal(receiver.got[1].id, first.id, 'under the same id');
    await admin.does(`/hooks/${about.id}/test`, {}, 202);
    await receiver.event('test');

    assert.equal((await admin.does(`/hooks/${about.id}`, {on: false})).state, 'off');
    await line.phone('+15550111').texts('hi');
    await line.settled();
    await admin.does(`/hooks/${about.id}`, {on: true, events: ['consent.changed'], name: 'ledger'});
    await line.phone('+15550111').texts('STOP');
    await receiver.event('consent.changed');
    assert.equal(receiver.got.filter((one) => one.type === 'message.received').length, 2, 'nothing while it was off');
    await admin.does(`/hooks/${about.id}/remove`, {}, 204);
    await admin.is_refused(`/hooks/${about.id}`, {on: true}, 404, 'not_found');
    await admin.is_refused('/hooks/1', {name: 'mine'}, 404, 'not_found');
    assert.equal((await admin.sees('/hooks')).items.length, 1, 'that of the configuration stays');
    const audit = (await admin.sees('/audit')).items.map((one) => one.what);
    for (const what of ['webhook_made', 'webhook_changed', 'webhook_sent_again', 'webhook_tested', 'webhook_removed']) assert.ok(audit.includes(what), what);
    await receiver.stop();
});

story('a new secret signs beside the old one for a while', {toml: '[webhooks]\nallow_private = true\nold_secret_signs = "4s"\n'}, async (line) => {
    const admin = await signed_in(line, 'Ana', 'administrator');
    const {receiver, secret, about} = await added(line, admin, {events: ['erasure.refused']});
    const {secret: fresh, about: rotated} = await admin.does(`/hooks/${about.id}/rotate`, {});
    assert.notEqual(fresh, secret);
    assert.ok(Date.parse(rotated.old_secret_until) > Date.now());
    const is_taken = async (with_secret) => {
        receiver.webhook = new Webhook(with_secret);
        const [got, refused] = [receiver.got.length, receiver.refused.length];
        await admin.does(`/hooks/${about.id}/test`, {}, 202);
        await eventually(() => receiver.got.length + receiver.refused.length > got + refused, 'the test');
        return receiver.got.length > got;
    };
    assert.ok(await is_taken(secret), 'with the old one');
    assert.ok(await is_taken(fresh), 'with the new one');
    await eventually(async () => (await hook_of(admin, about.id)).old_secret_until === null, 'the old secret to end');
    assert.ok(await is_taken(fresh));
    assert.ok(!await is_taken(secret), 'and then no longer with the old one');
    await receiver.stop();
});

story('what fails for long is given up, and staff hear of it', {toml: '[webhooks]\nallow_private = true\ngive_up_after = "2s"\n'}, async (line) => {
    const admin = await signed_in(line, 'Ana', 'administrator');
    const {receiver, about} = await added(line, admin, {events: ['escalation.opened', 'message.received']});
    receiver.answer_with(500, 500, 500, 500, 500, 500);
    await line.phone('+15550110').texts('hi');
    await eventually(async () => (await hook_of(admin, about.id)).failing_since, 'it to be seen failing');
    await eventually(async () => (await hook_of(admin, about.id)).state === 'given_up', 'it to be given up', 20_000);
    const [delivery] = await log_of(admin, about.id);
    assert.deepEqual([delivery.state, delivery.outcome], ['failed', '500']);
    const {data} = await line.hooks.event('oncall.trouble');
    assert.match(data.what, /the webhook archive has taken nothing for 0 h and is switched off/);
    await line.phone(kMaya.phone).hears(/no longer hear of cases: the webhook archive/);
    assert.equal((await admin.sees('/audit')).items[0].what, 'webhook_given_up');
    const before = receiver.got.length;
    await line.phone('+15550111').texts('hi');
    await line.settled();
    assert.equal((await log_of(admin, about.id)).length, 1, 'it is owed nothing more');
    receiver.statuses = [];
    await admin.does(`/hooks/${about.id}`, {on: true});
    await line.phone('+15550112').texts('hi');
    await receiver.event('message.received');
    assert.equal(receiver.got.length, before + 1);
    await receiver.stop();
});

story('nobody is led into the network of the server', {}, async (line) => {
    const admin = await signed_in(line, 'Ana', 'administrator');
    for (const url of ['https://127.0.0.1/x', 'https://10.1.2.3/', 'https://[::1]:8443/', 'https://[fd00::1]/', 'https://169.254.169.254/latest/meta-data',
        'https://localhost/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::ffff:10.0.0.1]/', 'http://example.org/', 'https://user@example.org/', 'gopher://example.org/', 'x']) {
        assert.equal((await admin.post('/hooks', {name: 'x', url})).status, 400, url);
    }
    let connections = 0;
    const inside = net.createServer((socket) => { ++connections; socket.destroy(); });
    await new Promise((done) => inside.listen(0, '127.0.0.1', done));
    // A name says nothing of where it leads: that is looked at when it is connected to. This one leads to loopback.
    const url = `https://inside.localhost:${inside.address().port}/`;
    const {about} = await admin.does('/hooks', {name: 'inside', url, events: ['erasure.asked']}, 201);
    await admin.does(`/hooks/${about.id}/test`, {}, 202);
    await eventually(async () => (await log_of(admin, about.id))[0]?.outcome === 'private_address', 'it to be refused');
    assert.equal(connections, 0);
    inside.close();
});
