// The live stream of a signed-in page: opened after the newest event the queue knows of, opened again in the same way
// whenever it ends.
import {get, Problem, type EventType} from './api';
import {Store, type LiveEvent} from './store';

export type LinkState = 'connecting' | 'live' | 'lost';

/** Every type that the server has: one that is missing here does not compile. */
const kTypes: Record<EventType | 'typing', true> = {
    'message.received': true,
    'message.sent': true,
    'message.delivered': true,
    'message.errored': true,
    'message.failed': true,
    'message.unknown': true,
    'message.cancelled': true,
    'message.stale': true,
    'message.reported': true,
    'conversation.changed': true,
    'conversation.held': true,
    'conversation.idle': true,
    'conversation.noted': true,
    'conversation.tagged': true,
    'conversation.erased': true,
    'consent.changed': true,
    'sign_up.received': true,
    'escalation.opened': true,
    'escalation.raised': true,
    'escalation.notified': true,
    'escalation.acknowledged': true,
    'escalation.lapsed': true,
    'escalation.resolved': true,
    'escalation.unreachable': true,
    'escalation.noted': true,
    'erasure.asked': true,
    'erasure.confirmed': true,
    'erasure.refused': true,
    'responder.stopped': true,
    'responder.in_danger': true,
    'oncall.trouble': true,
    'oncall.changed': true,
    'task.booked': true,
    'task.ended': true,
    typing: true,
};
const kPauses = [300, 1_000, 2_000, 5_000]; // ms, the last for good
const kSilence = 40_000; // ms; the server says something every 15 s

export const store = new Store({
    now: () => performance.now(),
    later: (ms, run) => {
        setTimeout(run, ms);
    },
    worth_repeating: (error) =>
        error instanceof Problem && (error.unreachable || error.status === 429 || error.status === 503),
});

export class Live {
    state: LinkState = 'connecting';
    #source: EventSource | null = null;
    #failures = 0;
    #timer = 0;
    #stopped = false;
    #watchers = new Set<() => void>();

    start(): void {
        this.#stopped = false;
        void this.#begin();
        window.addEventListener('online', this.#at_once);
        document.addEventListener('visibilitychange', this.#at_once);
    }
    stop(): void {
        this.#stopped = true;
        clearTimeout(this.#timer);
        this.#source?.close();
        this.#source = null;
        window.removeEventListener('online', this.#at_once);
        document.removeEventListener('visibilitychange', this.#at_once);
    }
    watch(changed: () => void): () => void {
        this.#watchers.add(changed);
        return () => {
            this.#watchers.delete(changed);
        };
    }

    /** A phone that wakes up does not wait out its pause. */
    #at_once = (): void => {
        if (document.visibilityState !== 'visible' || this.state !== 'lost' || this.#stopped) return;
        clearTimeout(this.#timer);
        void this.#begin();
    };
    #say(state: LinkState): void {
        if (state === this.state) return;
        this.state = state;
        this.#watchers.forEach((changed) => changed());
    }
    async #begin(): Promise<void> {
        this.#source?.close();
        this.#source = null;
        try {
            const {event} = await get('/api/v1/queue');
            if (this.#stopped) return;
            store.begin(event);
            this.#open(Math.max(event, store.newest));
        } catch (error) {
            if (error instanceof Problem && (error.status === 401 || error.status === 403)) return this.stop();
            this.#lost();
        }
    }
    #open(after: number): void {
        const source = new EventSource(`/api/v1/events?after=${after}`);
        this.#source = source;
        source.onopen = () => {
            this.#failures = 0;
            this.#say('live');
            this.#expect_life(source);
        };
        // Not the browser's own reconnection: coming back is the same code as the first load.
        source.onerror = () => {
            if (source === this.#source) this.#lost();
        };
        for (const type of Object.keys(kTypes))
            source.addEventListener(type, (message) => this.#take(source, type, message as MessageEvent<string>));
    }
    #take(source: EventSource, type: string, message: MessageEvent<string>): void {
        this.#expect_life(source);
        const numbered = type !== 'typing' && message.lastEventId !== '';
        const event: LiveEvent = {
            id: numbered ? Number(message.lastEventId) : null,
            type,
            data: JSON.parse(message.data),
        };
        store.apply(event);
    }
    /** A connection may die without a word (a phone between two cells): comments do not reach the page, so that every
        so often one asks. */
    #expect_life(source: EventSource): void {
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => {
            if (source === this.#source) void this.#begin();
        }, kSilence);
    }
    #lost(): void {
        this.#source?.close();
        this.#source = null;
        if (this.#stopped) return;
        this.#say('lost');
        clearTimeout(this.#timer);
        const pause = kPauses[Math.min(this.#failures++, kPauses.length - 1)] ?? 5_000;
        this.#timer = window.setTimeout(() => void this.#begin(), pause);
    }
}

export const live = new Live();
