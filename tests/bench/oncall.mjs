// Measures paging: how long a page takes from the text that called for it, and whether ladders keep their time with thousands
// of cases open and after a restart.
// HANDRAIL_BINARY=build/release/handrail node tests/bench/oncall.mjs [--rate 200] [--seconds 20] [--open 10000] [--only page,ladder,restart] [--json FILE]
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {number_of} from '../support/node/crowd.mjs';
import {Line} from '../support/node/line.mjs';
import {kSource} from '../support/node/places.mjs';

const {values: options} = parseArgs({options: {
    'rate': {type: 'string', default: '200'},
    'seconds': {type: 'string', default: '20'},
    'open': {type: 'string', default: '10000'},
    'only': {type: 'string', default: 'page,ladder,restart'},
    'json': {type: 'string', default: ''},
}});
const kBinary = process.env.HANDRAIL_BINARY ?? path.join(kSource, 'build/release/handrail');
const kStaff = new Set(['+15550101', '+15550102']);
const kPage = /^P\d case (\d+), waiting/;
const kDanger = 'i want to kill myself tonight';
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function spread(values) {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 10) / 10;
    return {count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1)};
}

/** Pages as they arrive at the gateway: {to, code, at} in ms of the wall clock. */
function watch_pages(line) {
    const pages = [];
    const write = line.ledger.write.bind(line.ledger);
    line.ledger.write = (what, facts) => {
        if (what === 'send.got' && kStaff.has(facts.to)) {
            const code = facts.body.match(kPage)?.[1];
            if (code) pages.push({to: facts.to, code, at: Date.now()});
        } else if (what.startsWith('server.')) {
            write(what, facts);
        }
    };
    return pages;
}

/** `count` texts, evenly at `rate` a second, whatever the answers take. @param text_of  (i) => {from, body} */
async function send_evenly(line, count, rate, text_of) {
    const began = performance.now();
    const sent = [];
    for (let i = 0; i < count; ++i) {
        const wait = began + (i * 1000) / rate - performance.now();
        if (wait > 1) await sleep(wait);
        const text = text_of(i);
        const form = line.gateway.inbound_form(text);
        const one = {...text, sent_at: Date.now()};
        one.answer = line.gateway.post('/webhooks/twilio/main/sms', form).then((answer) => {
            one.answered_at = Date.now();
            one.status = answer.status;
        });
        sent.push(one);
    }
    await Promise.all(sent.map((one) => one.answer));
    return {sent, took_s: (performance.now() - began) / 1000};
}

/** What the store holds in clear of each case: code and times. */
function cases_in(line) {
    const script = 'import json,sqlite3,sys\n' +
        'db=sqlite3.connect(sys.argv[1])\n' +
        'print(json.dumps(db.execute("SELECT e.code, e.opened_at, e.next_rung, e.next_due, i.external_id FROM escalation e' +
        ' JOIN inbound i ON i.contact = e.contact").fetchall()))';
    return JSON.parse(execFileSync('python3', ['-c', script, line.stored('handrail.db')], {maxBuffer: 1 << 28}))
        .map(([code, opened_at, next_rung, next_due, sid]) => ({code, opened_at, next_rung, next_due, sid}));
}

const quiet = {hook: false, log_level: 'warning', binary: kBinary};
const ladder = (after) => [{after: '0s', page: ['Maya']}, {after: `${after}s`, page: ['Luis']}];
const ladders = (after) => Object.fromEntries(['p0', 'p1'].map((p) => [p, {repeat_every: '3600s', rungs: ladder(after)}]));

/** One text in ten is danger, of somebody who has not written before; the rest is talk of 2,000 others. */
async function page_latency() {
    const rate = Number(options.rate);
    const count = rate * Number(options.seconds);
    const line = await Line.start({...quiet, ladders: ladders(600)});
    try {
        const pages = watch_pages(line);
        const words = ['i slipped', 'menu', 'craving bad', '1', 'what now'];
        const {sent, took_s} = await send_evenly(line, count, rate, (i) => i % 10 === 0
            ? {from: number_of(5_000 + i / 10), body: kDanger, message_sid: `SM${String(i).padStart(32, '0')}`}
            : {from: number_of(i % 2_000), body: words[i % words.length]});
        const wanted = Math.ceil(count / 10);
        for (const end = Date.now() + 30_000; pages.length < wanted && Date.now() < end;) await sleep(50);
        const page_of = new Map(pages.map((page) => [page.code, page]));
        const by_sid = new Map(cases_in(line).map((one) => [one.sid, one]));
        const danger = sent.filter((one) => one.body === kDanger);
        const waits = danger.map((one, i) => {
            const page = page_of.get(by_sid.get(`SM${String(i * 10).padStart(32, '0')}`)?.code);
            return page && {from_sent: page.at - one.sent_at, from_answer: page.at - one.answered_at};
        });
        const made = waits.filter(Boolean);
        return {
            texts: count, rate_reached: Math.round(count / took_s), not_taken: sent.filter((one) => one.status !== 200).length,
            pages_missing: waits.length - made.length,
            ms_from_text_to_page: spread(made.map((one) => one.from_sent)),
            ms_from_commit_to_page: spread(made.map((one) => Math.max(0, one.from_answer))),
        };
    } finally {
        await line.stop();
    }
}

/** `open` cases, whose second step comes due while they are all open; and then again through a kill. */
async function ladder_lateness(open, {restart}) {
    const rate = 500;
    const after = Math.ceil(open / rate) + 20;
    const line = await Line.start({...quiet, ladders: ladders(after)});
    try {
        const pages = watch_pages(line);
        await send_evenly(line, open, rate, (i) => ({from: number_of(i), body: kDanger}));
        for (const end = Date.now() + 60_000; pages.length < open && Date.now() < end;) await sleep(50);
        const all = cases_in(line);
        const due = new Map(all.map((one) => [one.code, one.opened_at + after * 1000]));
        let ready_at = 0, launched_at = 0;
        if (restart) {
            const first = Math.min(...due.values());
            await sleep(first + 2_000 - Date.now());
            await line.kill();
            await sleep(3_000);
            launched_at = Date.now();
            await line.launch();
            ready_at = Date.now();
        }
        const seconds = () => pages.filter((page) => page.to === '+15550102');
        for (const end = Math.max(...due.values()) + 60_000; seconds().length < open && Date.now() < end;) await sleep(100);
        const got = new Map(seconds().map((page) => [page.code, page.at]));
        const late = [...due].filter(([code]) => got.has(code)).map(([code, at]) => ({at, late: got.get(code) - at, came: got.get(code)}));
        const result = {open: all.length, steps_missing: open - late.length};
        if (!restart) return {...result, ms_late: spread(late.map((one) => one.late))};
        const overdue = late.filter((one) => one.came >= launched_at && one.at <= ready_at);
        const later = late.filter((one) => one.at > ready_at + 3_000);
        return {
            ...result, overdue_at_restart: overdue.length, ms_to_ready: ready_at - launched_at,
            ms_from_ready_to_the_last_overdue_page: Math.max(...overdue.map((one) => one.came)) - ready_at,
            ms_late_afterwards: later.length ? spread(later.map((one) => one.late)) : null,
        };
    } finally {
        await line.stop();
    }
}

const results = {};
for (const what of options.only.split(',')) {
    if (what === 'page') results.page = await page_latency();
    if (what === 'ladder') results.ladder = await ladder_lateness(Number(options.open), {restart: false});
    if (what === 'restart') results.restart = await ladder_lateness(Number(options.open), {restart: true});
}
console.log(JSON.stringify(results, null, 2));
const goals = [
    ['a page leaves within 250 ms (p99) of the commit', results.page?.ms_from_commit_to_page.p99, 250],
    ['a step is at most 1 s late (p99)', results.ladder?.ms_late.p99, 1_000],
    ['a restart has caught up within 3 s', results.restart?.ms_from_ready_to_the_last_overdue_page, 3_000],
].filter(([, value]) => value !== undefined);
for (const [goal, value, limit] of goals) console.log(`${value <= limit ? 'ok  ' : 'MISS'} ${goal}: ${value} ms`);
if (options.json) fs.writeFileSync(options.json, JSON.stringify(results, null, 2));
