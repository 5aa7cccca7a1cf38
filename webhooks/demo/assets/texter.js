// The texter's phone.
import {by_id, day_of, element, keeping_end, plural, readable, time_of, wire_composer} from './dom.js';

const kHints = [
    ['hi', 'en'], ['i slipped last night', 'en'], ['me recaí', 'es'], ["i don't want to be here", 'en'], ['STOP', 'en'],
    ['START', 'en'],
];

/** "✓ sent", "✓✓ delivered": what is known of the way of a text. */
function ticks(message) {
    if (message.direction === 'in') return element('span', {class: 'ticks'}, '✓ received');
    const delivered = message.state === 'delivered';
    return element('span', {class: delivered ? 'ticks done' : 'ticks'}, delivered ? '✓✓ delivered' : '✓ sent');
}

function small_print(message) {
    const line = element('span', {class: 'small'}, time_of(message.at), ticks(message));
    if (message.direction === 'out') {
        line.append(element('span', {title: message.encoding}, plural(message.segments, 'segment')));
        if (message.text_id) line.append(element('span', {class: 'id', title: message.said_by}, message.text_id));
    }
    return line;
}

function bubble(message) {
    const mine = message.direction === 'in';
    return element('div', {class: mine ? 'text mine' : `text theirs ${message.kind}`},
        element('span', {class: 'sr'}, mine ? 'You: ' : 'The line: '),
        element('p', {class: 'bubble', dir: 'auto'}, message.text || '(no words)'), small_print(message));
}

export class TexterPhone {
    /** @param send  takes a text; true when it was accepted */
    constructor(send) {
        this.log = by_id('texter-log');
        this.shown = new Map();
        this.typing = element('div', {class: 'text theirs typing'}, element('span', {class: 'sr'}, 'The line is answering'),
            element('p', {class: 'bubble', 'aria-hidden': 'true'}, element('i'), element('i'), element('i')));
        wire_composer(by_id('texter-form'), send);
        for (const [text, lang] of kHints) {
            const hint = element('button', {type: 'button', class: 'hint', lang}, text);
            hint.addEventListener('click', () => send(text));
            by_id('hints').append(hint);
        }
    }
    clear() {
        this.shown.clear();
        this.log.replaceChildren();
    }
    show(state) {
        by_id('texter-number').textContent = readable(state.number);
        by_id('line-name').textContent = state.line.name;
        by_id('line-number').textContent = readable(state.line.number);
        keeping_end(this.log, () => this.#update(state));
    }
    #update(state) {
        if (state.messages.length === 0) {
            this.clear();
            this.log.append(element('p', {class: 'empty'}, 'Text the line as somebody would on their worst or their best day. It answers at once.'));
            return;
        }
        this.log.querySelector('.empty')?.remove();
        for (const message of state.messages) this.#place(message);
        this.typing.remove();
        if (state.typing) this.log.append(this.typing);
    }
    #place(message) {
        const key = `${message.direction}${message.id}`;
        const before = this.shown.get(key);
        if (before?.state === message.state) return;
        if (before) {
            before.node.querySelector('.small').replaceWith(small_print(message));
            before.state = message.state;
            return;
        }
        const today = day_of(message.at);
        if (this.day !== today || this.shown.size === 0) this.log.append(element('p', {class: 'day'}, today));
        this.day = today;
        const node = bubble(message);
        this.log.append(node);
        this.shown.set(key, {node, state: message.state});
    }
}
