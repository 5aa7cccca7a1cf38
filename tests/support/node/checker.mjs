// Judges a finished run by what went over the wire (the ledger) and what the store shows after a restart (the API),
// never by what the server logged. Numbers are those of the invariants the project promises:
//   I1  an inbound answered 2xx is stored, once          I2  a re-delivered webhook changes nothing
//   I3  nothing is handed over after a committed opt-out, but for one confirmation
//   I5  the texts of one contact are taken and answered in order          I13  no inbound ends in silence
const kAllowed = 'opt_out_confirm';  // the kind of everything an opted-out person may still get
const kConfirmations = new Set(['OUT.1', 'OUT.2']);
const kNotices = 3;  // to own later texts, within 24 hours: how to come back, where help is in danger, where 988 is

const is_taken = (status) => status >= 200 && status < 300;
const push = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);

/** Our own id of a message, as the gateway hands it back in every report of it. */
export function idempotency_id(callback) {
    if (!callback) return null;
    return [...new URL(callback).searchParams.values()][0] ?? null;
}

/** What the ledger says, sorted by meaning. */
export function read_run(events) {
    const run = {inbound: new Map(), sends: new Map(), by_number: new Map(), kills: [], end: events.at(-1)?.t ?? 0};
    for (const event of events) {
        if (event.what === 'inbound.sent') {
            const known = run.inbound.get(event.sid) ?? {...event, deliveries: 0, taken_at: null};
            known.deliveries += 1;
            run.inbound.set(event.sid, known);
        } else if (event.what === 'inbound.answered' && is_taken(event.status)) {
            run.inbound.get(event.sid).taken_at ??= event.t;
        } else if (event.what === 'send.began') {
            run.sends.set(event.n, {n: event.n, began: event.t, accepted: false});
        } else if (event.what === 'send.got') {
            const send = Object.assign(run.sends.get(event.n), event, {id: idempotency_id(event.callback)});
            push(run.by_number, event.to, send);
        } else if (event.what === 'send.answered' || event.what === 'send.cut') {
            Object.assign(run.sends.get(event.n), {
                accepted: Boolean(event.sid), status: event.status, code: event.code, ended: event.t,
                uncertain: event.what === 'send.cut',
            });
        } else if (event.what === 'server.killed') {
            run.kills.push(event.t);
        }
    }
    return run;
}

function check_stored_once(run, store, report) {
    const stored = new Map();
    for (const contact of store.conversations) {
        for (const message of contact.messages.filter((one) => one.direction === 'in')) {
            push(stored, `${contact.number}|${message.text}`, message);
        }
    }
    const sent = new Map();
    for (const inbound of run.inbound.values()) push(sent, `${inbound.from}|${inbound.body}`, inbound);
    for (const [key, group] of sent) {
        const rows = stored.get(key)?.length ?? 0;
        const taken = group.filter((one) => one.taken_at !== null).length;
        if (rows < taken) report('I1', `taken ${taken}, stored ${rows}`, key);
        if (rows > group.length) report('I2', `${group.length} messages were stored ${rows} times`, key);
        stored.delete(key);
    }
    for (const key of stored.keys()) report('I14', 'stored, but no gateway ever sent it', key);
}

/** A reply is written in the transaction of the text it answers, so at its very time: one that is not was said again.
 *  (Within the minutes of a story no wait of a flow comes due.) */
function check_said_once(store, report) {
    for (const contact of store.conversations) {
        const heard = new Set(contact.messages.filter((row) => row.direction === 'in').map((row) => row.at));
        const said = contact.messages.filter((row) => row.kind === 'reply' || row.kind === kAllowed);
        for (const row of said.filter((one) => !heard.has(one.at))) {
            report('I2', `message ${row.id} answers no text, or one that was answered before`, contact.number);
        }
    }
}

/** Each of our messages is accepted by the gateway once; twice when a kill or a cut line left it uncertain. A page is
 *  sent again as often as it is uncertain: better two than none. */
function check_handed_over_once(run, store, report) {
    const pages = new Set(store.outbox.filter((row) => row.kind === 'page').map((row) => String(row.id)));
    for (const [number, sends] of run.by_number) {
        const accepted = new Map();
        for (const send of sends.filter((one) => one.accepted)) push(accepted, send.id ?? `n${send.n}`, send);
        for (const [id, same] of accepted) {
            const sure = same.slice(1).some((one, i) => !is_in_doubt(run, same[i], one));
            const too_often = same.length > 2 && !pages.has(id);
            if (sure || too_often) report('I2', `message ${id} handed over ${same.length} times`, number);
            if (same.some((one) => one.body !== same[0].body)) report('I2', `message ${id} changed its words`, number);
        }
    }
}

const is_in_doubt = (run, first, second) =>
    first.uncertain || run.kills.some((at) => at >= first.began && at <= second.began);

function opt_outs_of(run, number, is_stop, is_start) {
    const own = [...run.inbound.values()].filter((one) => one.from === number).sort((a, b) => a.t - b.t);
    const periods = [];
    for (const one of own) {
        const open = periods.at(-1)?.until === Infinity ? periods.at(-1) : null;
        if (is_stop(one.body) && one.taken_at !== null && !open) {
            periods.push({sent: one.t, from: one.taken_at, until: Infinity, later_texts: 0});
        } else if (open && is_start(one.body)) {
            open.until = one.t;
        } else if (open) {
            open.later_texts += 1;
        }
    }
    return periods;
}

function check_opt_outs(run, store, report, words) {
    const kinds = new Map(store.outbox.map((row) => [String(row.id), row]));
    const numbers = new Set([...run.inbound.values()].map((one) => one.from));
    for (const number of numbers) {
        for (const period of opt_outs_of(run, number, words.is_stop, words.is_start)) {
            const during = (run.by_number.get(number) ?? []).filter(
                (send) => send.began > period.sent && send.began < period.until);
            const row_of = (send) => kinds.get(String(send.id));
            const allowed = (send) => row_of(send)?.kind === kAllowed;
            const confirmations = new Set(
                during.filter((send) => allowed(send) && kConfirmations.has(row_of(send).text_id)).map((send) => send.id));
            const notices = new Set(
                during.filter((send) => allowed(send) && !kConfirmations.has(row_of(send).text_id)).map((send) => send.id));
            const forbidden = during.filter((send) => send.began > period.from && !allowed(send)).length;
            if (confirmations.size > 1) report('I3', `${confirmations.size} confirmations of one opt-out`, number);
            if (notices.size > (period.later_texts > 0 ? kNotices : 0)) {
                report('I3', `${notices.size} answers to an opted-out person`, number);
            }
            if (forbidden > 0) report('I3', `${forbidden} texts handed over after the opt-out was answered`, number);
        }
    }
}

function check_order(run, store, report) {
    const sent = new Map();
    for (const one of run.inbound.values()) if (one.taken_at !== null) push(sent, one.from, one);
    for (const contact of store.conversations) {
        // Only what was sent after the one before had been answered has an order to keep.
        const own = (sent.get(contact.number) ?? []).sort((a, b) => a.t - b.t);
        const in_turn = own.every((one, i) => i === 0 || own[i - 1].taken_at <= one.t);
        const texts = contact.messages.filter((one) => one.direction === 'in').map((one) => one.text);
        if (in_turn && own.length === texts.length && own.some((one, i) => one.body !== texts[i])) {
            report('I5', 'stored in another order than sent', contact.number);
        }
        check_hand_over_order(run.by_number.get(contact.number) ?? [], store, contact, report);
    }
}

/** Of one contact and one kind, an older message is handed over before a younger one. */
function check_hand_over_order(sends, store, contact, report) {
    const outgoing = contact.messages.filter((row) => row.direction === 'out');
    const rows = new Map(outgoing.map((row) => [String(row.id), row]));
    const newest = new Map();
    const seen = new Set();
    for (const send of sends.filter((one) => one.accepted && one.id !== null)) {
        const row = rows.get(send.id);
        if (!row || seen.has(send.id)) continue;
        seen.add(send.id);
        if (row.id < (newest.get(row.kind) ?? 0)) report('I5', `message ${row.id} was overtaken`, contact.number);
        newest.set(row.kind, Math.max(row.id, newest.get(row.kind) ?? 0));
    }
}

/** Outcomes on record that explain why a text was not answered by a text. */
const kSilent = /^(opted_out|consent\.|held|crossed|gathered|own_number|responder|meant for others)/;

function check_no_silence(store, report, words) {
    const cases = new Set(store.escalations.map((one) => one.contact));
    for (const contact of store.conversations) {
        const rows = contact.messages;
        rows.forEach((row, i) => {
            if (row.direction !== 'in' || cases.has(contact.id) || words.needs_no_answer(row.text)) return;
            // An answer is written in the transaction of its question: at the very same time.
            const answered = rows.slice(i + 1).some((one) => one.direction === 'out' && one.at === row.at);
            if (!answered && !kSilent.test(row.said_by)) report('I13', 'no reply, no case, no reason', `message ${row.id}`);
        });
    }
}

const kWords = {
    is_stop: (text) => /^\W*(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout|alto|parar)\W*$/i.test(text),
    is_start: (text) => /^\W*(start|unstop)\W*$/i.test(text),
    needs_no_answer: () => false,  // true for an "ok" that some steps only listen to
};

/** @param events  the ledger · @param store  Line.snapshot() after a restart
 *  @returns {violations: [{rule, what, where}], counts} */
export function check(events, store, {words: special = {}} = {}) {
    const words = {...kWords, ...special};
    const run = read_run(events);
    const violations = [];
    const report = (rule, what, where) => violations.push({rule, what, where});
    check_stored_once(run, store, report);
    check_said_once(store, report);
    check_handed_over_once(run, store, report);
    check_opt_outs(run, store, report, words);
    check_order(run, store, report);
    check_no_silence(store, report, words);
    const inbound = [...run.inbound.values()];
    const sends = [...run.sends.values()];
    const ids = new Set(sends.filter((one) => one.accepted).map((one) => one.id));
    const counts = {
        inbound: inbound.length,
        deliveries: inbound.reduce((sum, one) => sum + one.deliveries, 0),
        taken: inbound.filter((one) => one.taken_at !== null).length,
        stored: store.conversations.reduce((n, one) => n + one.messages.filter((m) => m.direction === 'in').length, 0),
        hand_overs: sends.filter((one) => one.accepted).length,
        messages_handed_over: ids.size,
        kills: run.kills.length,
    };
    return {violations, counts};
}
export const rules_of = (result) => [...new Set(result.violations.map((one) => one.rule))].sort();
