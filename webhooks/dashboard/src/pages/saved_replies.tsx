// Replies kept for everybody, in both languages.
import {useId, useState} from 'preact/hooks';
import {get, post, type Me, type SavedReply} from '../api';
import {use_resource} from '../hooks';
import {store} from '../live';
import {plain} from '../resources';
import {count_segments} from '../segments';
import {words} from '../settings';
import {Asking, Button, Chip, Loading, NameField, Refusal} from '../ui/parts';

/** What comes after a change: the list is asked for again. */
const changed = (then: () => void) => () => {
    store.stale('saved-replies');
    then();
};

function Text({
    label,
    lang,
    value,
    onText,
}: {
    label: string;
    lang: string;
    value: string;
    onText: (text: string) => void;
}) {
    const id = useId();
    const {segments, left} = count_segments(value);
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <textarea
                id={id}
                lang={lang}
                rows={3}
                required
                maxLength={1_600}
                value={value}
                onInput={(event) => onText(event.currentTarget.value)}
            />
            <p class="hint">{segments > 0 ? words().talk.segments(segments, left) : '\u00a0'}</p>
        </div>
    );
}

function Edit({reply, onClose}: {reply: SavedReply | null; onClose: () => void}) {
    const [name, set_name] = useState(reply?.name ?? '');
    const [en, set_en] = useState(reply?.en ?? '');
    const [es, set_es] = useState(reply?.es ?? '');
    const t = words().admin;
    const body = {name: name.trim(), en: en.trim(), es: es.trim()};
    return (
        <Asking
            title={reply ? reply.name : t.add}
            go={words().save}
            onClose={onClose}
            onDone={changed(onClose)}
            wide
            act={() =>
                reply
                    ? post('/api/v1/saved-replies/{id}', body, {path: {id: reply.id}})
                    : post('/api/v1/saved-replies', body)
            }
        >
            <NameField label={t.name} value={name} onText={set_name} />
            <Text label={t.english} lang="en" value={en} onText={set_en} />
            <Text label={t.spanish} lang="es" value={es} onText={set_es} />
            <p class="muted">{t.reply_lead}</p>
        </Asking>
    );
}

function Remove({reply, onClose}: {reply: SavedReply; onClose: () => void}) {
    const t = words().admin;
    return (
        <Asking
            title={reply.name}
            go={t.remove}
            onClose={onClose}
            onDone={changed(onClose)}
            grave
            act={() => post('/api/v1/saved-replies/{id}/remove', undefined, {path: {id: reply.id}})}
        >
            <p>{t.remove_reply_sure(reply.name)}</p>
        </Asking>
    );
}

export function SavedReplies(_: {me: Me}) {
    const {value, error} = use_resource(
        'saved-replies',
        plain(async () => (await get('/api/v1/saved-replies')).items),
    );
    const [editing, set_editing] = useState<SavedReply | 'new' | null>(null);
    const [removing, set_removing] = useState<SavedReply | null>(null);
    const t = words().admin;
    return (
        <section aria-label={t.replies}>
            <p class="row">
                <Button kind="main" onClick={() => set_editing('new')}>
                    {t.add}
                </Button>
            </p>
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            {value?.length === 0 && <p class="empty">{t.empty}</p>}
            <ul class="cards">
                {value?.map((reply) => (
                    <li key={reply.id} class="card">
                        <div class="row">
                            <h2>{reply.name}</h2>
                            <span class="push row">
                                <Button aria-label={`${t.edit}: ${reply.name}`} onClick={() => set_editing(reply)}>
                                    {t.edit}
                                </Button>
                                <Button aria-label={`${t.remove}: ${reply.name}`} onClick={() => set_removing(reply)}>
                                    {t.remove}
                                </Button>
                            </span>
                        </div>
                        <p lang="en">
                            <Chip>EN</Chip> {reply.en}
                        </p>
                        <p lang="es">
                            <Chip>ES</Chip> {reply.es}
                        </p>
                    </li>
                ))}
            </ul>
            {editing && <Edit reply={editing === 'new' ? null : editing} onClose={() => set_editing(null)} />}
            {removing && <Remove reply={removing} onClose={() => set_removing(null)} />}
        </section>
    );
}
