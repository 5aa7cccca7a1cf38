// Signing in: password, then a code where the account has one, a passkey, or an identity provider; the first password by a one-time link; a
// demo by a click.
import {useEffect, useState} from 'preact/hooks';
import {get, post, Problem, type Me, type SignIn} from '../api';
import {use_doing, use_settings} from '../hooks';
import {browser_has_passkeys, sign_in_with_passkey} from '../passkeys';
import {settings, words, type Language} from '../settings';
import {Button, Field, Form, Refusal, type Children} from '../ui/parts';

type Signed = {onSignedIn: (me: Me) => void};

function Door({title, children}: Children & {title: string}) {
    use_settings();
    return (
        <main class="door">
            <div class="door-card">
                <div class="door-brand">
                    <img src="./icon.svg" alt="" width="36" height="36" />
                    <span>Handrail</span>
                </div>
                <h1>{title}</h1>
                {children}
            </div>
            <p class="door-language">
                {(['en', 'es'] as Language[])
                    .filter((each) => each !== settings.language)
                    .map((each) => (
                        <button key={each} type="button" class="link" lang={each} onClick={() => settings.speak(each)}>
                            {each === 'es' ? 'Español' : 'English'}
                        </button>
                    ))}
            </p>
        </main>
    );
}

function Password({
    label,
    value,
    onText,
    autocomplete,
    hint,
}: {
    label: string;
    value: string;
    onText: (text: string) => void;
    autocomplete: string;
    hint?: string;
}) {
    const [shown, set_shown] = useState(false);
    return (
        <div class="password">
            <Field
                label={label}
                hint={hint}
                type={shown ? 'text' : 'password'}
                required
                autocomplete={autocomplete}
                value={value}
                onInput={(event) => onText(event.currentTarget.value)}
            />
            <button type="button" class="link" aria-pressed={shown} onClick={() => set_shown(!shown)}>
                {shown ? words().sign_in.hide : words().sign_in.show}
            </button>
        </div>
    );
}

function DemoPeople({ways, onSignedIn}: Signed & {ways: SignIn}) {
    const doing = use_doing();
    return (
        <section class="demo-people" aria-labelledby="demo-title">
            <p id="demo-title">{words().sign_in.demo}</p>
            <div class="row">
                {ways.demo_people.map((name) => (
                    <Button
                        key={name}
                        kind="main"
                        busy={doing.busy}
                        onClick={() =>
                            void doing.run(async () => onSignedIn(await post('/api/v1/session/demo', {name})))
                        }
                    >
                        {name}
                    </Button>
                ))}
            </div>
            <Refusal error={doing.error} />
        </section>
    );
}

function OtherWays({ways, onSignedIn}: Signed & {ways: SignIn}) {
    const doing = use_doing();
    const t = words().sign_in;
    const passkeys = ways.passkeys && browser_has_passkeys();
    if (!passkeys && !ways.oidc) return null;
    return (
        <div class="other-ways">
            <p class="muted">{t.or}</p>
            {ways.oidc && (
                <a class="button quiet" href="/api/v1/session/oidc">
                    {t.oidc(ways.oidc)}
                </a>
            )}
            {passkeys && (
                <Button
                    busy={doing.busy}
                    onClick={() => void doing.run(async () => onSignedIn(await sign_in_with_passkey()))}
                >
                    {t.passkey}
                </Button>
            )}
            <Refusal error={doing.error} />
        </div>
    );
}

/** @param failed  why the identity provider's way did not end here, as a code */
export function SignInPage({onSignedIn, ended, failed}: Signed & {ended: boolean; failed: string | undefined}) {
    const [ways, set_ways] = useState<SignIn>();
    const [name, set_name] = useState('');
    const [password, set_password] = useState('');
    const [code, set_code] = useState('');
    const [asks_code, set_asks_code] = useState(false);
    const doing = use_doing();
    use_settings();
    useEffect(() => {
        void get('/api/v1/sign-in').then(set_ways, () => undefined);
    }, []);
    useEffect(() => {
        document.title = `${words().sign_in.title} · Handrail`;
    });
    const t = words().sign_in;
    const sign_in = () =>
        doing.run(async () => {
            try {
                onSignedIn(await post('/api/v1/session', {name, password, ...(code ? {code} : {})}));
            } catch (error) {
                if (!(error instanceof Problem) || error.code !== 'code_needed') throw error;
                set_asks_code(true);
            }
        });
    return (
        <Door title={ways?.line ? `${t.title} · ${ways.line}` : t.title}>
            {ended && (
                <p class="said" role="status">
                    {t.ended}
                </p>
            )}
            {failed && <Refusal error={new Problem({title: '', status: 401, code: failed})} />}
            {ways?.demo && <DemoPeople ways={ways} onSignedIn={onSignedIn} />}
            <Form onSubmit={sign_in}>
                <Field
                    label={t.name}
                    required
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck={false}
                    value={name}
                    onInput={(event) => set_name(event.currentTarget.value)}
                />
                <Password label={t.password} value={password} onText={set_password} autocomplete="current-password" />
                {asks_code && (
                    <Field
                        label={t.code}
                        hint={t.code_needed}
                        inputMode="numeric"
                        autocomplete="one-time-code"
                        maxLength={16}
                        value={code}
                        autofocus
                        onInput={(event) => set_code(event.currentTarget.value)}
                    />
                )}
                <Refusal error={doing.error} />
                <Button submit kind="main" busy={doing.busy}>
                    {t.go}
                </Button>
            </Form>
            {ways && <OtherWays ways={ways} onSignedIn={onSignedIn} />}
        </Door>
    );
}

/** @param link  what the one-time link carries */
export function WelcomePage({link, onSignedIn}: Signed & {link: string}) {
    const [password, set_password] = useState('');
    const [again, set_again] = useState('');
    const [differ, set_differ] = useState(false);
    const doing = use_doing();
    const t = words().welcome;
    const set = () => {
        set_differ(password !== again);
        if (password !== again) return;
        void doing.run(async () => onSignedIn(await post('/api/v1/welcome', {link, password})));
    };
    return (
        <Door title={t.title}>
            <Form onSubmit={set}>
                <p class="muted">{t.lead}</p>
                <Password label={t.password} value={password} onText={set_password} autocomplete="new-password" />
                <Field
                    label={t.again}
                    type="password"
                    required
                    autocomplete="new-password"
                    value={again}
                    aria-invalid={differ || undefined}
                    onInput={(event) => set_again(event.currentTarget.value)}
                />
                {differ && (
                    <p class="refusal" role="alert">
                        {t.differ}
                    </p>
                )}
                <Refusal error={doing.error} />
                <Button submit kind="main" busy={doing.busy}>
                    {t.go}
                </Button>
            </Form>
        </Door>
    );
}
