// Outgoing webhooks: those of the configuration as they stand, others made and changed here; and what was delivered.
import {useState} from 'preact/hooks';
import {get, post, type Delivery, type EventType, type Hook, type Me} from '../api';
import {use_doing, use_resource} from '../hooks';
import {store} from '../live';
import {plain} from '../resources';
import {words} from '../settings';
import {Asking, Button, Checks, Chip, Dialog, Field, Loading, Moment, NameField, Once, Refusal} from '../ui/parts';

function Deliveries({hook}: {hook: Hook}) {
    const name = `deliveries/${hook.id}`;
    const {value, error} = use_resource(
        name,
        plain(
            async () => (await get('/api/v1/hooks/{id}/deliveries', {path: {id: hook.id}, query: {limit: 50}})).items,
        ),
    );
    const doing = use_doing();
    const t = words().admin;
    const resend = (delivery: Delivery) =>
        doing.run(async () => {
            await post('/api/v1/deliveries/{id}/resend', undefined, {path: {id: delivery.id}});
            store.stale(name);
        });
    return (
        <>
            <Refusal error={doing.error ?? (value ? undefined : error)} />
            {value?.length === 0 && <p class="muted">{t.no_deliveries}</p>}
            {value && value.length > 0 && (
                <table class="table stacked">
                    <caption class="sr">
                        {t.deliveries}: {hook.name}
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">{t.event}</th>
                            <th scope="col">{t.status}</th>
                            <th scope="col">{t.outcome}</th>
                            <th scope="col">{t.attempts}</th>
                            <th scope="col">{t.when}</th>
                            <td />
                        </tr>
                    </thead>
                    <tbody>
                        {value.map((each) => (
                            <tr key={each.id}>
                                <th scope="row">{each.event}</th>
                                <td>
                                    <Chip tone={each.state === 'failed' ? 'stop' : each.state === 'sent' ? 'good' : ''}>
                                        {t.states[each.state]}
                                    </Chip>
                                </td>
                                <td>
                                    <span class="narrow-only">{t.outcome}: </span>
                                    {t.outcomes[each.outcome] ?? each.outcome}
                                </td>
                                <td>
                                    <span class="narrow-only">{t.attempts}: </span>
                                    {each.attempts}
                                </td>
                                <td>
                                    <Moment at={each.updated_at} />
                                </td>
                                <td class="acts-cell">
                                    <Button
                                        busy={doing.busy}
                                        aria-label={`${t.resend}: ${each.event} ${each.id}`}
                                        onClick={() => void resend(each)}
                                    >
                                        {t.resend}
                                    </Button>
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
        </>
    );
}

/** A new one, or changes to one that is there. */
function Edit({hook, types, onClose}: {hook: Hook | null; types: EventType[]; onClose: () => void}) {
    const [name, set_name] = useState(hook?.name ?? '');
    const [url, set_url] = useState(hook?.url ?? 'https://');
    const [events, set_events] = useState<EventType[]>((hook?.events ?? []) as EventType[]);
    const [secret, set_secret] = useState('');
    const t = words().admin;
    const go = hook ? t.edit : t.add;
    const save = async () => {
        const body = {name: name.trim(), url: url.trim(), events};
        if (hook) await post('/api/v1/hooks/{id}', body, {path: {id: hook.id}});
        else set_secret((await post('/api/v1/hooks', body)).secret);
        store.stale('hooks');
        if (hook) onClose();
    };
    if (secret) return <Secret value={secret} onClose={onClose} />;
    return (
        <Asking title={hook ? `${t.edit}: ${hook.name}` : t.add} go={go} act={save} onClose={onClose} wide>
            <NameField label={t.name} value={name} onText={set_name} />
            <Field
                label={t.url}
                hint={t.url_hint}
                type="url"
                required
                maxLength={2000}
                autocomplete="off"
                value={url}
                onInput={(event) => set_url(event.currentTarget.value)}
            />
            <Checks
                legend={`${t.events} (${t.events_hint})`}
                columns
                options={types.map((type) => [type, <code>{type}</code>])}
                chosen={events}
                onChoice={set_events}
            />
        </Asking>
    );
}

function Secret({value, onClose}: {value: string; onClose: () => void}) {
    const t = words().admin;
    return (
        <Dialog title={t.secret} onClose={onClose}>
            <p>{t.hook_secret}</p>
            <Once value={value} />
            <div class="dialog-foot">
                <Button onClick={onClose}>{words().close}</Button>
            </div>
        </Dialog>
    );
}

function Rotate({hook, onClose}: {hook: Hook; onClose: () => void}) {
    const [secret, set_secret] = useState('');
    const t = words().admin;
    const rotate = async () => {
        set_secret((await post('/api/v1/hooks/{id}/rotate', undefined, {path: {id: hook.id}})).secret);
        store.stale('hooks');
    };
    if (secret) return <Secret value={secret} onClose={onClose} />;
    return (
        <Asking title={t.rotate} go={t.rotate} act={rotate} onClose={onClose}>
            <p>{t.rotate_sure(hook.name)}</p>
        </Asking>
    );
}

function Remove({hook, onClose}: {hook: Hook; onClose: () => void}) {
    const t = words().admin;
    const remove = async () => {
        await post('/api/v1/hooks/{id}/remove', undefined, {path: {id: hook.id}});
        store.stale('hooks');
        onClose();
    };
    return (
        <Asking title={t.remove} go={t.remove} grave act={remove} onClose={onClose}>
            <p>{t.remove_hook_sure(hook.name)}</p>
        </Asking>
    );
}

function State({hook}: {hook: Hook}) {
    const t = words().admin;
    return (
        <>
            {hook.from_config && <span class="muted">{t.from_config}</span>}
            {hook.state !== 'on' && (
                <Chip tone={hook.state === 'given_up' ? 'stop' : 'warn'}>{t[hook.state]}</Chip>
            )}
            {hook.failing_since && (
                <Chip tone="warn">
                    {t.failing} <Moment at={hook.failing_since} />
                </Chip>
            )}
            {hook.old_secret_until && (
                <span class="muted">
                    {t.old_secret} <Moment at={hook.old_secret_until} />
                </span>
            )}
            {hook.owed > 0 && <Chip tone="warn">{t.owed(hook.owed)}</Chip>}
        </>
    );
}

type Asking = 'edit' | 'rotate' | 'remove' | null;

/** What may be done to one that is managed here. */
function Manage({hook, types}: {hook: Hook; types: EventType[]}) {
    const [asking, set_asking] = useState<Asking>(null);
    const doing = use_doing();
    const t = words().admin;
    const close = () => set_asking(null);
    const flip = () =>
        doing.run(async () => {
            await post('/api/v1/hooks/{id}', {on: hook.state !== 'on'}, {path: {id: hook.id}});
            store.stale('hooks');
        });
    return (
        <>
            <Button onClick={() => set_asking('edit')} aria-label={`${t.edit}: ${hook.name}`}>
                {t.edit}
            </Button>
            <Button busy={doing.busy} onClick={() => void flip()} aria-label={`${hook.state === 'on' ? t.switch_off : t.switch_on}: ${hook.name}`}>
                {hook.state === 'on' ? t.switch_off : t.switch_on}
            </Button>
            <Button onClick={() => set_asking('rotate')} aria-label={`${t.rotate}: ${hook.name}`}>
                {t.rotate}
            </Button>
            <Button onClick={() => set_asking('remove')} aria-label={`${t.remove}: ${hook.name}`}>
                {t.remove}
            </Button>
            <Refusal error={doing.error} />
            {asking === 'edit' && <Edit hook={hook} types={types} onClose={close} />}
            {asking === 'rotate' && <Rotate hook={hook} onClose={close} />}
            {asking === 'remove' && <Remove hook={hook} onClose={close} />}
        </>
    );
}

function One({hook, types}: {hook: Hook; types: EventType[]}) {
    const [shown, set_shown] = useState(false);
    const [tested, set_tested] = useState(false);
    const doing = use_doing();
    const t = words().admin;
    const test = () =>
        doing.run(async () => {
            await post('/api/v1/hooks/{id}/test', undefined, {path: {id: hook.id}});
            set_tested(true);
            store.stale(`deliveries/${hook.id}`);
        });
    return (
        <li class="card">
            <h2>{hook.name}</h2>
            <p class="row">
                <code class="url">{hook.url}</code>
                <span class="muted">{hook.events.length ? hook.events.join(', ') : t.every_event}</span>
                <State hook={hook} />
            </p>
            <Refusal error={doing.error} />
            {tested && (
                <p class="said" role="status">
                    {t.tested}
                </p>
            )}
            <div class="row">
                <Button busy={doing.busy} onClick={() => void test()}>
                    {t.test}
                </Button>
                <Button aria-expanded={shown} onClick={() => set_shown(!shown)}>
                    {t.deliveries}
                </Button>
                {!hook.from_config && <Manage hook={hook} types={types} />}
            </div>
            {shown && <Deliveries hook={hook} />}
        </li>
    );
}

export function Hooks(_: {me: Me}) {
    const {value, error} = use_resource(
        'hooks',
        plain(async () => await get('/api/v1/hooks')),
    );
    const [adding, set_adding] = useState(false);
    const t = words().admin;
    return (
        <section aria-label={t.hooks}>
            <p class="muted">{t.hooks_lead}</p>
            <p class="row">
                <Button kind="main" disabled={!value} onClick={() => set_adding(true)}>
                    {t.add}
                </Button>
            </p>
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            {value?.items.length === 0 && <p class="empty">{t.empty}</p>}
            <ul class="cards">
                {value?.items.map((hook) => (
                    <One key={hook.id} hook={hook} types={value.event_types} />
                ))}
            </ul>
            {adding && value && <Edit hook={null} types={value.event_types} onClose={() => set_adding(false)} />}
        </section>
    );
}
