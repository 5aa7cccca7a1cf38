// The transcript as a messenger shows it, each text with what became of it, who said it and what was heard in it.
import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';
import {get, type Message} from '../api';
import {use_doing, use_now} from '../hooks';
import {kPage, merged} from '../resources';
import {heard_words, words} from '../settings';
import {clock, day} from '../times';
import {Button, Icon, Refusal} from '../ui/parts';
import {Media} from './media';

/** A reply on its way to the server. */
export interface Pending {
    key: string;
    text: string;
    failed: boolean;
}

function speaker(message: Message, texter: string): string {
    if (message.direction === 'in') return texter;
    return message.said_by.startsWith('staff/') ? message.said_by.slice(6) : words().talk.from_bot;
}

/** "slip · S3 · v4", from "slip/S3@4"; nothing for what no flow said. */
function step(said_by: string): string {
    const found = /^(.+)\/(.+)@(\d+)$/.exec(said_by);
    return found ? ` · ${found[1]} · ${found[2]} · v${found[3]}` : '';
}

function Delivery({message}: {message: Message}) {
    const state = words().talk.states[message.state] ?? message.state;
    if (!state) return null;
    const bad = ['failed', 'unknown', 'cancelled', 'stale'].includes(message.state);
    return (
        <span class={`delivery ${bad ? 'bad' : message.state}`}>
            {bad ? <Icon name="alert" /> : ['sent', 'delivered'].includes(message.state) && <Icon name="check" />}
            {state}
            {bad && message.error_code && ` (${message.error_code})`}
        </span>
    );
}

function Bubble({message, texter}: {message: Message; texter: string}) {
    const incoming = message.direction === 'in';
    const by_staff = message.said_by.startsWith('staff/');
    const kind = incoming ? '' : (words().talk.kinds[message.kind] ?? message.kind);
    return (
        <li class={`message ${incoming ? 'theirs' : by_staff ? 'staff' : 'bot'} ${message.kind}`}>
            <p class="speaker">
                {speaker(message, texter)}
                {kind && ` · ${kind}`}
            </p>
            {(message.text || message.media.length === 0) && (
                <p class="bubble" dir="auto">
                    {message.text}
                </p>
            )}
            <Media message={message} />
            <p class="small">
                <time dateTime={message.at}>{clock(message.at)}</time>
                {!incoming && <Delivery message={message} />}
                {!incoming && !by_staff && message.said_by && (
                    <span class="step">
                        {message.text_id}
                        {step(message.said_by)}
                    </span>
                )}
            </p>
            {incoming && message.fired && (
                <p class="fired">
                    <Icon name="info" />
                    <span title={message.heard.map(({rule}) => rule).join(', ')}>
                        {message.heard.length ? message.heard.map(({words: said}) => heard_words(said)).join('; ') : heard_words(message.fired)}
                    </span>
                </p>
            )}
        </li>
    );
}

function PendingBubble({pending, me, onAgain}: {pending: Pending; me: string; onAgain: () => void}) {
    const t = words().talk;
    return (
        <li class="message staff">
            <p class="speaker">{me}</p>
            <p class="bubble waiting" dir="auto">
                {pending.text}
            </p>
            <p class="small">
                {pending.failed ? (
                    <>
                        <span class="delivery bad">
                            <Icon name="alert" />
                            {t.not_sent}
                        </span>
                        <Button onClick={onAgain}>{t.again}</Button>
                    </>
                ) : (
                    <span class="delivery">{t.sending}…</span>
                )}
            </p>
        </li>
    );
}

function by_day(messages: Message[], now: number): [string, Message[]][] {
    const days: [string, Message[]][] = [];
    for (const message of messages) {
        const title = day(message.at, now);
        const last = days.at(-1);
        if (last && last[0] === title) last[1].push(message);
        else days.push([title, [message]]);
    }
    return days;
}

/** Stays at the end while the reader is there; leaves them alone when they scrolled up. */
function use_end(mark: string) {
    const log = useRef<HTMLDivElement>(null);
    const at_end = useRef(true);
    const [below, set_below] = useState(false);
    const to_end = () => {
        if (log.current) log.current.scrollTop = log.current.scrollHeight;
    };
    useLayoutEffect(() => {
        if (at_end.current) to_end();
        else set_below(true);
    }, [mark]);
    useEffect(() => {
        if (!log.current) return undefined;
        // The keyboard of a phone or a growing composer takes room: stay at the end.
        const seen = new ResizeObserver(() => {
            if (at_end.current) to_end();
        });
        seen.observe(log.current);
        return () => seen.disconnect();
    }, []);
    const scrolled = () => {
        const it = log.current;
        if (!it) return;
        at_end.current = it.scrollHeight - it.scrollTop - it.clientHeight < 60;
        if (at_end.current) set_below(false);
    };
    return {
        log,
        below,
        scrolled,
        to_end: () => {
            at_end.current = true;
            set_below(false);
            to_end();
        },
    };
}

interface Props {
    contact: number;
    texter: string;
    messages: Message[];
    pending: Pending[];
    me: string;
    onAgain: (pending: Pending) => void;
}
export function Transcript({contact, texter, messages, pending, me, onAgain}: Props) {
    const [older, set_older] = useState<Message[]>([]);
    const [beginning, set_beginning] = useState(messages.length < kPage);
    const doing = use_doing();
    const now = use_now(60_000);
    const all = merged(messages, older);
    const end = use_end(`${messages.at(-1)?.key ?? ''} ${pending.length}`);
    const t = words().talk;
    // Earlier texts come in above: what is being read stays where it is.
    const from_end = useRef<number | null>(null);
    useLayoutEffect(() => {
        if (end.log.current && from_end.current !== null)
            end.log.current.scrollTop = end.log.current.scrollHeight - from_end.current;
        from_end.current = null;
    }, [older]);
    const load_older = () =>
        doing.run(async () => {
            const first = all[0];
            if (!first) return;
            const {items} = await get('/api/v1/conversations/{contact}/messages', {
                path: {contact},
                query: {limit: kPage, before_time: first.at},
            });
            from_end.current = end.log.current ? end.log.current.scrollHeight - end.log.current.scrollTop : null;
            set_older(merged(older, items));
            set_beginning(items.length < kPage);
        });
    return (
        <div class="transcript-place">
            <div class="transcript" role="log" aria-label={t.log} tabIndex={0} ref={end.log} onScroll={end.scrolled}>
                {!beginning && (
                    <div class="older">
                        <Button busy={doing.busy} onClick={() => void load_older()}>
                            {t.older}
                        </Button>
                    </div>
                )}
                <Refusal error={doing.error} />
                {all.length === 0 && pending.length === 0 && <p class="empty">{t.empty}</p>}
                {by_day(all, now).map(([title, of_day]) => (
                    <section key={of_day[0]?.key} aria-label={title}>
                        <p class="day">
                            <span>{title}</span>
                        </p>
                        <ol>
                            {of_day.map((message) => (
                                <Bubble key={message.key} message={message} texter={texter} />
                            ))}
                        </ol>
                    </section>
                ))}
                {pending.length > 0 && (
                    <ol>
                        {pending.map((each) => (
                            <PendingBubble key={each.key} pending={each} me={me} onAgain={() => onAgain(each)} />
                        ))}
                    </ol>
                )}
            </div>
            {end.below && (
                <button type="button" class="below" onClick={end.to_end}>
                    {t.new_below}
                </button>
            )}
        </div>
    );
}
