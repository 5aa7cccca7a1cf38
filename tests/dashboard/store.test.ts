// The page's store under a played stream, played requests and a played clock.
import assert from 'node:assert/strict';
import test from 'node:test';
import {merged, queue as queue_kind, talk} from '../../webhooks/dashboard/src/resources';
import {Store, type Kind, type LiveEvent} from '../../webhooks/dashboard/src/store';

/** A clock that moves when told to, and what is due then. */
class Clock {
    at = 0;
    #due: {at: number; run: () => void}[] = [];
    around = {
        now: () => this.at,
        later: (ms: number, run: () => void) => { this.#due.push({at: this.at + ms, run}); },
        worth_repeating: (error: unknown) => (error as Error).message === 'away',
    };
    async pass(ms: number): Promise<void> {
        for (const end = this.at + ms; ;) {
            const next = this.#due.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
            if (!next) {
                this.at = end;
                return settle();
            }
            this.#due.splice(this.#due.indexOf(next), 1);
            this.at = next.at;
            next.run();
            await settle();
        }
    }
}

const settle = () => new Promise<void>((done) => setImmediate(done));

/** A list at a server: each event adds its id. Answers wait until released. */
class Server {
    list: number[] = [];
    requests: {answer: () => void; fail: (why: string) => void}[] = [];
    asked = 0;
    kind: Kind<number[]> = {
        load: () => {
            ++this.asked;
            const snapshot = {value: [...this.list], event: this.list.at(-1) ?? 0};
            return new Promise((done, failed) => this.requests.push({answer: () => done(snapshot), fail: (why) => failed(new Error(why))}));
        },
        concerns: (event) => event.type === 'added',
    };
    add(id: number): LiveEvent {
        this.list.push(id);
        return {id, type: 'added', data: {}};
    }
    async answer(): Promise<void> {
        this.requests.shift()?.answer();
        await settle();
    }
    async fail(why: string): Promise<void> {
        this.requests.shift()?.fail(why);
        await settle();
    }
}

function set_up() {
    const clock = new Clock();
    const server = new Server();
    const store = new Store(clock.around);
    let drawn = 0;
    const stop = store.watch('list', server.kind, () => ++drawn);
    return {clock, server, store, stop, shown: () => store.shown<number[]>('list').value, drawn: () => drawn};
}

test('the first look is the snapshot', async () => {
    const {server, shown} = set_up();
    server.add(1);
    assert.equal(server.asked, 1);
    await server.answer();
    assert.deepEqual(shown(), []);  // as it was when asked
});

test('an event that the snapshot does not know is asked for, one that it knows is not', async () => {
    const {clock, server, store, shown} = set_up();
    await server.answer();
    const first = server.add(1);
    store.apply(first);
    await clock.pass(300);
    await server.answer();
    assert.deepEqual(shown(), [1]);
    store.apply(first);
    await clock.pass(1_000);
    assert.equal(server.asked, 2, 'a repetition changes nothing');
});

test('what happened while an answer was on its way is asked for once more, and no more often', async () => {
    const {clock, server, store, shown} = set_up();
    await server.answer();
    store.apply(server.add(1));
    await clock.pass(300);
    store.apply(server.add(2));
    store.apply(server.add(3));
    await server.answer();
    assert.deepEqual(shown(), [1]);
    await clock.pass(300);
    await server.answer();
    assert.deepEqual(shown(), [1, 2, 3]);
    await clock.pass(5_000);
    assert.equal(server.asked, 3);
});

test('a thousand events in a second are a handful of requests', async () => {
    const {clock, server, store, shown} = set_up();
    await server.answer();
    for (let id = 1; id <= 1_000; ++id) {
        store.apply(server.add(id));
        await clock.pass(1);
        await server.answer();
    }
    await clock.pass(300);
    await server.answer();
    assert.equal(shown()?.length, 1_000);
    assert.ok(server.asked <= 8, `${server.asked} requests`);
});

test('coming back after a lost connection asks for what was missed, as the first look does', async () => {
    const {clock, server, store, shown} = set_up();
    await server.answer();
    store.begin(0);
    server.add(1);  // the stream is lost: nobody tells the page
    server.add(2);
    store.begin(2);
    await clock.pass(300);
    await server.answer();
    assert.deepEqual(shown(), [1, 2]);
    store.begin(2);
    await clock.pass(5_000);
    assert.equal(server.asked, 2, 'it missed nothing the second time');
});

test('a server that is away is asked again, and what was shown stays', async () => {
    const {clock, server, store, shown} = set_up();
    await server.answer();
    store.apply(server.add(1));
    await clock.pass(300);
    await server.fail('away');
    assert.deepEqual(shown(), []);
    assert.ok(store.shown('list').error);
    await clock.pass(2_000);
    await server.answer();
    assert.deepEqual(shown(), [1]);
    assert.equal(store.shown('list').error, undefined);
});

test('a refusal is shown and not repeated', async () => {
    const {clock, server, store} = set_up();
    await server.fail('forbidden');
    await clock.pass(60_000);
    assert.equal(server.asked, 1);
    assert.match(String(store.shown('list').error), /forbidden/);
});

test('a resource nobody looks at is let go', async () => {
    const {clock, server, store, stop} = set_up();
    await server.answer();
    stop();
    store.apply(server.add(1));
    await clock.pass(5_000);
    assert.equal(server.asked, 1);
    assert.equal(store.shown('list').value, undefined);
});

test('somebody else writes: said at once, and for six seconds', async () => {
    const {clock, store} = set_up();
    let told = 0;
    store.watch_typing(() => ++told);
    store.apply({id: null, type: 'typing', data: {contact: 7, by: 'Luis'}});
    assert.equal(store.typing(7, 'Maya'), 'Luis');
    assert.equal(store.typing(7, 'Luis'), '', 'not to oneself');
    assert.equal(store.typing(8, 'Maya'), '');
    await clock.pass(6_100);
    assert.equal(store.typing(7, 'Maya'), '');
    assert.equal(told, 2);
});

test('who holds a conversation shows before the queue is asked again', () => {
    const item = {contact: {id: 7}, held_by: null};
    const before = {items: [item, {contact: {id: 8}, held_by: null}], event: 1} as never;
    const after = queue_kind.apply?.(before, {id: 2, type: 'conversation.held', data: {contact: 7, held_by: 'Maya', by: 'Maya', version: 3}});
    assert.deepEqual(after?.items.map((each) => each.held_by), ['Maya', null]);
});

test('what became of a text is shown in the transcript that has it, by the event alone', () => {
    const kind = talk(7);
    const before = {conversation: {}, messages: [{key: 'out-5', state: 'wired'}, {key: 'in-5', state: 'received'}]} as never;
    const sent = {id: 9, type: 'message.delivered', data: {message: 5}};
    assert.equal(kind.concerns(sent, before), true);
    assert.deepEqual(kind.apply?.(before, sent).messages.map((each) => each.state), ['delivered', 'received']);
    assert.equal(kind.concerns({...sent, data: {message: 6}}, before), false, 'of another conversation');
    assert.equal(kind.concerns({id: 9, type: 'message.received', data: {contact: 8, message: 5}}, before), false);
});

test('older texts and newer ones are one list, each once', () => {
    const text = (key: string, at: string, state = '') => ({key, at, state, id: Number(key.slice(3))}) as never;
    const list = merged([text('in-3', '2026-01-01T00:00:02Z'), text('ou-2', '2026-01-01T00:00:01Z', 'sent')], [text('in-1', '2026-01-01T00:00:00Z'), text('ou-2', '2026-01-01T00:00:01Z', 'queued')]);
    assert.deepEqual(list.map(({key, state}) => [key, state]), [['in-1', ''], ['ou-2', 'sent'], ['in-3', '']]);
});
