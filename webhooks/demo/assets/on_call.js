// The phones of the people on call: pages come in, ACK and DONE go out.
import {by_id, element, keeping_end, readable, time_of, wire_composer} from './dom.js';

/** What one would answer now: the newest open cases first. */
function answers(escalations) {
    const open = escalations.filter((one) => one.state === 'open' || one.state === 'notified');
    const taken = escalations.filter((one) => one.state === 'acknowledged');
    return [...open.map((one) => `ACK ${one.code}`), ...taken.map((one) => `DONE ${one.code}`)].slice(0, 3);
}

function bubble(name, text) {
    const mine = text.direction === 'in';
    const is_page = !mine && /^P\d case/.test(text.text);
    return element('div', {class: mine ? 'text mine' : `text theirs${is_page ? ' page' : ''}`},
        element('span', {class: 'sr'}, mine ? `${name}: ` : 'The line: '),
        element('p', {class: 'bubble', dir: 'auto'}, text.text), element('span', {class: 'small'}, time_of(text.at)));
}

class Responder {
    constructor(person, send) {
        const id = `to-${person.name.toLowerCase()}`;
        this.send = send;
        this.log = element('div', {class: 'log', role: 'log', 'aria-label': `Texts on ${person.name}'s phone`, tabindex: '0'});
        this.hints = element('div', {class: 'hints', role: 'group', 'aria-label': `Answers ${person.name} can give`});
        const form = element('form', {class: 'composer'}, element('label', {class: 'sr', for: id}, `${person.name}'s text to the line`),
            element('textarea', {id, rows: '1', maxlength: '1600', placeholder: `Text as ${person.name}`, autocomplete: 'off'}),
            element('button', {type: 'submit'}, 'Send'));
        wire_composer(form, send);
        this.node = element('div', {class: 'phone short'},
            element('div', {class: 'peer'}, element('span', {class: 'face person', 'aria-hidden': 'true'}, person.name[0]),
                element('div', {}, element('strong', {}, `${person.name}'s phone`), element('span', {class: 'number'}, readable(person.number)))),
            this.log, this.hints, form);
    }
    show(person, escalations) {
        keeping_end(this.log, () => {
            this.#offer(person.texts.length > 0 ? answers(escalations) : []);
            this.#texts(person);
        });
    }
    #offer(texts) {
        if (texts.join() === this.offered) return;
        this.offered = texts.join();
        this.hints.replaceChildren(...texts.map((text) => {
            const hint = element('button', {type: 'button', class: 'hint'}, text);
            hint.addEventListener('click', () => this.send(text));
            return hint;
        }));
    }
    #texts(person) {
        const said = JSON.stringify(person.texts);
        if (said === this.said) return;
        this.said = said;
        const nodes = person.texts.map((text) => bubble(person.name, text));
        const nothing = element('p', {class: 'empty'}, `${person.name} is paged when somebody is in danger or asks for a person.`);
        this.log.replaceChildren(...(nodes.length > 0 ? nodes : [nothing]));
    }
}

export class OnCallPhones {
    /** @param send  takes (number, text) */
    constructor(send) {
        this.send = send;
        this.phones = new Map();
    }
    show(state) {
        for (const person of state.on_call) {
            if (!this.phones.has(person.number)) {
                const phone = new Responder(person, (text) => this.send(person.number, text));
                this.phones.set(person.number, phone);
                by_id('responders').append(phone.node);
            }
            this.phones.get(person.number).show(person, state.escalations);
        }
    }
}
