// Puts the page together: one number a browser session, one stream of events, and the state asked for anew whenever
// something was committed.
import {by_id} from './dom.js';
import {OnCallPhones} from './on_call.js';
import {Panels} from './panels.js';
import {kAway, new_number, phone, send_text, watch} from './server.js';
import {TexterPhone} from './texter.js';

const kKept = 'handrail.demo.number';
let number = sessionStorage.getItem(kKept);

function notice(text) {
    by_id('notice').textContent = text;
    by_id('notice').hidden = text === '';
}

async function trying(work) {
    try {
        const result = await work();
        notice('');
        return result ?? true;
    } catch (problem) {
        notice(problem.message);
        return false;
    }
}

const send = (from, text) => trying(async () => {
    await send_text(from, text);
    refresh();
});

const texter = new TexterPhone((text) => send(number, text));
const on_call = new OnCallPhones(send);
const panels = new Panels();

let asking = false;
let stale = false;

/** Asks once more when something happened while it was asking. */
async function refresh() {
    stale = true;
    if (asking || number === null) return;
    asking = true;
    while (stale) {
        stale = false;
        const state = await phone(number).catch(() => null);
        if (state === null) break;
        if (state.number !== number) { stale = true; continue; }
        texter.show(state);
        on_call.show(state);
        panels.show(state);
    }
    asking = false;
}

async function start_afresh() {
    const fresh = await trying(new_number);
    if (!fresh) return;
    number = fresh;
    sessionStorage.setItem(kKept, number);
    texter.clear();
    refresh();
}

by_id('new-texter').addEventListener('click', async () => {
    await start_afresh();
    by_id('texter-text').focus();
});
if (number === null) await start_afresh();

const kPatience = 4000;  // ms: a restart is no news
let away = null;
watch(refresh, async (linked) => {
    by_id('link').classList.toggle('up', linked);
    by_id('link-text').textContent = linked ? 'Live' : 'Reconnecting';
    if (!linked) {
        away ??= setTimeout(() => notice(kAway), kPatience);
        return;
    }
    clearTimeout(away);
    away = null;
    if (by_id('notice').textContent === kAway) notice('');
    if (number === null) await start_afresh();
});
