// What of the queue calls for attention: only what was not there before.
import type {QueueItem} from './api';

const grave = (item: QueueItem) => item.why === 'danger';

export interface News {
    item: QueueItem;
    what: 'danger' | 'case' | 'text' | 'idle';
}

export function news(before: readonly QueueItem[], after: readonly QueueItem[], me: string): News[] {
    const known = new Map(before.map((item) => [item.contact.id, item]));
    return after.flatMap<News>((item) => {
        const old = known.get(item.contact.id);
        const other_case = item.escalation && item.escalation.id !== old?.escalation?.id;
        if (grave(item) && (!old || !grave(old) || other_case)) return [{item, what: 'danger'}];
        if (item.held_by === null && (!old || other_case)) return [{item, what: 'case'}];
        if (item.held_by === me && item.idle_until && old && !old.idle_until) return [{item, what: 'idle'}];
        if (item.held_by === me && old && item.last_text_at !== old.last_text_at) return [{item, what: 'text'}];
        return [];
    });
}
