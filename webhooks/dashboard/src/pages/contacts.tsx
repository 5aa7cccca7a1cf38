// Contacts and what they agreed to: the consent ledger as a time line, check-ins to come, export, erase by two people.
import {useState} from 'preact/hooks';
import {get, post, type CheckIn, type ConsentEntry, type Conversation, type Erasure, type Me} from '../api';
import {use_doing, use_pages, use_resource} from '../hooks';
import {about, plain} from '../resources';
import {words} from '../settings';
import {Asking, Button, Chip, Field, Loading, Moment, More, Refusal} from '../ui/parts';
import {consent_tone} from './details';
import type {PageProps} from './places';

const kPage = 50;

function List() {
    const t = words().contacts;
    const pages = use_pages(
        'contacts',
        kPage,
        async (query) => (await get('/api/v1/conversations', {query})).items,
        /^(message\.received|consent\.|conversation\.)/,
    );
    return (
        <>
            <Refusal error={pages.error} />
            {!pages.loaded && !pages.error && <Loading />}
            {pages.loaded && (
                <table class="table stacked">
                    <caption class="sr">{t.list}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t.number}</th>
                            <th scope="col">{t.consent}</th>
                            <th scope="col">{words().talk.tags}</th>
                            <th scope="col">{t.when}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {pages.rows.map((row) => (
                            <tr key={row.id}>
                                <th scope="row">
                                    <a class="number" href={`#/contacts/${row.id}`}>
                                        {row.number}
                                    </a>
                                </th>
                                <td>
                                    <Chip tone={consent_tone(row.consent)}>{words().talk.consents[row.consent]}</Chip>
                                </td>
                                <td class="row">
                                    {(row.tags ?? []).map((tag) => (
                                        <Chip key={tag}>{tag}</Chip>
                                    ))}
                                </td>
                                <td>
                                    <Moment at={row.updated_at} />
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
            <More pages={pages} label={t.more} />
        </>
    );
}

function Ledger({contact}: {contact: number}) {
    const {value, error} = use_resource(
        `consent/${contact}`,
        about<ConsentEntry>(
            contact,
            () => get('/api/v1/conversations/{contact}/consent', {path: {contact}}),
            /^consent\./,
        ),
    );
    const t = words().contacts;
    return (
        <section class="card">
            <h2>{t.ledger}</h2>
            <p class="muted">{t.ledger_lead}</p>
            <Refusal error={value ? undefined : error} />
            <ol class="timeline">
                {value?.map((entry, at) => (
                    <li key={at} class={entry.to}>
                        <p class="row">
                            <Chip tone={consent_tone(entry.to)}>{words().talk.consents[entry.to]}</Chip>
                            <span>{t.source[entry.source] ?? entry.source}</span>
                            <span class="muted push">
                                <Moment at={entry.at} />
                            </span>
                        </p>
                        {entry.wording && <q dir="auto">{entry.wording}</q>}
                        {entry.rule && <p class="muted">{entry.rule}</p>}
                    </li>
                ))}
            </ol>
        </section>
    );
}

function CheckIns({contact}: {contact: number}) {
    const {value} = use_resource(
        `check-ins/${contact}`,
        about<CheckIn>(
            contact,
            () => get('/api/v1/conversations/{contact}/check-ins', {path: {contact}}),
            /^(conversation|consent)\./,
        ),
    );
    const t = words().contacts;
    return (
        <section class="card">
            <h2>{t.check_ins}</h2>
            {value?.length === 0 && <p class="muted">{t.no_check_ins}</p>}
            <ul class="plain-list">
                {value?.map((one) => (
                    <li key={one.name}>
                        <code>{one.name}</code> · <Moment at={one.due} />
                    </li>
                ))}
            </ul>
        </section>
    );
}

/** Hands the browser a file it made itself. */
function download(name: string, type: string, text: string): void {
    const url = URL.createObjectURL(new Blob([text], {type}));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Export({contact}: {contact: number}) {
    const doing = use_doing();
    const t = words().contacts;
    const fetch_it = () =>
        doing.run(async () => {
            const all = await post('/api/v1/conversations/{contact}/export', undefined, {path: {contact}});
            download(`handrail-contact-${contact}.json`, 'application/json', JSON.stringify(all, null, 1));
        });
    return (
        <section class="card">
            <h2>{t.export}</h2>
            <p class="muted">{t.export_lead}</p>
            <Refusal error={doing.error} />
            <p class="row">
                <Button busy={doing.busy} onClick={() => void fetch_it()}>
                    {t.export}
                </Button>
            </p>
        </section>
    );
}

export const kErasures = plain(async () => (await get('/api/v1/erasures')).items, /^erasure\./, 500);

function Decide({erasure, me}: {erasure: Erasure; me: Me}) {
    const doing = use_doing();
    const t = words().contacts;
    const decide = (path: '/api/v1/erasures/{id}/confirm' | '/api/v1/erasures/{id}/refuse') =>
        doing.run(() => post(path, undefined, {path: {id: erasure.id}}));
    return (
        <>
            <p>
                {t.asked(erasure.asked_by)} <q dir="auto">{erasure.reason}</q>{' '}
                <span class="muted">
                    <Moment at={erasure.asked_at} />
                </span>
            </p>
            <Refusal error={doing.error} />
            {erasure.asked_by === me.name && <p class="muted">{t.waiting_second}</p>}
            <p class="row">
                {erasure.asked_by !== me.name && (
                    <Button kind="grave" busy={doing.busy} onClick={() => void decide('/api/v1/erasures/{id}/confirm')}>
                        {t.confirm}
                    </Button>
                )}
                <Button busy={doing.busy} onClick={() => void decide('/api/v1/erasures/{id}/refuse')}>
                    {t.refuse}
                </Button>
            </p>
        </>
    );
}

function Erase({contact, me}: {contact: number; me: Me}) {
    const {value} = use_resource('erasures', kErasures);
    const [asking, set_asking] = useState(false);
    const [reason, set_reason] = useState('');
    const t = words().contacts;
    const open = value?.find((each) => each.contact === contact && each.state === 'asked');
    return (
        <section class="card">
            <h2>{t.erase}</h2>
            <p class="muted">{t.erase_lead}</p>
            {open ? (
                <Decide erasure={open} me={me} />
            ) : (
                <p class="row">
                    <Button onClick={() => set_asking(true)}>{t.erase_ask}</Button>
                </p>
            )}
            {asking && (
                <Asking
                    title={t.erase}
                    go={t.erase_ask}
                    onClose={() => set_asking(false)}
                    onDone={() => set_asking(false)}
                    grave
                    disabled={!reason.trim()}
                    act={() =>
                        post('/api/v1/conversations/{contact}/erase', {reason: reason.trim()}, {path: {contact}})
                    }
                >
                    <p>{t.erase_lead}</p>
                    <Field
                        label={t.erase_why}
                        required
                        maxLength={200}
                        value={reason}
                        onInput={(event) => set_reason(event.currentTarget.value)}
                    />
                </Asking>
            )}
        </section>
    );
}

function Asked() {
    const {value} = use_resource('erasures', kErasures);
    const open = (value ?? []).filter((each) => each.state === 'asked');
    if (open.length === 0) return null;
    return (
        <section class="card">
            <h2>{words().contacts.erasures}</h2>
            <ul class="plain-list">
                {open.map((each) => (
                    <li key={each.id}>
                        <a href={`#/contacts/${each.contact}`}>{words().contacts.asked(each.asked_by)}</a>{' '}
                        <span class="muted">
                            <Moment at={each.asked_at} />
                        </span>
                    </li>
                ))}
            </ul>
        </section>
    );
}

function Trusted({person}: {person: Conversation['trusted_person']}) {
    const t = words().contacts;
    return (
        <section class="card">
            <h2>{t.trusted}</h2>
            <p class="muted">{t.trusted_lead}</p>
            <p>
                {person ? (
                    <>
                        <strong dir="auto">{person.name}</strong> <span class="number">{person.number}</span>
                    </>
                ) : (
                    t.no_trusted
                )}
            </p>
        </section>
    );
}

function One({contact, me}: {contact: number; me: Me}) {
    const {value, error} = use_resource(
        `contact/${contact}`,
        about(
            contact,
            async () => ({items: [await get('/api/v1/conversations/{contact}', {path: {contact}})]}),
            /^(conversation|consent)\./,
        ),
    );
    const it = value?.[0]?.contact;
    const t = words();
    if (!it) return <>{error ? <Refusal error={error} /> : <Loading />}</>;
    return (
        <>
            <p class="row">
                <a href="#/contacts">‹ {t.contacts.title}</a>
            </p>
            <h1>
                <span class="sr">{t.talk.texter('')}</span>
                <span class="number">{it.number}</span>
            </h1>
            <p class="row head-facts">
                <Chip tone={consent_tone(it.consent)}>{t.talk.consents[it.consent]}</Chip>
                <span>{t.talk.languages[it.language]}</span>
                <span class="muted">
                    {it.local_time} {it.time_zone}
                </span>
                <a href={`#/c/${contact}`}>{t.contacts.talk}</a>
            </p>
            {me.may.includes('read_ledger') && <Ledger contact={contact} />}
            <Trusted person={value[0]?.trusted_person ?? null} />
            <CheckIns contact={contact} />
            {me.may.includes('export') && <Export contact={contact} />}
            {me.may.includes('erase') && <Erase contact={contact} me={me} />}
        </>
    );
}

export function ContactsPage({me, rest}: PageProps) {
    const contact = Number(rest[0] ?? 0);
    return (
        <div class="page">
            {contact ? (
                <One key={contact} contact={contact} me={me} />
            ) : (
                <>
                    <h1>{words().contacts.title}</h1>
                    {me.may.includes('erase') && <Asked />}
                    <List />
                </>
            )}
        </div>
    );
}
