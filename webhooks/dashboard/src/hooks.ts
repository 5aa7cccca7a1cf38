// How components follow the store, the clock, the address and the settings.
import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {Problem} from './api';
import {live, store} from './live';
import {settings, words} from './settings';
import {plain} from './resources';
import type {Kind, Shown} from './store';

function useRedraw(): () => void {
    const [, set] = useState(0);
    return useCallback(() => set((count) => count + 1), []);
}

/** A resource of the store. @param name  the same name is the same resource; empty: nothing */
export function use_resource<T>(name: string, kind: Kind<T> | null): Shown<T> {
    const redraw = useRedraw();
    const latest = useRef(kind);
    latest.current = kind;
    useEffect(() => {
        if (!name || !latest.current) return undefined;
        const stop = store.watch(name, latest.current, redraw);
        redraw();
        return stop;
    }, [name]);
    return store.shown<T>(name);
}

export function use_link() {
    const redraw = useRedraw();
    useEffect(() => live.watch(redraw), []);
    return live.state;
}

export function use_settings() {
    const redraw = useRedraw();
    useEffect(() => settings.watch(redraw), []);
    return settings;
}

/** The time, anew every so many ms while the page is seen. */
export function use_now(every_ms = 1_000): number {
    const [now, set] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => {
            if (document.visibilityState === 'visible') set(Date.now());
        }, every_ms);
        return () => clearInterval(timer);
    }, [every_ms]);
    return now;
}

/** The part of the address after "#/". */
export function use_route(): string {
    const read = () => location.hash.replace(/^#\/?/, '');
    const [route, set] = useState(read);
    useEffect(() => {
        const changed = () => set(read());
        addEventListener('hashchange', changed);
        return () => removeEventListener('hashchange', changed);
    }, []);
    return route;
}
export const go = (route: string): void => {
    location.hash = `#/${route}`;
};

/** What a refusal means, in words. */
export function explain(error: unknown): string {
    const {refused} = words();
    if (!(error instanceof Problem)) return refused.other;
    if (error.unreachable) return refused.unreachable;
    const said = refused[error.code as keyof typeof refused];
    if (typeof said === 'function') return said(error.document.held_by ?? '');
    if (said) return said;
    if (error.status === 403) return refused.forbidden;
    if (error.status === 404) return refused.gone;
    if (error.status === 429) return refused.throttled;
    return error.document.detail || error.document.title || refused.other;
}

/** One thing at a time that may fail. */
export function use_doing() {
    const [busy, set_busy] = useState(false);
    const [error, set_error] = useState<unknown>(undefined);
    const busy_now = useRef(false);
    const run = useCallback(async <T>(what: () => Promise<T>): Promise<T | undefined> => {
        if (busy_now.current) return undefined;
        busy_now.current = true;
        set_busy(true);
        set_error(undefined);
        try {
            return await what();
        } catch (caught) {
            set_error(caught);
            return undefined;
        } finally {
            busy_now.current = false;
            set_busy(false);
        }
    }, []);
    return {busy, error, run, clear: () => set_error(undefined)};
}

/** A list that is read page by page, newest first. @param load  what is older than `before`; without it, the newest */
export function use_pages<T extends {id: number}>(
    name: string,
    size: number,
    load: (query: {limit: number; before?: number}) => Promise<T[]>,
    events?: RegExp,
) {
    const {value, error} = use_resource(
        name,
        plain(() => load({limit: size}), events),
    );
    const [older, set_older] = useState<T[]>([]);
    const [end, set_end] = useState(false);
    const doing = use_doing();
    const rows = [...(value ?? []), ...older.filter((row) => !value?.some((each) => each.id === row.id))];
    const load_more = () =>
        void doing.run(async () => {
            const items = await load({limit: size, before: Math.min(...rows.map((row) => row.id))});
            set_older([...older, ...items]);
            set_end(items.length < size);
        });
    return {
        rows,
        loaded: value !== undefined,
        error: value ? doing.error : error,
        busy: doing.busy,
        more: value && !end && rows.length >= size ? load_more : null,
    };
}
