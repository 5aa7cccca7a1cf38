// Times as people read them, in the language of the page.
import {settings, words} from './settings';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(at: Date, options: Intl.DateTimeFormatOptions): string {
    const key = settings.locale + JSON.stringify(options);
    let format = formats.get(key);
    if (!format) formats.set(key, (format = new Intl.DateTimeFormat(settings.locale, options)));
    return format.format(at);
}

/** "10:42" */
export const clock = (iso: string, timeZone?: string) =>
    formatted(new Date(iso), {hour: 'numeric', minute: '2-digit', ...(timeZone ? {timeZone} : {})});
/** "Nov 25, 10:42" */
export const moment = (iso: string, timeZone?: string) =>
    formatted(new Date(iso), {
        month: 'short',
        day: 'numeric',
        hour: 'numeric',
        minute: '2-digit',
        ...(timeZone ? {timeZone} : {}),
    });
/** "Wed, Nov 25" */
export const short_day = (at: Date, timeZone?: string) =>
    formatted(at, {weekday: 'short', month: 'short', day: 'numeric', ...(timeZone ? {timeZone} : {})});

/** "Today", "Yesterday", "Monday, November 23" */
export function day(iso: string, now: number): string {
    const at = new Date(iso);
    const midnight = (each: Date) => new Date(each).setHours(0, 0, 0, 0);
    const days = Math.round((midnight(new Date(now)) - midnight(at)) / 86_400_000);
    if (days === 0) return words().talk.today;
    if (days === 1) return words().talk.yesterday;
    return formatted(at, {weekday: 'long', month: 'long', day: 'numeric'});
}

/** "12 s", "4 min", "2 h 5 min", "3 days" */
export function span(ms: number): string {
    const {ago} = words();
    const seconds = Math.max(0, Math.floor(ms / 1_000));
    if (seconds < 60) return ago.s(seconds);
    if (seconds < 3_600) return ago.m(Math.floor(seconds / 60));
    if (seconds < 172_800) return ago.h(Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60));
    return ago.d(Math.floor(seconds / 86_400));
}

/** A moment on the wall clock of a time zone, as <input type="datetime-local"> has it. @param at  ms since 1970 */
export function in_zone(at: number, timeZone: string): string {
    const parts = new Intl.DateTimeFormat('en-CA', {
        timeZone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
    }).formatToParts(new Date(at));
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
    return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/** The other way: ISO 8601 UTC. A time that a clock change skips becomes one beside it. */
export function from_zone(local: string, timeZone: string): string {
    const wanted = Date.parse(`${local}:00Z`);
    let at = wanted;
    for (let i = 0; i < 2; ++i) at += wanted - Date.parse(`${in_zone(at, timeZone)}:00Z`);
    return new Date(at).toISOString();
}
