// Fifty dashboards watch while two hundred texts a second come in: no event lost or doubled, memory bounded, and how long
// an event takes to each page. node tests/bench/dashboards.mjs [--seconds 20] [--dashboards 50] [--rate 200] [--json FILE]
// The binary is build/release/handrail, or HANDRAIL_BINARY.
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {signed_in} from '../staff/browser.mjs';
import {number_of} from '../support/node/crowd.mjs';
import {Line} from '../support/node/line.mjs';
import {kSource} from '../support/node/places.mjs';

const {values: options} = parseArgs({options: {
    seconds: {type: 'string', default: '20'},
    dashboards: {type: 'string', default: '50'},
    rate: {type: 'string', default: '200'},
    json: {type: 'string', default: ''},
}});
const kTexters = 397;
const kAccounts = 10;
const kDangerEvery = 100; // every so many texts one raises an escalation
const kMostMemory = 256; // MiB, of which a stalled dashboard must take no part
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const figures = (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    return {count: sorted.length, p50_ms: percentile(sorted, 0.5), p99_ms: percentile(sorted, 0.99), max_ms: sorted.at(-1)};
};
const memory_of = (pid, what) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+)`))[1]) / 1024;

/** The stream of one dashboard, read with as little work as can be: fifty of them share this process with the sender. */
class Page {
    static open(line, browser) {
        const page = Object.assign(new Page(), {events: [], first: 0, last: 0, count: 0, doubled: 0, over: false, rest: ''});
        return new Promise((done, fail) => {
            page.request = http.get({port: line.port, path: '/api/v1/events', headers: {Cookie: browser.cookie}}, (answer) => {
                if (answer.statusCode !== 200) return fail(new Error(`the stream: ${answer.statusCode}`));
                answer.setEncoding('utf8').on('data', (chunk) => page.#take(chunk)).on('close', () => { page.over = true; }).on('error', () => {});
                return done(page);
            }).on('error', fail);
        });
    }
    #take(chunk) {
        const at = Date.now();
        const frames = (this.rest + chunk).split('\n\n');
        this.rest = frames.pop();
        for (const frame of frames) {
            if (!frame.startsWith('id: ')) continue;
            const id = parseInt(frame.slice(4), 10);
            if (id <= this.last) ++this.doubled;
            else ++this.count;
            this.first ||= id;
            this.last = Math.max(this.last, id);
            const type = /\nevent: (message\.received|escalation\.opened)\n/.exec(frame)?.[1];
            if (type) this.events.push({type, contact: JSON.parse(frame.slice(frame.indexOf('data: ') + 6)).contact, at});
        }
    }
    close() {
        this.request.destroy();
    }
}

/** A dashboard whose reader has gone to sleep: the server must cut it off, not remember for it. */
async function stalled(line, browser) {
    const socket = net.connect(line.port, '127.0.0.1').on('error', () => {});
    await new Promise((done) => socket.once('connect', done));
    socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${browser.cookie}\r\n\r\n`);
    socket.pause();
    return socket;
}

async function dashboards(line) {
    const accounts = [];
    for (let i = 0; i < kAccounts; ++i) accounts.push(await signed_in(line, `Staff ${i + 1}`, 'counsellor'));
    const open = [];
    for (let i = 0; i < +options.dashboards; ++i) open.push(await Page.open(line, accounts[i % kAccounts]));
    return {accounts, open};
}

/** The open loop: texts leave at their times, whatever became of those before. @returns what was sent, by contact's number */
async function pour(line) {
    const sent = [];
    const total = +options.rate * +options.seconds;
    const busy = new Map();
    const begun = performance.now();
    for (let i = 0; i < total; ++i) {
        const wait = begun + (i * 1_000) / +options.rate - performance.now();
        if (wait > 1) await sleep(wait);
        const number = number_of(i % kTexters);
        const danger = i % kDangerEvery === kDangerEvery / 2;
        // Of one texter one after the other, so that the events of each come in the order of their texts.
        const before = busy.get(number) ?? Promise.resolve();
        const one = {number, danger, at: 0};
        sent.push(one);
        busy.set(number, before.then(() => {
            one.at = Date.now();
            return line.phone(number).texts(danger ? 'i want to kill myself tonight' : `text ${i} of many`);
        }));
    }
    await Promise.all(busy.values());
    return sent;
}

/** Ids of `message.received` and `escalation.opened` of each contact, as the store has them, in order. */
function by_contact(events, type) {
    const all = new Map();
    for (const one of events.filter((each) => each.type === type)) {
        if (!all.has(one.contact)) all.set(one.contact, []);
        all.get(one.contact).push(one);
    }
    return all;
}

function delays(sent, page, ids_of_numbers, type) {
    const events = by_contact(page.events, type);
    const nth = new Map();
    const found = [];
    for (const one of sent) {
        const contact = ids_of_numbers.get(one.number);
        const n = nth.get(contact) ?? 0;
        nth.set(contact, n + 1);
        const event = events.get(contact)?.[n];
        if (event) found.push(event.at - one.at);
    }
    return found;
}

async function measure(line) {
    const {accounts, open} = await dashboards(line);
    const sleeper = await stalled(line, accounts[0]);
    const before = memory_of(line.server.pid, 'VmRSS');
    const sent = await pour(line);
    await line.settled(120_000);
    const {event: last} = await accounts[0].sees('/queue');
    const until = Date.now() + 60_000;
    while (open.some((page) => page.last < last) && Date.now() < until) await sleep(50);

    const ids_of_numbers = new Map((await line.all('/conversations')).map((row) => [row.number, row.id]));
    const first = Math.min(...open.map((page) => page.first));
    const lost = open.reduce((all, page) => all + (Math.max(last, page.last) - first + 1 - page.count), 0);
    const danger = new Set();
    const first_danger = (one) => one.danger && !danger.has(one.number) && danger.add(one.number);
    const opened = sent.filter(first_danger);
    const result = {
        dashboards: open.length, texts: sent.length, per_second: +options.rate, events: last - first + 1, lost, doubled: open.reduce((all, page) => all + page.doubled, 0),
        ended: open.filter((page) => page.over).length,
        event_to_page: figures(open.flatMap((page) => delays(sent, page, ids_of_numbers, 'message.received'))),
        escalation_to_page: figures(open.flatMap((page) => delays(opened, page, ids_of_numbers, 'escalation.opened'))),
        rss_before_mib: before, rss_mib: memory_of(line.server.pid, 'VmRSS'), peak_mib: memory_of(line.server.pid, 'VmHWM'),
    };
    sleeper.destroy();
    for (const page of open) page.close();
    return result;
}

const line = await Line.start({
    binary: process.env.HANDRAIL_BINARY ?? path.join(kSource, 'build/release/handrail'), log_level: 'warning', hook: false,
});
try {
    const result = await measure(line);
    const show = ({p50_ms, p99_ms, max_ms}) => `p50 ${p50_ms} ms, p99 ${p99_ms} ms, most ${max_ms} ms`;
    console.log(`${result.dashboards} dashboards, ${result.texts} texts at ${result.per_second}/s, ${result.events} events to each`);
    console.log(`from a text sent to its event on a page:        ${show(result.event_to_page)}`);
    console.log(`from a text in danger to its escalation there:  ${show(result.escalation_to_page)} (aim: 300 ms)`);
    console.log(`lost ${result.lost}, doubled ${result.doubled}, streams ended ${result.ended}; ` +
        `resident ${result.rss_before_mib.toFixed(0)} MiB before, ${result.rss_mib.toFixed(0)} after, ${result.peak_mib.toFixed(0)} at most`);
    if (options.json) fs.writeFileSync(options.json, JSON.stringify(result, null, 2) + '\n');
    if (result.lost || result.doubled || result.ended || result.peak_mib > kMostMemory || result.event_to_page.count !== result.texts * result.dashboards)
        process.exitCode = 1;
} finally {
    await line.stop();
}
