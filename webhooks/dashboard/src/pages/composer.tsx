// Where a counsellor writes: the text with what it will cost, the guards that say why it may not go, saved replies.
import {useEffect, useRef, useState} from 'preact/hooks';
import {get, post, type Conversation} from '../api';
import {draft_of, keep_draft} from '../drafts';
import {use_doing, use_resource} from '../hooks';
import {use_keys} from '../keys';
import {plain} from '../resources';
import {count_segments, type Counted} from '../segments';
import {words} from '../settings';
import {clock} from '../times';
import {Button, Dialog, Form, Icon, IconButton, Loading, Refusal} from '../ui/parts';

const kLongest = 1_600;

/** Counted here at once, and by the server (placeholders, letters that change) when the writer rests. */
function use_count(contact: number, text: string): Counted {
    const [exact, set_exact] = useState<{text: string; counted: Counted} | null>(null);
    useEffect(() => {
        if (!text.trim()) return undefined;
        const timer = setTimeout(() => {
            void post('/api/v1/conversations/{contact}/check', {text}, {path: {contact}}).then(
                (counted) => set_exact({text, counted}),
                () => undefined,
            );
        }, 600);
        return () => clearTimeout(timer);
    }, [contact, text]);
    return exact?.text === text ? exact.counted : count_segments(text);
}

function Count({counted}: {counted: Counted}) {
    const t = words().talk;
    return (
        <p class="count">
            {counted.segments > 0 && <span>{t.segments(counted.segments, counted.left)}</span>}
            {counted.beyond_gsm7 && <span class="warned">{t.ucs2(counted.beyond_gsm7)}</span>}
        </p>
    );
}

/** What no reply gets past, in words; undefined for what passes or can be decided here. */
const stop_of = (code: string): string | undefined => {
    const t = words().talk;
    return ({opted_out: t.opted_out, no_consent: t.no_consent, unsafe_to_text: t.unsafe} as Record<string, string>)[
        code
    ];
};

/** Why nothing can be sent, or may wake somebody; before a word is lost. */
function Guard({
    conversation,
    at_night,
    onNight,
}: {
    conversation: Conversation;
    at_night: boolean;
    onNight: (yes: boolean) => void;
}) {
    const t = words().talk;
    const {may_reply, contact} = conversation;
    const stop = stop_of(may_reply.code);
    if (stop)
        return (
            <div class="guard stop" role="alert">
                <Icon name="alert" />
                <p>
                    <strong>{stop}</strong>
                    {may_reply.code === 'opted_out' && ` ${t.opted_out_more}`}
                </p>
            </div>
        );
    if (may_reply.code !== 'quiet_hours') return null;
    return (
        <div class="guard" role="status">
            <Icon name="info" />
            <p>{t.quiet(contact.local_time, may_reply.until ? clock(may_reply.until, contact.time_zone) : '')}</p>
            <label class="check">
                <input type="checkbox" checked={at_night} onChange={(event) => onNight(event.currentTarget.checked)} />
                {t.quiet_send}
            </label>
        </div>
    );
}

function SavedReplies({
    contact,
    language,
    onUse,
    onClose,
}: {
    contact: number;
    language: 'en' | 'es';
    onUse: (text: string) => void;
    onClose: () => void;
}) {
    const {value, error} = use_resource(
        'saved-replies',
        plain(async () => (await get('/api/v1/saved-replies')).items),
    );
    const doing = use_doing();
    const t = words().talk;
    const use = (text: string) =>
        doing.run(async () => {
            onUse((await post('/api/v1/conversations/{contact}/check', {text}, {path: {contact}})).text);
        });
    const list = useRef<HTMLUListElement>(null);
    useEffect(() => list.current?.querySelector('button')?.focus(), [value]);
    const order: ('en' | 'es')[] = language === 'es' ? ['es', 'en'] : ['en', 'es'];
    return (
        <Dialog title={t.saved} onClose={onClose} wide>
            <Refusal error={doing.error ?? (value ? undefined : error)} />
            {!value && !error && <Loading />}
            {value?.length === 0 && <p class="empty">{t.saved_none}</p>}
            <ul class="saved" ref={list}>
                {value?.map((reply) => (
                    <li key={reply.id}>
                        <h3>{reply.name}</h3>
                        {order
                            .filter((each) => reply[each])
                            .map((each) => (
                                <button
                                    key={each}
                                    type="button"
                                    class="saved-text"
                                    lang={each}
                                    onClick={() => void use(reply[each])}
                                >
                                    <span class="chip">{each.toUpperCase()}</span>
                                    {reply[each]}
                                </button>
                            ))}
                    </li>
                ))}
            </ul>
            <div class="dialog-foot">
                <Button onClick={onClose}>{words().close}</Button>
            </div>
        </Dialog>
    );
}

interface Props {
    conversation: Conversation;
    onSend: (text: string, in_quiet_hours: boolean) => void;
    onNote: (text: string) => Promise<boolean>;
    refused: unknown;
    writing_note: boolean;
    onMode: (note: boolean) => void;
}
export function Composer({conversation, onSend, onNote, refused, writing_note, onMode}: Props) {
    const contact = conversation.contact.id;
    const [draft, set_draft] = useState(draft_of(contact));
    const [at_night, set_at_night] = useState(false);
    const [saved, set_saved] = useState(false);
    const field = useRef<HTMLTextAreaElement>(null);
    const typed_at = useRef(-Infinity);
    const t = words().talk;
    const text = writing_note ? draft.note : draft.text;
    const counted = use_count(contact, writing_note ? '' : text);
    useEffect(() => set_draft(draft_of(contact)), [contact, refused]);
    const write = (changed: string) => {
        keep_draft(contact, writing_note ? {note: changed} : {text: changed});
        set_draft(draft_of(contact));
        if (writing_note || performance.now() - typed_at.current < 3_000) return;
        typed_at.current = performance.now();
        void post('/api/v1/conversations/{contact}/typing', undefined, {path: {contact}}).catch(() => undefined);
    };
    use_keys({
        s: () => {
            if (!writing_note) set_saved(true);
        },
    });
    // Only what the writer can see the reason of keeps the button shut; anything else the server says when asked.
    const night = conversation.may_reply.code === 'quiet_hours';
    const blocked = !writing_note && (stop_of(conversation.may_reply.code) !== undefined || (night && !at_night));
    const send = async () => {
        const said = text.trim();
        if (!said || blocked) return;
        if (writing_note) {
            if (await onNote(said)) write('');
            return;
        }
        write('');
        onSend(said, night && at_night);
        field.current?.focus();
    };
    return (
        <Form
            class={`composer ${writing_note ? 'noting' : ''}`}
            onSubmit={send}
        >
            {!writing_note && <Guard conversation={conversation} at_night={at_night} onNight={set_at_night} />}
            <Refusal error={refused} />
            <div class="composer-tabs" role="group" aria-label={t.reply}>
                <button
                    type="button"
                    aria-pressed={!writing_note}
                    onClick={() => {
                        onMode(false);
                        field.current?.focus();
                    }}
                >
                    {t.reply}
                </button>
                <button
                    type="button"
                    aria-pressed={writing_note}
                    onClick={() => {
                        onMode(true);
                        field.current?.focus();
                    }}
                >
                    {t.note}
                </button>
                {writing_note ? <p class="count">{t.note_hint}</p> : <Count counted={counted} />}
            </div>
            <div class="composer-row">
                {!writing_note && (
                    <IconButton icon="saved" label={t.saved} aria-keyshortcuts="s" onClick={() => set_saved(true)} />
                )}
                <textarea
                    id="composer"
                    ref={field}
                    rows={2}
                    maxLength={kLongest}
                    aria-label={writing_note ? t.note_label : t.reply_label}
                    title={t.send_hint}
                    placeholder={writing_note ? t.note_label : t.reply_label}
                    value={text}
                    lang={conversation.contact.language}
                    spellcheck
                    enterkeyhint="send"
                    onInput={(event) => write(event.currentTarget.value)}
                    onKeyDown={(event) => {
                        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
                        event.preventDefault();
                        void send();
                    }}
                />
                <Button submit kind="main" icon={writing_note ? 'note' : 'send'} disabled={blocked || !text.trim()}>
                    <span class="wide-only">{writing_note ? t.note_add : t.send}</span>
                    <span class="narrow-only sr">{writing_note ? t.note_add : t.send}</span>
                </Button>
            </div>
            {saved && (
                <SavedReplies
                    contact={contact}
                    language={conversation.contact.language}
                    onClose={() => set_saved(false)}
                    onUse={(filled) => {
                        write(text ? `${text} ${filled}` : filled);
                        set_saved(false);
                    }}
                />
            )}
        </Form>
    );
}
