// Beside the phones: where the conversation stands, the cases, the consent ledger.
import {by_id, element, plural, time_of} from './dom.js';

const kConsent = {
    none: ['Not given yet', 'neutral'],
    pending: ['Asked for', 'neutral'],
    conversation: ['May answer', 'good'],
    recurring: ['May answer and check in', 'good'],
    declined: ['Declined', 'neutral'],
    opted_out: ['Opted out: never texts first', 'stop'],
};
const kState = {open: 'Open', notified: 'Paged', acknowledged: 'Taken', resolved: 'Closed'};
const kLanguage = {en: 'English', es: 'Spanish'};

function chip(text, kind) {
    return element('span', {class: `chip ${kind}`}, text);
}

function facts(state) {
    const contact = state.contact;
    if (!contact) return [['Consent', chip(...kConsent.none)], ['Place', 'Nobody has texted from this number']];
    const rows = [
        ['Consent', chip(...(kConsent[contact.consent] ?? [contact.consent, 'neutral']))],
        ['Place', contact.at ? element('code', {}, `${contact.at.flow}/${contact.at.step}`) : 'Between conversations'],
        ['Language', kLanguage[contact.language] ?? '?'],
        ['Answered', plural(contact.turn, 'turn')],
    ];
    if (contact.held_by) rows.push(['Held by', contact.held_by]);
    if (contact.tags?.length) rows.push(['Tags', element('span', {class: 'tags'}, ...contact.tags.map((tag) => chip(tag, 'neutral')))]);
    return rows;
}

/** "2:05" until an instant; "now" once it has passed. */
function until(iso) {
    const seconds = Math.ceil((new Date(iso) - Date.now()) / 1000);
    if (seconds <= 0) return 'now';
    return `in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function case_card(one, mine) {
    const waiting = one.state === 'open' || one.state === 'notified';
    const progress = element('p', {class: 'progress'}, 'Opened ', time_of(one.opened_at));
    if (one.acknowledged_by) progress.append(`, taken by ${one.acknowledged_by} `, one.acknowledged_at ? time_of(one.acknowledged_at) : '');
    if (one.resolved_by) progress.append(`, closed by ${one.resolved_by}`);
    if (waiting && one.next_page_at) {
        progress.append(', pages again ', element('span', {class: 'until', 'data-at': one.next_page_at}, until(one.next_page_at)));
    }
    return element('li', {class: waiting ? `case ${one.priority}` : 'case quieted'},
        element('div', {class: 'case-head'}, chip(one.priority, one.priority), element('strong', {}, `Case ${one.code}`),
            chip(kState[one.state] ?? one.state, waiting ? 'warn' : 'good')),
        element('p', {}, one.reason.replaceAll('_', ' '), element('span', {class: 'muted'}, mine ? ' · this texter' : ' · another texter')),
        one.call_do_not_text ? element('p', {class: 'strong'}, 'Opted out: call, do not text') : null, progress);
}

function ledger_line(entry) {
    const [label, kind] = kConsent[entry.to] ?? [entry.to, 'neutral'];
    return element('li', {}, element('div', {class: 'ledger-head'}, chip(label, kind), time_of(entry.at)),
        entry.wording ? element('q', {dir: 'auto'}, entry.wording) : null,
        element('p', {class: 'muted'}, [entry.source, entry.rule].filter(Boolean).join(' · ').replaceAll('_', ' ')));
}

function fill(list, nodes, empty) {
    list.replaceChildren(...(nodes.length ? nodes : [element('li', {class: 'empty'}, empty)]));
}

export class Panels {
    constructor() {
        setInterval(() => {
            for (const node of document.querySelectorAll('.until')) node.textContent = until(node.dataset.at);
        }, 1000);
    }
    show(state) {
        this.#if_changed('facts', [state.contact], () => {
            by_id('facts').replaceChildren(...facts(state).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
        });
        this.#if_changed('cases', [state.contact?.id, state.escalations], () => {
            const mine = state.contact?.id;
            fill(by_id('cases'), state.escalations.map((one) => case_card(one, one.contact === mine)), 'No case. Nobody has been paged.');
            const waiting = state.escalations.filter((one) => one.state === 'open' || one.state === 'notified').length;
            by_id('nav-badge').hidden = waiting === 0;
            by_id('nav-badge').textContent = waiting;
        });
        this.#if_changed('ledger', [state.ledger], () => {
            fill(by_id('ledger'), state.ledger.map(ledger_line), 'Nothing yet.');
        });
    }
    /** Screen readers announce what is replaced: only what differs is. */
    #if_changed(name, value, draw) {
        const now = JSON.stringify(value);
        if (this[name] === now) return;
        this[name] = now;
        draw();
    }
}
