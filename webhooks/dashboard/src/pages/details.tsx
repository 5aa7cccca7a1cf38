// Beside the transcript: who this is, the cases, the notes, what staff did.
import {get, post, type Action, type Conversation, type Escalation, type Me, type Note, type OpenTask} from '../api';
import {use_doing, use_now, use_resource} from '../hooks';
import {about} from '../resources';
import {heard_words, words} from '../settings';
import {span} from '../times';
import {Button, Chip, Icon, Moment, PriorityChip, Refusal} from '../ui/parts';
import {TasksOf} from './tasks';

export const consent_tone = (consent: string) =>
    (({opted_out: 'stop', declined: 'warn', recurring: 'good', conversation: 'good'}) as Record<string, string>)[
        consent
    ] ?? '';

function Tags({
    conversation,
    may_act,
    onAdd,
    onChanged,
}: {
    conversation: Conversation;
    may_act: boolean;
    onAdd: () => void;
    onChanged: () => void;
}) {
    const doing = use_doing();
    const t = words().talk;
    const remove = (tag: string) =>
        doing.run(async () => {
            await post(
                '/api/v1/conversations/{contact}/tags',
                {remove: [tag]},
                {path: {contact: conversation.contact.id}},
            );
            onChanged();
        });
    return (
        <div class="tags">
            {conversation.contact.tags.map((tag) => (
                <span key={tag} class="chip">
                    {tag}
                    {may_act && (
                        <button
                            type="button"
                            class="chip-remove"
                            aria-label={t.tag_remove(tag)}
                            onClick={() => void remove(tag)}
                        >
                            ×
                        </button>
                    )}
                </span>
            ))}
            {may_act && (
                <button type="button" class="chip add" onClick={onAdd}>
                    + {t.tag_add}
                </button>
            )}
            <Refusal error={doing.error} />
        </div>
    );
}

function Case({one}: {one: Escalation}) {
    const now = use_now(15_000);
    const t = words().talk;
    return (
        <li class={`case ${one.priority}`}>
            <p class="row">
                <PriorityChip priority={one.priority} />
                <span>{words().queue.case(one.code)}</span>
                <span class="push">{t.case_states[one.state]}</span>
            </p>
            {one.heard && <p class="strong">{heard_words(one.heard)}</p>}
            <p class="muted">
                <Moment at={one.opened_at} />
                {one.acknowledged_by && ` · ${t.acknowledged(one.acknowledged_by)}`}
                {one.state === 'acknowledged' &&
                    one.lease_until &&
                    ` · ${t.lease(span(Date.parse(one.lease_until) - now))}`}
            </p>
            {(one.state === 'open' || one.state === 'notified') && one.next_page_at && (
                <p class="muted">
                    {t.paged_next} <Moment at={one.next_page_at} />
                </p>
            )}
        </li>
    );
}

export function Details({
    conversation,
    me,
    tasks,
    onEndTask,
    onAct,
    onChanged,
}: {
    conversation: Conversation;
    me: Me;
    tasks: OpenTask[];
    onEndTask: ((id: number) => void) | undefined;
    onAct: (act: 'reveal' | 'tag') => void;
    onChanged: () => void;
}) {
    const {contact, at} = conversation;
    const of_it = {path: {contact: contact.id}};
    const cases = use_resource(
        `cases/${contact.id}`,
        about<Escalation>(
            contact.id,
            () => get('/api/v1/conversations/{contact}/escalations', of_it),
            /^(escalation|conversation\.held)/,
        ),
    );
    const notes = use_resource(
        `notes/${contact.id}`,
        about<Note>(contact.id, () => get('/api/v1/conversations/{contact}/notes', of_it), /^conversation\.noted/),
    );
    const actions = use_resource(
        `actions/${contact.id}`,
        about<Action>(
            contact.id,
            () => get('/api/v1/conversations/{contact}/actions', of_it),
            /^(conversation\.(held|tagged|changed)|erasure)/,
        ),
    );
    const t = words().talk;
    return (
        <aside class="details" aria-label={t.details}>
            <section>
                <h2>{t.facts}</h2>
                <dl class="facts">
                    <dt>{words().contacts.number}</dt>
                    <dd class="row">
                        <span class="number">{contact.number}</span>
                        {me.may.includes('reveal_numbers') && (
                            <Button onClick={() => onAct('reveal')}>{t.reveal}</Button>
                        )}
                    </dd>
                    <dt>{t.consent}</dt>
                    <dd>
                        <Chip tone={consent_tone(contact.consent)}>{t.consents[contact.consent]}</Chip>
                    </dd>
                    <dt>{t.speaks}</dt>
                    <dd>{t.languages[contact.language]}</dd>
                    <dt>{t.wall_clock}</dt>
                    <dd>
                        {contact.local_time} <span class="muted">{contact.time_zone}</span>
                    </dd>
                    <dt>{t.place}</dt>
                    <dd>{at ? `${at.flow} · ${at.step} · v${at.version}` : t.no_place}</dd>
                </dl>
                {conversation.quiet_hold && (
                    <p class="guard stop">
                        <Icon name="alert" />
                        {t.quiet_hold}
                    </p>
                )}
                <h3 class="sr">{t.tags}</h3>
                <Tags
                    conversation={conversation}
                    may_act={me.may.includes('act')}
                    onAdd={() => onAct('tag')}
                    onChanged={onChanged}
                />
            </section>
            <TasksOf items={tasks} onEnd={onEndTask} />
            <section>
                <h2>{t.cases}</h2>
                {cases.value?.length === 0 && <p class="muted">{t.no_cases}</p>}
                <ul class="cases">
                    {cases.value?.map((one) => (
                        <Case key={one.id} one={one} />
                    ))}
                </ul>
            </section>
            <section>
                <h2>{t.notes}</h2>
                {notes.value?.length === 0 && <p class="muted">{t.no_notes}</p>}
                <ul class="notes">
                    {notes.value?.map((note) => (
                        <li key={note.id}>
                            <p class="note-text" dir="auto">
                                {note.text}
                            </p>
                            <p class="muted">
                                {note.by} · <Moment at={note.at} />
                            </p>
                        </li>
                    ))}
                </ul>
            </section>
            <section>
                <h2>{t.done}</h2>
                {actions.value?.length === 0 && <p class="muted">{t.nothing_done}</p>}
                <ul class="acts">
                    {actions.value?.map((one) => (
                        <li key={one.id}>
                            <strong>{one.by}</strong> {t.what[one.what] ?? one.what}
                            {one.detail && `: ${one.detail}`}{' '}
                            <span class="muted">
                                <Moment at={one.at} />
                            </span>
                        </li>
                    ))}
                </ul>
            </section>
        </aside>
    );
}
