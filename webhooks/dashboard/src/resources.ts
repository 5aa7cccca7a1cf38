// What the page shows, as resources of the store: where each comes from and which events concern it.
import {get, type Conversation, type Message, type OpenTask, type Queue} from './api';
import type {Kind, LiveEvent} from './store';

const of_contact = (event: LiveEvent, contact: number) => event.data['contact'] === contact;
/** Texts asked for at once. */
export const kPage = 100;
const kSent = /^message\.(sent|delivered|failed|errored|unknown|cancelled|stale|reported)$/;

const key_of = (event: LiveEvent) => `out-${event.data['message']}`;

/** The last part of the type is the state, save for reports, which name it. */
function state_of(event: LiveEvent): string {
    return typeof event.data['state'] === 'string' ? event.data['state'] : event.type.replace('message.', '');
}

export const queue: Kind<Queue> = {
    load: async () => {
        const value = await get('/api/v1/queue');
        return {value, event: value.event};
    },
    concerns: (event) => /^(message\.received|conversation\.|consent\.|escalation\.)/.test(event.type),
    apply: (value, event) => {
        if (event.type !== 'conversation.held') return value;
        const held_by = event.data['held_by'] as string | null;
        return {
            ...value,
            items: value.items.map((item) => (of_contact(event, item.contact.id) ? {...item, held_by} : item)),
        };
    },
};

/** Calls to make and missed visits; who has the conversation stands in each. */
export const tasks: Kind<OpenTask[]> = {
    load: async () => ({value: (await get('/api/v1/tasks', {query: {limit: 200}})).items, event: null}),
    concerns: (event) => /^(task\.|escalation\.(opened|resolved)|conversation\.(held|erased))/.test(event.type),
    apply: (value, event) => {
        if (event.type !== 'conversation.held') return value;
        const held_by = event.data['held_by'] as string | null;
        return value.map((task) => (of_contact(event, task.contact) ? {...task, held_by} : task));
    },
};

/** The first page, and the older ones somebody scrolled to: one list by key. */
export function merged(newer: readonly Message[], older: readonly Message[]): Message[] {
    const by_key = new Map([...older, ...newer].map((each) => [each.key, each]));
    return [...by_key.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id));
}

export interface Talk {
    conversation: Conversation;
    messages: Message[];
}

/** A conversation with its transcript. The transcript is read after the conversation: whatever the version counts is
    shown, so that a reply never claims to have seen a text that is not on the page. */
export const talk = (contact: number): Kind<Talk> => ({
    load: async () => {
        const conversation = await get('/api/v1/conversations/{contact}', {path: {contact}});
        const messages = await get('/api/v1/conversations/{contact}/messages', {
            path: {contact},
            query: {limit: kPage},
        });
        return {value: {conversation, messages: messages.items}, event: Math.min(conversation.event, messages.event)};
    },
    concerns: (event, value) => {
        if (typeof event.data['contact'] === 'number')
            return of_contact(event, contact) && !/^conversation\.noted$/.test(event.type);
        return kSent.test(event.type) && (value?.messages.some((each) => each.key === key_of(event)) ?? false);
    },
    apply: (value, event) => {
        if (event.type === 'conversation.held')
            return {...value, conversation: {...value.conversation, held_by: event.data['held_by'] as string | null}};
        if (!kSent.test(event.type)) return value;
        return {
            ...value,
            messages: value.messages.map((each) =>
                each.key === key_of(event) ? {...each, state: state_of(event)} : each,
            ),
        };
    },
    rest_ms: 100,
});

/** A plain list about a contact. */
export function about<T>(contact: number, load: () => Promise<{items: T[]}>, events: RegExp): Kind<T[]> {
    return {
        load: async () => ({value: (await load()).items, event: null}),
        concerns: (event) => of_contact(event, contact) && events.test(event.type),
        rest_ms: 1_000,
    };
}

/** Something that no event names, or only in general. */
export function plain<T>(load: () => Promise<T>, events: RegExp = /^$/, rest_ms = 2_000): Kind<T> {
    return {
        load: async () => ({value: await load(), event: null}),
        concerns: (event) => events.test(event.type),
        rest_ms,
    };
}
