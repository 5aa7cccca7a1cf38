// Everything the page asks of the server.

export const kAway = 'The demo server does not answer: it was stopped, or is starting anew. Start it with deploy/demo; ' +
    'this page goes on by itself when it is back.';
const kAgain = 2000;  // ms

/** What a browser says of a server that is away ("Failed to fetch") helps nobody. */
async function reach(path, options) {
    try {
        return await fetch(path, options);
    } catch {
        throw new Error(kAway);
    }
}

async function ask(method, path, body) {
    const options = {method, headers: {}};
    if (body !== undefined) {
        options.headers['Content-Type'] = 'application/json';
        options.body = JSON.stringify(body);
    }
    const answer = await reach(path, options);
    const document = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(document.detail || document.title || `The server answered ${answer.status}.`);
    return document;
}

export const new_number = async () => (await ask('POST', '/demo/phones', {})).number;
export const send_text = (from, text) => ask('POST', '/demo/texts', {from, text});
export const phone = (number) => ask('GET', `/demo/phone?number=${encodeURIComponent(number)}`);

const kEvents = [
    'message.received', 'message.queued', 'message.sent', 'message.reported', 'message.errored', 'message.failed',
    'message.cancelled', 'message.stale', 'message.unknown', 'conversation.changed', 'consent.changed',
    'escalation.opened', 'escalation.raised', 'escalation.noted', 'escalation.notified', 'escalation.acknowledged',
    'escalation.resolved', 'responder.stopped', 'responder.in_danger',
];

/**
 * Calls `changed` whenever something was committed, and `linked(true|false)` as the stream comes and goes. The browser
 * asks again when the server is away, but gives up on an answer that is no stream (a proxy's page): then we ask again.
 */
export function watch(changed, linked) {
    const stream = new EventSource('/demo/events');
    for (const name of kEvents) stream.addEventListener(name, changed);
    stream.addEventListener('open', () => { linked(true); changed(); });
    stream.addEventListener('error', () => {
        linked(false);
        if (stream.readyState === EventSource.CLOSED) setTimeout(() => watch(changed, linked), kAgain);
    });
}
