// Being put through to a texter by phone: asked for here, made by the gateway, its steps shown.
import {useState} from 'preact/hooks';
import {post, type Conversation} from '../api';
import {reply_key} from '../drafts';
import {use_now} from '../hooks';
import {words} from '../settings';
import {span} from '../times';
import {Asking, Icon} from '../ui/parts';

export function CallDialog({
    conversation,
    onDone,
    onClose,
}: {
    conversation: Conversation;
    onDone: () => void;
    onClose: () => void;
}) {
    const [key] = useState(reply_key);
    const t = words().calls;
    const {contact, escalation} = conversation;
    return (
        <Asking
            title={t.title}
            go={t.go}
            onClose={onClose}
            onDone={onDone}
            act={() => post('/api/v1/conversations/{contact}/call', {key}, {path: {contact: contact.id}})}
        >
            <p>{t.lead}</p>
            <p class="strong">{t.their_time(contact.local_time)}</p>
            {escalation?.call_do_not_text && <p>{t.opted_out}</p>}
        </Asking>
    );
}

type Call = NonNullable<Conversation['call']>;

// How long a step is worth showing; news of the next one may be lost.
const kMinute = 60_000;
const kShown: Record<Call['state'], number> = {
    asked: 3 * kMinute,
    placed: 3 * kMinute,
    answered: 240 * kMinute,
    ended: 10 * kMinute,
    unanswered: 10 * kMinute,
    not_made: 10 * kMinute,
};

/** How far the last call is. */
export function CallBar({call, me}: {call: Conversation['call']; me: string}) {
    const now = use_now(1_000);
    const t = words().calls;
    const age = call ? now - Date.parse(call.at) : 0;
    const shown = call && age < kShown[call.state] ? call : null;
    const who = call?.by === me ? '' : (call?.by ?? '');
    const say: Record<Call['state'], () => string> = {
        asked: () => t.asked(who),
        placed: () => t.placed,
        answered: () => t.answered(who),
        ended: () => t.ended,
        unanswered: () => t.unanswered,
        not_made: () => t.not_made(who),
    };
    return (
        <div role="status" class="call-place">
            {shown && (
                <p class={`call-bar ${shown.state}`}>
                    <Icon name="oncall" />
                    <span>{say[shown.state]()}</span>
                    <span class="push muted" aria-hidden="true">
                        {span(age)}
                    </span>
                </p>
            )}
        </div>
    );
}
