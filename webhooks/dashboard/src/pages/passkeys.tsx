// One's own passkeys: make one on this device, see where there are others, remove one.
import {useState} from 'preact/hooks';
import {get, post, type Me, type Passkey} from '../api';
import {use_doing, use_resource} from '../hooks';
import {store} from '../live';
import {browser_has_passkeys, make_passkey} from '../passkeys';
import {plain} from '../resources';
import {words} from '../settings';
import {Asking, Button, Field, Form, Moment, NameField, Refusal} from '../ui/parts';

const kResource = 'passkeys';

function OwnPassword({value, onText}: {value: string; onText: (text: string) => void}) {
    return (
        <Field
            label={words().me.confirm_password}
            type="password"
            required
            autocomplete="current-password"
            value={value}
            onInput={(event) => onText(event.currentTarget.value)}
        />
    );
}

function Remove({passkey, onClose}: {passkey: Passkey; onClose: () => void}) {
    const [password, set_password] = useState('');
    const t = words().passkeys;
    const remove = async () => {
        await post('/api/v1/me/passkeys/{id}/remove', {password}, {path: {id: passkey.id}});
        store.stale(kResource);
    };
    return (
        <Asking title={t.remove_title(passkey.name)} go={t.remove} grave act={remove} onDone={onClose} onClose={onClose}>
            <p>{t.remove_lead}</p>
            <OwnPassword value={password} onText={set_password} />
        </Asking>
    );
}

function Row({passkey}: {passkey: Passkey}) {
    const [removing, set_removing] = useState(false);
    const t = words().passkeys;
    return (
        <li class="row passkey">
            <span>
                <strong>{passkey.name}</strong>
                <br />
                <span class="muted">
                    {t.made} <Moment at={passkey.created_at} /> · {t.used}{' '}
                    {passkey.last_used_at ? <Moment at={passkey.last_used_at} /> : t.never}
                </span>
            </span>
            <Button onClick={() => set_removing(true)} aria-label={`${t.remove}: ${passkey.name}`}>
                {t.remove}
            </Button>
            {removing && <Remove passkey={passkey} onClose={() => set_removing(false)} />}
        </li>
    );
}

function Make({me}: {me: Me}) {
    const [name, set_name] = useState('');
    const [password, set_password] = useState('');
    const doing = use_doing();
    const t = words().passkeys;
    const make = () =>
        doing.run(async () => {
            await make_passkey(name.trim(), password, me.line.name);
            set_name('');
            set_password('');
            store.stale(kResource);
        });
    return (
        <Form onSubmit={make}>
            <NameField label={t.name} hint={t.name_hint} value={name} onText={set_name} />
            <OwnPassword value={password} onText={set_password} />
            <Refusal error={doing.error} />
            <Button submit busy={doing.busy}>
                {t.make}
            </Button>
        </Form>
    );
}

export function Passkeys({me}: {me: Me}) {
    const ways = use_resource(
        'sign-in',
        plain(() => get('/api/v1/sign-in')),
    );
    const {value, error} = use_resource(
        kResource,
        plain(async () => (await get('/api/v1/me/passkeys')).items),
    );
    const t = words().passkeys;
    if (ways.value && !ways.value.passkeys) return null;
    return (
        <section class="card" aria-labelledby="passkeys-title">
            <h2 id="passkeys-title">{t.title}</h2>
            <p class="muted">{t.lead}</p>
            <Refusal error={value ? undefined : error} />
            {value && value.length > 0 && (
                <ul class="plain-list">
                    {value.map((each) => (
                        <Row key={each.id} passkey={each} />
                    ))}
                </ul>
            )}
            {browser_has_passkeys() ? <Make me={me} /> : <p class="muted">{t.no_browser}</p>}
        </section>
    );
}
