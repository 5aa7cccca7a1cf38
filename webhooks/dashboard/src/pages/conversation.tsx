// One conversation: what was said, who has it, and everything one can do about it.
import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {post, Problem, type Conversation, type Me} from '../api';
import {draft_of, keep_draft, reply_key} from '../drafts';
import {go, use_doing, use_now, use_resource} from '../hooks';
import {use_keys} from '../keys';
import {store} from '../live';
import * as resources from '../resources';
import {heard_words, words} from '../settings';
import {span} from '../times';
import {Button, Chip, Icon, IconButton, Loading, PriorityChip, Refusal} from '../ui/parts';
import {ActDialog, type Act} from './acts';
import {CallBar} from './calling';
import {Composer} from './composer';
import {Details} from './details';
import {use_tasks} from './tasks';
import {Transcript, type Pending} from './transcript';

const kSoon = 300_000; // ms

function Typing({contact, me}: {contact: number; me: string}) {
    const [, redraw] = useState(0);
    useEffect(() => store.watch_typing(() => redraw((count) => count + 1)), []);
    const who = store.typing(contact, me);
    return (
        <p class="typing" role="status">
            {who && words().talk.typing(who)}
        </p>
    );
}

/** Replies on their way. A text the server refused goes back to where it was written; one that may or may not have
    arrived stays and is sent again under the same key, so that it leaves once. */
function use_replies(conversation: Conversation | undefined, contact: number) {
    const [pending, set_pending] = useState<Pending[]>([]);
    const [refused, set_refused] = useState<unknown>(undefined);
    const seen = useRef(conversation);
    seen.current = conversation;
    useEffect(() => {
        set_pending([]);
        set_refused(undefined);
    }, [contact]);
    const leave = useCallback(
        async (reply: Pending, in_quiet_hours: boolean) => {
            const change = (to: Pending[]) =>
                set_pending((before) => [...before.filter((each) => each.key !== reply.key), ...to]);
            change([{...reply, failed: false}]);
            set_refused(undefined);
            try {
                await post(
                    '/api/v1/conversations/{contact}/reply',
                    {
                        text: reply.text,
                        version: seen.current?.version ?? 0,
                        key: reply.key,
                        ...(in_quiet_hours ? {in_quiet_hours} : {}),
                    },
                    {path: {contact}},
                );
                store.stale(`talk/${contact}`);
                change([]);
            } catch (error) {
                if (error instanceof Problem && error.unreachable) return change([{...reply, failed: true}]);
                change([]);
                const {text} = draft_of(contact);
                keep_draft(contact, {text: text ? `${reply.text}\n${text}` : reply.text});
                store.stale(`talk/${contact}`);
                set_refused(error);
            }
        },
        [contact],
    );
    return {pending, refused, leave};
}

/** Whoever has a case, or a conversation, owes the texter a word; the last minutes are counted. */
function Lease({conversation: {escalation, hold_ends_at}, me}: {conversation: Conversation; me: string}) {
    const now = use_now(1_000);
    const left_of = (iso: string | null | undefined) => {
        const left = iso ? Date.parse(iso) - now : 0;
        return left > 0 && left <= kSoon ? left : 0;
    };
    const t = words().talk;
    const case_left = escalation?.acknowledged_by === me ? left_of(escalation.lease_until) : 0;
    const hold_left = left_of(hold_ends_at);
    if (!case_left && !hold_left) return null;
    return <span class="lease">{case_left ? t.write_within(span(case_left)) : t.hold_ends(span(hold_left))}</span>;
}

/** Asked whether one is still there: the last minutes before the guide takes it back are counted. */
function IdleBar({until, onKeep, busy}: {until: string | null; onKeep: () => void; busy: boolean}) {
    const now = use_now(1_000);
    const left = until ? Date.parse(until) - now : 0;
    return (
        <div role="status" class="call-place">
            {left > 0 && (
                <p class="call-bar idle">
                    <Icon name="bell" />
                    <span>
                        {words().talk.still_there} <span aria-hidden="true">{span(left)}</span>
                    </span>
                    <Button busy={busy} onClick={onKeep} key_hint="t">
                        {words().talk.keep}
                    </Button>
                </p>
            )}
        </div>
    );
}

function Head({
    conversation,
    me,
    onTake,
    onAct,
    busy,
}: {
    conversation: Conversation;
    me: Me;
    onTake: () => void;
    onAct: (act: Act) => void;
    busy: boolean;
}) {
    const t = words().talk;
    const mine = conversation.held_by === me.name;
    const {escalation, contact} = conversation;
    const may_act = me.may.includes('act');
    return (
        <header class="talk-head">
            <a class="icon-button back" href="#/queue" aria-label={words().back}>
                <Icon name="back" />
            </a>
            <div class="talk-who">
                <h1>
                    <span class="sr">{t.texter('')}</span>
                    <span class="number">{contact.number}</span>
                </h1>
                <p class="row">
                    {escalation && escalation.state !== 'resolved' && <PriorityChip priority={escalation.priority} />}
                    {contact.consent === 'opted_out' && <Chip tone="stop">{t.consents.opted_out}</Chip>}
                    <span class="muted">
                        {conversation.held_by === null
                            ? words().queue.nobody
                            : mine
                              ? words().queue.held_by_me
                              : words().queue.held_by(conversation.held_by)}
                    </span>
                    {mine && <Lease conversation={conversation} me={me.name} />}
                </p>
            </div>
            {may_act && (
                <div class="talk-acts">
                    {mine ? (
                        <>
                            <Button onClick={() => onAct('hand_back')} key_hint="h">
                                {t.hand_back}
                            </Button>
                            {escalation && escalation.state !== 'resolved' && (
                                <>
                                    <Button onClick={() => onAct('resolve')} key_hint="x">
                                        {t.resolve}
                                    </Button>
                                    <Button icon="oncall" onClick={() => onAct('call')} key_hint="c">
                                        {words().calls.button}
                                    </Button>
                                </>
                            )}
                            <Button onClick={() => onAct('transfer')} key_hint="g">
                                {t.transfer}
                            </Button>
                        </>
                    ) : conversation.held_by === null ? (
                        <Button kind="main" busy={busy} onClick={onTake} key_hint="t">
                            {t.take}
                        </Button>
                    ) : (
                        me.may.includes('take_over') && (
                            <Button onClick={() => onAct('take_over')}>{t.take_over}</Button>
                        )
                    )}
                </div>
            )}
        </header>
    );
}

function Foot({
    conversation,
    me,
    onTake,
    busy,
    children,
}: {
    conversation: Conversation;
    me: Me;
    onTake: () => void;
    busy: boolean;
    children: preact.ComponentChildren;
}) {
    const t = words().talk;
    if (!me.may.includes('act')) return null;
    if (conversation.held_by === me.name) return <>{children}</>;
    if (conversation.held_by !== null)
        return (
            <div class="take-bar">
                <p>{t.taken_by(conversation.held_by)}</p>
            </div>
        );
    const opted_out = conversation.contact.consent === 'opted_out';
    return (
        <div class="take-bar">
            <p>{opted_out ? t.opted_out : t.take_first}</p>
            <Button kind="main" busy={busy} onClick={onTake}>
                {t.take}
            </Button>
        </div>
    );
}

export function ConversationPane({contact, me}: {contact: number; me: Me}) {
    const name = `talk/${contact}`;
    const {value: talk, error} = use_resource(name, resources.talk(contact));
    const conversation = talk?.conversation;
    const [act, set_act] = useState<Act | null>(null);
    const [noting, set_noting] = useState(false);
    const [details, set_details] = useState(false);
    const doing = use_doing();
    const replies = use_replies(conversation, contact);
    const tasks = use_tasks(me, contact);
    const t = words().talk;
    const mine = conversation?.held_by === me.name;
    const wants_to_write = useRef(false);
    const refresh = () =>
        [name, ...['actions', 'cases', 'notes'].map((list) => `${list}/${contact}`)].forEach((each) =>
            store.stale(each),
        );
    const take = () =>
        void doing.run(async () => {
            if (mine && !conversation?.idle_until) return;
            wants_to_write.current = !mine;
            await post('/api/v1/conversations/{contact}/take', {}, {path: {contact}});
            refresh();
        });
    // The field is there once the page knows whose conversation it is.
    useEffect(() => {
        if (!mine) return;
        if (wants_to_write.current) document.getElementById('composer')?.focus();
        wants_to_write.current = false;
    }, [mine]);
    const write = (note: boolean) => {
        set_noting(note);
        setTimeout(() => document.getElementById('composer')?.focus(), 0);
    };
    const note = async (text: string) => {
        const kept = await doing.run(() => post('/api/v1/conversations/{contact}/note', {text}, {path: {contact}}));
        if (kept) store.stale(`notes/${contact}`);
        return kept !== undefined;
    };
    const if_mine = (act_now: () => void) => () => {
        if (mine && me.may.includes('act')) act_now();
    };
    use_keys({
        t: () => {
            const asked = mine && conversation?.idle_until;
            if ((conversation?.held_by === null || asked) && me.may.includes('act')) take();
        },
        r: if_mine(() => write(false)),
        n: if_mine(() => write(true)),
        h: if_mine(() => set_act('hand_back')),
        x: if_mine(() => {
            if (conversation?.escalation) set_act('resolve');
        }),
        g: if_mine(() => set_act('transfer')),
        c: if_mine(() => {
            if (conversation?.escalation) set_act('call');
        }),
        d: () => {
            const [first] = tasks.items;
            if (first) tasks.end?.(first.id);
        },
        Escape: () => go('queue'),
    });
    useEffect(() => set_act(null), [contact]);
    if (!talk || !conversation)
        return (
            <section class="talk-pane">
                <Refusal error={error} again={refresh} />
                {!error && <Loading />}
            </section>
        );
    const {escalation} = conversation;
    return (
        <section
            class={`talk-pane ${details ? 'show-details' : ''}`}
            aria-label={t.texter(conversation.contact.number)}
        >
            <div class="talk-main">
                <Head conversation={conversation} me={me} onTake={take} onAct={set_act} busy={doing.busy} />
                <IconButton
                    class="icon-button details-toggle"
                    icon="info"
                    label={t.details}
                    aria-expanded={details}
                    onClick={() => set_details(!details)}
                />
                {escalation && escalation.state !== 'resolved' && escalation.heard && (
                    <p class={`heard-bar ${escalation.priority}`}>
                        <Icon name="alert" />
                        <span>
                            {t.heard}: <strong>{heard_words(escalation.heard)}</strong>
                            {escalation.call_do_not_text && ` · ${words().queue.call}`}
                        </span>
                    </p>
                )}
                {mine && <IdleBar until={conversation.idle_until} onKeep={take} busy={doing.busy} />}
                <CallBar call={conversation.call} me={me.name} />
                <Refusal error={doing.error} />
                <Transcript
                    key={contact}
                    contact={contact}
                    texter={conversation.contact.number}
                    messages={talk.messages}
                    pending={replies.pending}
                    me={me.name}
                    onAgain={(each) => void replies.leave(each, false)}
                />
                <Typing contact={contact} me={me.name} />
                <Foot conversation={conversation} me={me} onTake={take} busy={doing.busy}>
                    <Composer
                        key={contact}
                        conversation={conversation}
                        refused={replies.refused}
                        writing_note={noting}
                        onMode={set_noting}
                        onNote={note}
                        onSend={(text, in_quiet_hours) =>
                            void replies.leave({key: reply_key(), text, failed: false}, in_quiet_hours)
                        }
                    />
                </Foot>
            </div>
            <Details
                conversation={conversation}
                me={me}
                tasks={tasks.items}
                onEndTask={tasks.end}
                onAct={set_act}
                onChanged={refresh}
            />
            {tasks.dialog}
            {act && (
                <ActDialog
                    act={act}
                    conversation={conversation}
                    me={me}
                    onClose={() => set_act(null)}
                    onDone={() => {
                        set_act(null);
                        refresh();
                    }}
                />
            )}
        </section>
    );
}
