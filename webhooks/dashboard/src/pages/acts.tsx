// What a counsellor does with a conversation beside writing: small dialogs, each one request.
import {useState} from 'preact/hooks';
import {get, post, type Conversation, type Me} from '../api';
import {use_resource} from '../hooks';
import {plain} from '../resources';
import {words} from '../settings';
import {Asking, Button, Choice, Dialog, Field} from '../ui/parts';
import {CallDialog} from './calling';

export type Act = 'call' | 'transfer' | 'hand_back' | 'resolve' | 'reveal' | 'take_over' | 'tag';

interface Props {
    conversation: Conversation;
    me: Me;
    onDone: () => void;
    onClose: () => void;
}

const where = (conversation: Conversation) => ({path: {contact: conversation.contact.id}});

function Transfer({conversation, me, onDone, onClose}: Props) {
    const others = me.line.staff.filter((name) => name !== me.name);
    const {schedules} = me.line;
    const [to, set_to] = useState(others[0] ?? schedules[0] ?? '');
    const [note, set_note] = useState('');
    const t = words().talk;
    return (
        <Asking
            title={t.transfer}
            go={t.transfer_go}
            onClose={onClose}
            disabled={!to}
            onDone={onDone}
            act={() =>
                post(
                    '/api/v1/conversations/{contact}/transfer',
                    {to, ...(note.trim() ? {note: note.trim()} : {})},
                    where(conversation),
                )
            }
        >
            {others.length || schedules.length ? (
                <Choice
                    label={t.transfer_to}
                    value={to}
                    options={[
                        ...others.map((name) => [name, name] as [string, string]),
                        ...schedules.map((name) => [name, t.on_call_for(name)] as [string, string]),
                    ]}
                    onChoice={set_to}
                />
            ) : (
                <p>{t.nobody_else}</p>
            )}
            <Field
                label={t.transfer_note}
                value={note}
                maxLength={500}
                onInput={(event) => set_note(event.currentTarget.value)}
            />
        </Asking>
    );
}

function HandBack({conversation, onDone, onClose}: Props) {
    const [flow, set_flow] = useState('');
    const [step, set_step] = useState('');
    const flows = use_resource(
        'flows',
        plain(async () => (await get('/api/v1/flows')).items),
    );
    const steps = use_resource(
        flow && `flow/${flow}`,
        flow ? plain(() => get('/api/v1/flows/{id}', {path: {id: flow}})) : null,
    );
    const t = words().talk;
    const to = flow && `${flow}/${step || steps.value?.steps[0]?.id || ''}`;
    return (
        <Asking
            title={t.hand_back_title}
            go={t.hand_back}
            onClose={onClose}
            disabled={flow !== '' && !steps.value}
            onDone={onDone}
            act={() => post('/api/v1/conversations/{contact}/hand-back', to ? {to} : {}, where(conversation))}
        >
            <Choice
                label={t.hand_back_at}
                value={flow}
                onChoice={(value) => {
                    set_flow(value);
                    set_step('');
                }}
                options={[
                    ['', t.hand_back_here],
                    ...(flows.value ?? []).map((each) => [each.id, each.title || each.id] as [string, string]),
                ]}
            />
            {flow && steps.value && (
                <Choice
                    label={t.hand_back_step}
                    value={step}
                    onChoice={set_step}
                    options={[
                        ['', t.hand_back_start],
                        ...steps.value.steps.map(
                            (each) =>
                                [each.id, `${each.id}: ${(each.texts[0]?.en ?? '').slice(0, 60)}`] as [string, string],
                        ),
                    ]}
                />
            )}
        </Asking>
    );
}

type Reason = keyof ReturnType<typeof words>['talk']['reasons'];

function Resolve({conversation, onDone, onClose}: Props) {
    const [reason, set_reason] = useState<Reason | ''>('');
    const [note, set_note] = useState('');
    const t = words().talk;
    return (
        <Asking
            title={t.resolve_title}
            go={t.resolve_go}
            onClose={onClose}
            disabled={!reason}
            onDone={onDone}
            act={() =>
                post(
                    '/api/v1/conversations/{contact}/resolve',
                    {reason: reason || 'other', ...(note.trim() ? {note: note.trim()} : {})},
                    where(conversation),
                )
            }
        >
            <fieldset class="radios">
                <legend>{t.resolve_reason}</legend>
                {(Object.keys(t.reasons) as Reason[]).map((each) => (
                    <label key={each} class="check">
                        <input type="radio" name="reason" checked={each === reason} onChange={() => set_reason(each)} />
                        {t.reasons[each]}
                    </label>
                ))}
            </fieldset>
            <Field
                label={t.resolve_note}
                value={note}
                maxLength={500}
                onInput={(event) => set_note(event.currentTarget.value)}
            />
        </Asking>
    );
}

function Reveal({conversation, onClose}: Props) {
    const [reason, set_reason] = useState('');
    const [number, set_number] = useState('');
    const t = words().talk;
    if (number) {
        return (
            <Dialog title={t.reveal} onClose={onClose}>
                <p class="revealed">
                    <a class="number" href={`tel:${number}`}>
                        {number}
                    </a>
                </p>
                <div class="dialog-foot">
                    <Button onClick={onClose}>{words().close}</Button>
                </div>
            </Dialog>
        );
    }
    return (
        <Asking
            title={t.reveal}
            go={t.reveal_go}
            onClose={onClose}
            disabled={!reason.trim()}
            act={async () =>
                set_number(
                    (await post('/api/v1/conversations/{contact}/reveal', {reason: reason.trim()}, where(conversation)))
                        .number,
                )
            }
        >
            <Field
                label={t.reveal_why}
                hint={t.reveal_note}
                value={reason}
                required
                maxLength={200}
                onInput={(event) => set_reason(event.currentTarget.value)}
            />
        </Asking>
    );
}

function TakeOver({conversation, onDone, onClose}: Props) {
    const t = words().talk;
    return (
        <Asking
            title={t.take_over}
            go={t.take_over}
            onClose={onClose}
            grave
            onDone={onDone}
            act={() => post('/api/v1/conversations/{contact}/take', {take_over: true}, where(conversation))}
        >
            <p>{t.take_over_sure(conversation.held_by ?? '')}</p>
        </Asking>
    );
}

function Tag({conversation, onDone, onClose}: Props) {
    const [tag, set_tag] = useState('');
    const t = words().talk;
    return (
        <Asking
            title={t.tag_add}
            go={t.add}
            onClose={onClose}
            disabled={!tag.trim()}
            onDone={onDone}
            act={() => post('/api/v1/conversations/{contact}/tags', {add: [tag.trim()]}, where(conversation))}
        >
            <Field
                label={t.tag_add}
                value={tag}
                required
                maxLength={32}
                onInput={(event) => set_tag(event.currentTarget.value)}
            />
        </Asking>
    );
}

const kDialogs = {
    call: CallDialog,
    transfer: Transfer,
    hand_back: HandBack,
    resolve: Resolve,
    reveal: Reveal,
    take_over: TakeOver,
    tag: Tag,
};

export function ActDialog({act, ...props}: Props & {act: Act}) {
    const Shown = kDialogs[act];
    return <Shown {...props} />;
}
