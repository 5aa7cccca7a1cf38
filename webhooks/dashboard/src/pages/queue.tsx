// Who needs a person: danger first, then who waits longest, as the server orders it.
import {useState} from 'preact/hooks';
import {get, post, type ConversationRow, type Me, type Message, type OpenTask, type QueueItem} from '../api';
import {use_doing, use_resource} from '../hooks';
import {use_keys} from '../keys';
import * as resources from '../resources';
import {heard_words, words} from '../settings';
import {TaskList, use_tasks} from './tasks';
import {Age, Chip, Form, Icon, Loading, Moment, PriorityChip, Refusal, Switch} from '../ui/parts';

type Filter = 'all' | 'danger' | 'free' | 'mine';

const kFilters: Record<Filter, (item: QueueItem, me: string) => boolean> = {
    all: () => true,
    danger: (item) => item.why === 'danger',
    free: (item) => item.held_by === null,
    mine: (item, me) => item.held_by === me,
};

const kTaskFilters: Record<Filter, (task: OpenTask, me: string) => boolean> = {
    all: () => true,
    danger: () => false,
    free: (task) => task.held_by === null,
    mine: (task, me) => task.held_by === me,
};

function Holder({by, me}: {by: string | null; me: string}) {
    const t = words().queue;
    if (by === null) return <span class="holder">{t.nobody}</span>;
    return <span class="holder held">{by === me ? t.held_by_me : t.held_by(by)}</span>;
}

const kTaskReasons: Record<string, 'call_back' | 'missed_visit'> = {
    call_back: 'call_back',
    call_late: 'call_back',
    missed_visit: 'missed_visit',
};

function Why({item: {escalation, why}}: {item: QueueItem}) {
    if (!escalation) return <Chip>{words().queue.why[why]}</Chip>;
    const task = escalation.priority === 'P3' ? kTaskReasons[escalation.reason] : undefined;
    return task ? <Chip tone="warn">{words().tasks.kind[task]}</Chip> : <PriorityChip priority={escalation.priority} />;
}

function Row({item, me, current}: {item: QueueItem; me: string; current: boolean}) {
    const t = words().queue;
    const {contact, escalation} = item;
    return (
        <li>
            <a
                class={`queue-row ${escalation?.priority ?? ''} ${item.why}`}
                href={`#/c/${contact.id}`}
                aria-current={current ? 'true' : undefined}
                data-contact={contact.id}
            >
                <span class="queue-head">
                    <Why item={item} />
                    {escalation && item.unanswered && item.held_by !== null && <Chip tone="warn">{t.why.unanswered}</Chip>}
                    <Age since={item.waiting_since} say={t.waits} />
                </span>
                {escalation?.heard && <strong class="heard">{heard_words(escalation.heard)}</strong>}
                {item.last_text && (
                    <q class="last-text" dir="auto">
                        {item.last_text}
                    </q>
                )}
                <span class="queue-foot">
                    <span class="number">{contact.number}</span>
                    <Holder by={item.held_by} me={me} />
                    {escalation && <span>{t.case(escalation.code)}</span>}
                </span>
                {escalation?.call_do_not_text && (
                    <span class="call-only">
                        <Icon name="oncall" />
                        {t.call}
                    </span>
                )}
            </a>
        </li>
    );
}

interface Hit {
    row: ConversationRow;
    message?: Message;
}
interface Hits {
    hits: Hit[];
    /** When words were looked for: nothing before it was looked at. */
    back_to?: string;
}

const kByName = /^(\+\d+|#.+|\d{4})$/; // a number, a tag, the code of a case

/** Anything else is looked for in texts; those are posted, so that they stand in no log of addresses. */
async function look_for(search: string): Promise<Hits> {
    if (kByName.test(search)) {
        const {items} = await get('/api/v1/conversations', {query: {search, limit: 50}});
        return {hits: items.map((row) => ({row}))};
    }
    const {items, back_to} = await post('/api/v1/search', {words: search});
    return {hits: items.map(({contact, message}) => ({row: contact, message})), back_to};
}

function Found({hits}: {hits: Hit[]}) {
    return (
        <ul class="queue-list">
            {hits.map(({row, message}) => (
                <li key={row.id}>
                    <a class="queue-row" href={`#/c/${row.id}`}>
                        <span class="queue-head">
                            <span class="number strong">{row.number}</span>
                            <Moment at={message?.at ?? row.updated_at} />
                        </span>
                        {message?.fired && <strong class="heard">{heard_words(message.fired)}</strong>}
                        {message && (
                            <q class="last-text" dir="auto">
                                {message.text}
                            </q>
                        )}
                        <span class="queue-foot">
                            <span>{words().talk.consents[row.consent]}</span>
                            {(row.tags ?? []).map((tag) => (
                                <Chip key={tag}>{tag}</Chip>
                            ))}
                        </span>
                    </a>
                </li>
            ))}
        </ul>
    );
}

/** @param current  the contact whose conversation is open beside it, or 0 */
export function QueuePane({me, current}: {me: Me; current: number}) {
    const {value, error} = use_resource('queue', resources.queue);
    const [filter, set_filter] = useState<Filter>('all');
    const [search, set_search] = useState('');
    const [found, set_found] = useState<Hits | null>(null);
    const doing = use_doing();
    const tasks = use_tasks(me);
    const t = words().queue;
    const to_do = tasks.items.filter((task) => kTaskFilters[filter](task, me.name));
    const items = (value?.items ?? []).filter((item) => kFilters[filter](item, me.name));
    const move = (step: number) => {
        const links = [...document.querySelectorAll<HTMLAnchorElement>('.queue-list .queue-row')];
        const here = links.findIndex((link) => link === document.activeElement);
        const from = here >= 0 ? here : links.findIndex((link) => Number(link.dataset['contact']) === current);
        if (links.length === 0) return;
        links[Math.min(links.length - 1, Math.max(0, from + step))]?.focus();
    };
    use_keys({
        j: () => move(1),
        k: () => move(-1),
        '/': () => document.getElementById('queue-search')?.focus(),
    });
    const look_up = () =>
        doing.run(async () => set_found(search.trim() ? await look_for(search.trim()) : null));
    return (
        <section class="queue-pane" aria-labelledby="queue-title">
            <div class="pane-head">
                <h1 id="queue-title">{t.title}</h1>
                <Switch
                    label={t.filter}
                    value={filter}
                    onChoice={(each) => set_filter(each as Filter)}
                    options={[
                        ['all', t.all],
                        ['danger', t.danger],
                        ['free', t.free],
                        ['mine', t.mine],
                    ]}
                />
            </div>
            <Form
                class="search"
                role="search"
                onSubmit={look_up}
            >
                <Icon name="search" />
                <input
                    id="queue-search"
                    type="search"
                    aria-label={`${t.search}: ${t.search_hint}`}
                    placeholder={t.search_hint}
                    value={search}
                    maxLength={64}
                    onInput={(event) => {
                        set_search(event.currentTarget.value);
                        if (!event.currentTarget.value) set_found(null);
                    }}
                />
            </Form>
            <Refusal error={doing.error ?? (value ? undefined : error)} />
            {found ? (
                <>
                    <p class="muted pad" role="status">
                        {t.results(found.hits.length)}
                        {found.back_to && (
                            <>
                                {' '}
                                · {t.back_to} <Moment at={found.back_to} />
                            </>
                        )}
                    </p>
                    <Found hits={found.hits} />
                </>
            ) : !value ? (
                !error && <Loading />
            ) : items.length === 0 ? (
                <div class="empty">
                    <p class="strong">{value.items.length ? t.none_so : t.empty}</p>
                    {value.items.length === 0 && <p>{t.empty_more}</p>}
                </div>
            ) : (
                <ul class="queue-list">
                    {items.map((item) => (
                        <Row key={item.contact.id} item={item} me={me.name} current={item.contact.id === current} />
                    ))}
                </ul>
            )}
            {value && !found && <TaskList items={to_do} me={me.name} current={current} onEnd={tasks.end} />}
            {tasks.dialog}
        </section>
    );
}
