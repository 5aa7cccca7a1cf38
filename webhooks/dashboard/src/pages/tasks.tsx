// Calls that texters asked for, and missed visits: what staff are to do for whom, when, and what became of it.
import {useState} from 'preact/hooks';
import {post, type Me, type OpenTask} from '../api';
import {due_of, needs_somebody, type Due} from '../due';
import {use_now, use_resource} from '../hooks';
import * as resources from '../resources';
import {words} from '../settings';
import {clock, short_day, span} from '../times';
import {Asking, Button, Chip} from '../ui/parts';

/** "9:30", or "Thu, Nov 26, 9:30" on another day. */
function at_time(iso: string, now: number): string {
    const at = new Date(iso);
    return at.toDateString() === new Date(now).toDateString() ? clock(iso) : `${short_day(at)}, ${clock(iso)}`;
}

const tone_of = (due: Due) => ({ahead: '', now: 'warn', late: 'stop', waiting: 'warn'})[due.is];

function due_words(due: Due): string {
    const t = words().tasks;
    if (due.is === 'now') return t.now;
    if (due.is === 'ahead') return t.in(span(due.ms));
    return due.is === 'late' ? t.late(span(due.ms)) : t.waits(span(due.ms));
}

/** "at 9:30 · late by 12 min", ticking. */
function When({task}: {task: OpenTask}) {
    const now = use_now(5_000);
    const due = due_of(task, now);
    const t = words().tasks;
    return (
        <time class="due" dateTime={task.from}>
            <span>{(task.until === null ? t.from : t.at)(at_time(task.from, now))}</span>
            <Chip tone={tone_of(due)}>{due_words(due)}</Chip>
        </time>
    );
}

function Answers({task}: {task: OpenTask}) {
    const t = words().tasks;
    const {name, voicemail} = task.answers;
    return (
        <>
            {task.words && (
                <q class="last-text" dir="auto" title={t.their_words}>
                    {task.words}
                </q>
            )}
            {task.kind === 'call_back' && (name || voicemail) && (
                <span class="answers">
                    {[name && t.ask_for(name), voicemail && (t.voicemail[voicemail] ?? voicemail)]
                        .filter(Boolean)
                        .join(' · ')}
                </span>
            )}
        </>
    );
}

type Outcome = keyof ReturnType<typeof words>['tasks']['outcome'];

function EndTask({task, onClose}: {task: OpenTask; onClose: () => void}) {
    const [outcome, set_outcome] = useState<Outcome | ''>('');
    const t = words().tasks;
    return (
        <Asking
            title={t.done_title[task.kind]}
            go={t.done_go}
            onClose={onClose}
            onDone={onClose}
            disabled={!outcome}
            act={() =>
                post(
                    '/api/v1/conversations/{contact}/tasks/{task}/end',
                    {outcome: outcome || 'reached'},
                    {path: {contact: task.contact, task: task.id}},
                )
            }
        >
            <fieldset class="radios">
                <legend class="sr">{t.done_title[task.kind]}</legend>
                {(Object.keys(t.outcome) as Outcome[]).map((each) => (
                    <label key={each} class="check">
                        <input
                            type="radio"
                            name="outcome"
                            checked={each === outcome}
                            onChange={() => set_outcome(each)}
                        />
                        {t.outcome[each]}
                    </label>
                ))}
            </fieldset>
            <p class="muted">
                {task.kind === 'call_back' && outcome === 'no_answer' ? `${t.asked_again} ` : ''}
                {task.paged_at && t.closes}
            </p>
        </Asking>
    );
}

/** The open tasks, and the dialog that ends one. @param of  of this contact only */
export function use_tasks(me: Me, of?: number) {
    const {value} = use_resource(me.may.includes('read_conversations') ? 'tasks' : '', resources.tasks);
    const [ending, set_ending] = useState<number | null>(null);
    const items = (value ?? []).filter((task) => of === undefined || task.contact === of);
    const chosen = items.find((task) => task.id === ending);
    return {
        items,
        end: me.may.includes('act') ? set_ending : undefined,
        dialog: chosen && <EndTask task={chosen} onClose={() => set_ending(null)} />,
    };
}

/** In the queue: each opens its conversation. */
export function TaskList({
    items,
    me,
    current,
    onEnd,
}: {
    items: OpenTask[];
    me: string;
    current: number;
    onEnd: ((id: number) => void) | undefined;
}) {
    const t = words().tasks;
    const {held_by, held_by_me} = words().queue;
    if (items.length === 0) return null;
    return (
        <section class="tasks" aria-labelledby="tasks-title">
            <h2 id="tasks-title">{t.title}</h2>
            <ul class="queue-list">
                {items.map((task) => (
                    <li key={task.id} class="task">
                        <a
                            class="queue-row"
                            href={`#/c/${task.contact}`}
                            data-contact={task.contact}
                            aria-current={task.contact === current ? 'true' : undefined}
                        >
                            <span class="queue-head">
                                <strong>{t.kind[task.kind]}</strong>
                                <When task={task} />
                            </span>
                            <Answers task={task} />
                            <span class="queue-foot">
                                <span class="number">{task.number}</span>
                                {task.held_by !== null && (
                                    <span class="holder held">
                                        {task.held_by === me ? held_by_me : held_by(task.held_by)}
                                    </span>
                                )}
                            </span>
                        </a>
                        {onEnd && (
                            <Button icon="check" aria-label={`${t.done}: ${t.kind[task.kind]} ${task.number}`} onClick={() => onEnd(task.id)}>
                                {t.done}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
        </section>
    );
}

/** Beside a conversation: what is to be done for this contact. */
export function TasksOf({items, onEnd}: {items: OpenTask[]; onEnd: ((id: number) => void) | undefined}) {
    const t = words().tasks;
    if (items.length === 0) return null;
    return (
        <section>
            <h2>{t.title}</h2>
            <ul class="cases">
                {items.map((task) => (
                    <li key={task.id} class={`case ${needs_somebody(due_of(task, Date.now())) ? 'P2' : ''}`}>
                        <p class="row">
                            <strong>{t.kind[task.kind]}</strong>
                            <When task={task} />
                        </p>
                        <Answers task={task} />
                        {onEnd && (
                            <Button icon="check" key_hint="d" onClick={() => onEnd(task.id)}>
                                {t.done}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
        </section>
    );
}
