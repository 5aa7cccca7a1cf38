// What the demo page does when its server is away: it says so in words, and goes on by itself. The page's own module,
// with a browser's fetch and EventSource stood in for.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';

const source = fs.readFileSync(new URL('../../webhooks/demo/assets/server.js', import.meta.url), 'utf8');
const page = await import(`data:text/javascript,${encodeURIComponent(source)}`);

test('a server that is away is said in plain words', async (context) => {
    context.mock.method(globalThis, 'fetch', async () => { throw new TypeError('Failed to fetch'); });
    for (const ask of [() => page.new_number(), () => page.send_text('+15550104', 'hi'), () => page.phone('+15550104')]) {
        await assert.rejects(ask, ({message}) => {
            assert.doesNotMatch(message, /fetch/i);
            assert.match(message, /server does not answer.*goes on by itself/);
            return true;
        });
    }
});

test('what the server itself says is passed on', async (context) => {
    context.mock.method(globalThis, 'fetch', async () => new Response('{"detail":"No number left."}', {status: 409}));
    await assert.rejects(() => page.new_number(), /^Error: No number left\.$/);
});

test('the stream is opened again after an answer that ended it, and not while the browser does that itself', (context) => {
    const later = [];
    context.mock.method(globalThis, 'setTimeout', (work) => later.push(work));
    const opened = [];
    class Stream extends EventTarget {
        static CLOSED = 2;
        constructor() { super(); opened.push(this); }
        fails(state) { this.readyState = state; this.dispatchEvent(new Event('error')); }
    }
    globalThis.EventSource = Stream;
    const seen = [];
    let changes = 0;
    page.watch(() => { ++changes; }, (linked) => seen.push(linked));
    opened[0].dispatchEvent(new Event('open'));
    opened[0].fails(0);  // connecting: the browser is at it
    assert.equal(later.length, 0);
    opened[0].fails(Stream.CLOSED);
    assert.equal(later.length, 1);
    later[0]();
    assert.equal(opened.length, 2);
    opened[1].dispatchEvent(new Event('open'));
    assert.deepEqual(seen, [true, false, false, true]);
    assert.equal(changes, 2, 'what happened meanwhile is asked for');
});
