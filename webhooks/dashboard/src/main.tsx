// The page: who is signed in, where one is, and the frame around it.
import {render} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {allow_sound, tell, turn_alerts} from './alerts';
import {get, on_signed_out, type Me, type QueueItem} from './api';
import {go, use_link, use_resource, use_route, use_settings} from './hooks';
import {use_keys} from './keys';
import {live, store} from './live';
import {news} from './news';
import {ConversationPane} from './pages/conversation';
import {MePage} from './pages/me';
import {QueuePane} from './pages/queue';
import {SignInPage, WelcomePage} from './pages/sign_in';
import {kPages, MorePage} from './pages/places';
import * as resources from './resources';
import {settings, words} from './settings';
import './style.css';
import {KeysHelp} from './ui/keys_help';
import {Icon, IconButton} from './ui/parts';

function Link() {
    const state = use_link();
    return (
        <p class={`link-state ${state}`} role="status">
            <span class="dot" aria-hidden="true" />
            <span class={state === 'live' ? 'sr' : ''}>{words().link[state]}</span>
        </p>
    );
}

function AlertsButton() {
    const {alerts} = use_settings();
    const blocked = alerts && 'Notification' in window && Notification.permission === 'denied';
    const t = words().queue;
    return (
        <IconButton
            icon={alerts ? 'bell' : 'bell_off'}
            label={alerts ? (blocked ? t.alerts_blocked : t.alerts_on) : t.alerts_off}
            aria-pressed={alerts}
            onClick={() => void turn_alerts(!alerts)}
        />
    );
}

/** Follows the queue wherever one is: the title counts, new ones sound. */
function Attention({me}: {me: Me}) {
    const {value} = use_resource('queue', resources.queue);
    const before = useRef<QueueItem[] | null>(null);
    const items = value?.items;
    useEffect(() => {
        if (!items) return;
        if (before.current) tell(news(before.current, items, me.name));
        before.current = items;
    }, [items]);
    const danger = items?.filter((item) => item.why === 'danger').length ?? 0;
    useEffect(() => {
        document.title = items?.length
            ? `(${danger || items.length}${danger ? '!' : ''}) ${me.line.name} · Handrail`
            : `${me.line.name} · Handrail`;
    });
    return (
        <p class="sr" role="status" aria-live="polite">
            {items ? words().queue.announce(danger, items.length) : ''}
        </p>
    );
}

function Nav({me, route}: {me: Me; route: string}) {
    const {value} = use_resource(me.may.includes('read_conversations') ? 'queue' : '', resources.queue);
    const places = kPages.filter((page) => page.may(me));
    const here = (id: string) =>
        route === id || route.startsWith(`${id}/`) || (id === 'queue' && route.startsWith('c/'));
    const t = words().nav;
    const count = value?.items.length ?? 0;
    return (
        <nav class="nav" aria-label={t.label}>
            {places.map(({id, icon, in_bar}) => (
                <a
                    key={id}
                    href={`#/${id}`}
                    aria-current={here(id) ? 'page' : undefined}
                    class={in_bar ? '' : 'desk-only'}
                >
                    <Icon name={icon} />
                    <span>{t[id]}</span>
                    {id === 'queue' && count > 0 && <span class="badge">{count}</span>}
                </a>
            ))}
            <a href="#/me" class="nav-me desk-only" aria-current={here('me') ? 'page' : undefined}>
                <Icon name="me" />
                <span>{me.name}</span>
            </a>
            <a
                href="#/more"
                class="phone-only"
                aria-current={
                    here('more') || here('me') || places.some((page) => !page.in_bar && here(page.id))
                        ? 'page'
                        : undefined
                }
            >
                <Icon name="more" />
                <span>{t.more}</span>
            </a>
        </nav>
    );
}

function Place({
    me,
    route,
    onChanged,
    onSignedOut,
}: {
    me: Me;
    route: string;
    onChanged: () => void;
    onSignedOut: () => void;
}) {
    const talk = /^c\/(\d+)$/.exec(route);
    const places = kPages.filter((page) => page.may(me));
    if (me.may.includes('read_conversations') && (talk || route === 'queue')) {
        const contact = Number(talk?.[1] ?? 0);
        return (
            <div class={`desk ${contact ? 'talking' : ''}`}>
                <QueuePane me={me} current={contact} />
                {contact ? (
                    <ConversationPane key={contact} contact={contact} me={me} />
                ) : (
                    <section class="talk-pane nothing">
                        <div class="empty">
                            <p class="strong">{words().talk.choose}</p>
                            <p>{words().talk.choose_more}</p>
                        </div>
                    </section>
                )}
            </div>
        );
    }
    if (route === 'more') return <MorePage me={me} />;
    const [id = '', ...rest] = route.split('/');
    const page = places.find((each) => each.id === id);
    if (page?.Page) return <page.Page me={me} rest={rest.map(decodeURIComponent)} />;
    return <MePage me={me} onChanged={onChanged} onSignedOut={onSignedOut} />;
}

function Signed({me, onChanged, onSignedOut}: {me: Me; onChanged: () => void; onSignedOut: () => void}) {
    const route = use_route();
    const [help, set_help] = useState(false);
    const main = useRef<HTMLElement>(null);
    const reads = me.may.includes('read_conversations');
    use_keys({
        '?': () => set_help(true),
        q: () => {
            if (reads) go('queue');
        },
    });
    useEffect(() => {
        if (!reads) return undefined;
        live.start();
        return () => live.stop();
    }, [me.name]);
    useEffect(() => {
        if (!route || (!reads && route === 'queue')) go(kPages.find((page) => page.may(me))?.id ?? 'me');
    }, [route]);
    return (
        <div class={`app ${/^(queue|c\/)/.test(route) ? 'fixed' : ''} ${route.startsWith('c/') ? 'in-talk' : ''}`}>
            <a
                class="skip"
                href="#main"
                onClick={(event) => {
                    event.preventDefault();
                    main.current?.focus();
                }}
            >
                {words().skip}
            </a>
            <header class="top">
                <span class="brand">
                    <img src="./icon.svg" alt="" width="26" height="26" />
                    <span>{me.line.name}</span>
                </span>
                <Nav me={me} route={route} />
                {reads && <Link />}
                {reads && <AlertsButton />}
            </header>
            {reads && <Attention me={me} />}
            <main id="main" ref={main} tabIndex={-1}>
                <Place me={me} route={route} onChanged={onChanged} onSignedOut={onSignedOut} />
            </main>
            {help && <KeysHelp onClose={() => set_help(false)} />}
        </div>
    );
}

type Who = {me: Me | null; ended: boolean};

function App() {
    const [who, set_who] = useState<Who>();
    const {language} = use_settings();
    const route = use_route();
    const leave = (ended: boolean) =>
        set_who((before) => {
            live.stop();
            return {me: null, ended: before?.me ? ended : before?.ended ?? false};
        });
    const came = (me: Me) => {
        store.forget();
        if (/^#(welcome|oidc)=/.test(location.hash)) go('');
        set_who({me, ended: false});
    };
    const ask = () =>
        void get('/api/v1/me').then(
            (me) => set_who({me, ended: false}),
            () => leave(true),
        );
    useEffect(() => {
        const ended = () => leave(true);
        on_signed_out.add(ended);
        ask();
        return () => {
            on_signed_out.delete(ended);
        };
    }, []);
    const welcome = /^welcome=(.+)$/.exec(route);
    if (welcome?.[1]) return <WelcomePage link={decodeURIComponent(welcome[1])} onSignedIn={came} />;
    if (!who) return null;
    if (!who.me)
        return <SignInPage ended={who.ended} failed={/^oidc=(\w+)$/.exec(route)?.[1]} onSignedIn={came} />;
    return <Signed key={`${language} ${who.me.name}`} me={who.me} onChanged={ask} onSignedOut={() => leave(false)} />;
}

document.addEventListener('pointerdown', allow_sound);
document.addEventListener('keydown', allow_sound);
document.documentElement.dataset['theme'] = settings.theme;
const app = document.getElementById('app');
if (app) render(<App />, app);
