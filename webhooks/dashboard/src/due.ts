// When staff are to do something, and how late it is. Pure.
import type {OpenTask} from './api';

export type Due =
    | {is: 'ahead'; ms: number}
    | {is: 'now'}
    /** The time that was named has passed. */
    | {is: 'late'; ms: number}
    /** No time was named that one could be late for. */
    | {is: 'waiting'; ms: number};

export function due_of(task: Pick<OpenTask, 'from' | 'until' | 'late_at'>, now: number): Due {
    const from = Date.parse(task.from);
    if (now < from) return {is: 'ahead', ms: from - now};
    if (task.until === null || task.late_at === null) return {is: 'waiting', ms: now - from};
    const until = Date.parse(task.until);
    return now <= until + 60_000 ? {is: 'now'} : {is: 'late', ms: now - until};
}

export const needs_somebody = (due: Due): boolean => due.is !== 'ahead';
