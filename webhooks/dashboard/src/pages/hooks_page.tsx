// Outgoing webhooks and what was delivered.
import {useState} from 'preact/hooks';
import {get, post, type Delivery, type Hook, type Me} from '../api';
import {use_doing, use_resource} from '../hooks';
import {store} from '../live';
import {plain} from '../resources';
import {words} from '../settings';
import {Button, Chip, Loading, Moment, Refusal} from '../ui/parts';

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

function One({hook}: {hook: Hook}) {
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
                {hook.owed > 0 && <Chip tone="warn">{t.owed(hook.owed)}</Chip>}
            </p>
            <Refusal error={doing.error} />
            {tested && (
                <p class="said" role="status">
                    {t.tested}
                </p>
            )}
            <p class="row">
                <Button busy={doing.busy} onClick={() => void test()}>
                    {t.test}
                </Button>
                <Button aria-expanded={shown} onClick={() => set_shown(!shown)}>
                    {t.deliveries}
                </Button>
            </p>
            {shown && <Deliveries hook={hook} />}
        </li>
    );
}

export function Hooks(_: {me: Me}) {
    const {value, error} = use_resource(
        'hooks',
        plain(async () => (await get('/api/v1/hooks')).items),
    );
    const t = words().admin;
    return (
        <section aria-label={t.hooks}>
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            {value?.length === 0 && <p class="empty">{t.empty}</p>}
            <ul class="cards">
                {value?.map((hook) => (
                    <One key={hook.id} hook={hook} />
                ))}
            </ul>
        </section>
    );
}
