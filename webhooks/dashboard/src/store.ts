// The one store of the page. What is shown comes from resources: a snapshot each, with the number of the newest event
// it knows of, brought forward by the events of one live stream. An event either tells enough to change a snapshot in
// place, or makes it stale, and it is asked for again. Loading the page, coming back after a lost connection and
// following an event are therefore the same code: ask for what is stale, keep what is newest.
//
// No browser in here: the stream, the clock and the requests are given (see live.ts), so that the tests can play
// lost connections and late answers.

export interface LiveEvent {
    /** Grows; null: not numbered, never repeated (typing). */
    id: number | null;
    type: string;
    data: Record<string, unknown>;
}

export interface Snapshot<T> {
    value: T;
    /** The newest event it knows of; null: the answer does not say. */
    event: number | null;
}

/** What a resource is and how it follows. */
export interface Kind<T> {
    load(): Promise<Snapshot<T>>;
    /** The event changes what this resource shows. */
    concerns(event: LiveEvent, value: T | undefined): boolean;
    /** What the event alone tells; the same value when it tells nothing. */
    apply?(value: T, event: LiveEvent): T;
    /** At most one request in so many ms, save the first after a rest. */
    rest_ms?: number;
}

export interface Shown<T> {
    value: T | undefined;
    error: unknown;
}

interface Held {
    kind: Kind<unknown>;
    shown: Shown<unknown>;
    known: number; // newest event in the snapshot
    wanted: number; // newest event that concerns it
    forced: boolean; // stale for a reason outside of the stream
    loading: boolean;
    begun_at: number;
    watchers: Set<() => void>;
}

export interface Surroundings {
    now(): number;
    later(ms: number, run: () => void): void;
    /** It failed for a reason that passes: the server is away, or too busy. */
    worth_repeating(error: unknown): boolean;
}

const kAtMost = 250; // ms
const kRepeat = 2_000; // ms

export class Store {
    #held = new Map<string, Held>();
    #newest = 0;
    #typing = new Map<number, {by: string; until: number}>();
    #typing_watchers = new Set<() => void>();

    constructor(private readonly around: Surroundings) {}

    /** The newest event that was applied. */
    get newest(): number {
        return this.#newest;
    }

    /** Watch a resource; its first watcher loads it, its last lets it go. @return stops watching */
    watch<T>(name: string, kind: Kind<T>, changed: () => void): () => void {
        let held = this.#held.get(name);
        if (!held) {
            held = {
                kind: kind as Kind<unknown>,
                shown: {value: undefined, error: undefined},
                known: -1,
                wanted: this.#newest,
                forced: true,
                loading: false,
                begun_at: -Infinity,
                watchers: new Set(),
            };
            this.#held.set(name, held);
        }
        const of_mine = held;
        of_mine.watchers.add(changed);
        this.#freshen(of_mine);
        return () => {
            of_mine.watchers.delete(changed);
            if (of_mine.watchers.size === 0 && this.#held.get(name) === of_mine) this.#held.delete(name);
        };
    }

    shown<T>(name: string): Shown<T> {
        return (this.#held.get(name)?.shown ?? {value: undefined, error: undefined}) as Shown<T>;
    }

    /** Something was done that changes it; needed where no event tells. */
    stale(name: string): void {
        const held = this.#held.get(name);
        if (!held) return;
        held.forced = true;
        this.#freshen(held);
    }

    /** The stream begins (again) after this event: whatever may have been missed is asked for. */
    begin(after: number): void {
        this.#newest = Math.max(this.#newest, after);
        for (const held of this.#held.values()) {
            if (held.known >= after && !held.shown.error) continue;
            held.forced = true;
            this.#freshen(held);
        }
    }

    apply(event: LiveEvent): void {
        if (event.type === 'typing') return this.#typed(event);
        if (event.id !== null) {
            if (event.id <= this.#newest) return; // a repetition
            this.#newest = event.id;
        }
        for (const held of this.#held.values()) {
            if (!held.kind.concerns(event, held.shown.value)) continue;
            if (event.id !== null) held.wanted = Math.max(held.wanted, event.id);
            else held.forced = true;
            if (held.shown.value !== undefined && held.kind.apply)
                this.#show(held, held.kind.apply(held.shown.value, event));
            this.#freshen(held);
        }
    }

    /** Who else is writing to this contact now; empty: nobody. */
    typing(contact: number, not: string): string {
        const one = this.#typing.get(contact);
        return one && one.by !== not && one.until > this.around.now() ? one.by : '';
    }
    watch_typing(changed: () => void): () => void {
        this.#typing_watchers.add(changed);
        return () => {
            this.#typing_watchers.delete(changed);
        };
    }

    /** Somebody else signs in: nothing of the one before stays. */
    forget(): void {
        this.#held.clear();
        this.#typing.clear();
        this.#newest = 0;
    }

    #typed(event: LiveEvent): void {
        const lasts = 6_000;
        this.#typing.set(Number(event.data['contact']), {
            by: String(event.data['by']),
            until: this.around.now() + lasts,
        });
        const tell = () => this.#typing_watchers.forEach((changed) => changed());
        tell();
        this.around.later(lasts + 50, tell);
    }

    #is_stale(held: Held): boolean {
        return held.forced || held.known < held.wanted;
    }

    #freshen(held: Held): void {
        if (held.loading || !this.#is_stale(held)) return;
        held.loading = true;
        const rest = held.begun_at + (held.kind.rest_ms ?? kAtMost) - this.around.now();
        if (rest > 0) this.around.later(rest, () => void this.#load(held));
        else void this.#load(held);
    }

    async #load(held: Held): Promise<void> {
        if (held.watchers.size === 0) {
            held.loading = false;
            return;
        }
        held.begun_at = this.around.now();
        held.forced = false;
        const at_least = this.#newest;
        try {
            const snapshot = await held.kind.load();
            this.#take(held, {value: snapshot.value, event: snapshot.event ?? at_least});
        } catch (error) {
            held.loading = false;
            held.shown = {...held.shown, error}; // the last snapshot stays beside it
            held.watchers.forEach((changed) => changed());
            if (this.around.worth_repeating(error)) this.around.later(kRepeat, () => this.#repeat(held));
            return;
        }
        held.loading = false;
        this.#freshen(held);
    }

    #repeat(held: Held): void {
        held.forced = true;
        this.#freshen(held);
    }

    /** An answer that was overtaken by a newer one is left aside. */
    #take(held: Held, {value, event}: Snapshot<unknown>): void {
        if (event !== null && event < held.known) return;
        if (event !== null) held.known = event;
        held.shown = {value, error: undefined};
        held.watchers.forEach((changed) => changed());
    }

    #show(held: Held, value: unknown): void {
        if (value === held.shown.value) return;
        held.shown = {...held.shown, value};
        held.watchers.forEach((changed) => changed());
    }
}
