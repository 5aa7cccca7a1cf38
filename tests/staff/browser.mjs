// A member of staff at a browser: a cookie, the header of the page, and the stream of live events.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';

export const kPassword = 'correct horse battery';

/** An account made on the command line; its browser, signed in by the one-time link. */
export async function signed_in(line, name, ...roles) {
    const made = await line.command('staff', 'add', name, ...roles.flatMap((role) => ['--role', role]),
        '--config', line.file('handrail.toml'));
    assert.equal(made.code, 0, made.stderr);
    const link = made.stdout.match(/\/dashboard\/#welcome=(\S+)/)[1];
    const browser = new Browser(line, name);
    const welcome = await browser.post('/welcome', {link, password: kPassword});
    assert.equal(welcome.status, 200, JSON.stringify(welcome.body));
    browser.link = link;
    return browser;
}

/** Guesses, a few at once, until one is held back for so long that even a slow machine can look at that. How many were heard. */
export async function held_back(guess) {
    let heard = 0;
    for (let wave = 0; wave < 20; ++wave) {
        const answers = await Promise.all(Array.from({length: 8}, guess));
        for (const {status, body} of answers) assert.ok([401, 429].includes(status), JSON.stringify(body));
        const held = answers.filter((answer) => answer.status === 429);
        heard += answers.length - held.length;
        if (held.some((answer) => +answer.headers.get('retry-after') >= 8)) return heard;
        if (held.length === answers.length) await new Promise((done) => setTimeout(done, 1_000));  // to be heard again, which doubles the wait
    }
    assert.fail(`never held back for long; ${heard} guesses were heard`);
}

export class Browser {
    constructor(line, name) {
        Object.assign(this, {line, name, cookie: ''});
    }
    async request(method, path, {body, headers = {}} = {}) {
        const answer = await fetch(`http://127.0.0.1:${this.line.port}/api/v1${path}`, {
            method,
            headers: {
                ...(this.cookie && {Cookie: this.cookie}),
                ...(method === 'POST' && {'X-Handrail': '1', 'Content-Type': 'application/json'}),
                ...headers,
            },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        const set = answer.headers.get('set-cookie');
        if (set) {
            this.set_cookie = set;
            this.cookie = set.split(';')[0];
        }
        if (/event-stream/.test(answer.headers.get('content-type'))) {
            await answer.body.cancel();
            return {status: answer.status, headers: answer.headers, body: null};
        }
        const text = await answer.text();
        return {status: answer.status, headers: answer.headers, body: /json/.test(answer.headers.get('content-type')) && text ? JSON.parse(text) : text || null};
    }
    get(path, options) {
        return this.request('GET', path, options);
    }
    post(path, body = {}, options = {}) {
        return this.request('POST', path, {body, ...options});
    }
    /** The answer must be this one; its body. */
    async does(path, body, status = 200) {
        const answer = await this.post(path, body);
        assert.equal(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
        return answer.body;
    }
    async sees(path) {
        const answer = await this.get(path);
        assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`);
        return answer.body;
    }
    /** Refused with this code. */
    async is_refused(path, body, status, code) {
        const answer = await this.post(path, body);
        assert.deepEqual([answer.status, answer.body?.code], [status, code], `${path}: ${JSON.stringify(answer.body)}`);
        assert.match(answer.headers.get('content-type'), /problem\+json/);
        return answer.body;
    }
    async replies(contact, text, more = {}) {
        const {version} = await this.sees(`/conversations/${contact}`);
        return this.post(`/conversations/${contact}/reply`, {text, version, key: randomUUID(), ...more});
    }
    async watches(after) {
        return Watch.open(this, after);
    }
}

/** The live events as they come. */
export class Watch {
    static async open(browser, after) {
        const watch = new Watch();
        watch.stop = new AbortController();
        const target = `http://127.0.0.1:${browser.line.port}/api/v1/events${after === undefined ? '' : `?after=${after}`}`;
        const answer = await fetch(target, {headers: {Cookie: browser.cookie}, signal: watch.stop.signal});
        assert.equal(answer.status, 200);
        assert.match(answer.headers.get('content-type'), /event-stream/);
        watch.events = [];
        watch.ended = watch.#read(answer.body).catch(() => {}).then(() => { watch.over = true; });
        return watch;
    }
    async #read(body) {
        let text = '';
        for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
            text += chunk;
            for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
                const lines = Object.fromEntries(text.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s)));
                if (lines.event) this.events.push({id: lines.id && +lines.id, type: lines.event, data: JSON.parse(lines.data), at: Date.now()});
            }
        }
    }
    of(type) {
        return this.events.filter((one) => one.type === type);
    }
    close() {
        this.stop.abort();
        return this.ended;
    }
}
