// About oneself: looks, language, password, second factor, passkeys, signing out.
import {useState} from 'preact/hooks';
import {post, type Me} from '../api';
import {use_doing} from '../hooks';
import {settings, words, type Language, type Theme} from '../settings';
import {clock} from '../times';
import {Button, Field, Form, Once, Refusal, Switch} from '../ui/parts';
import {Passkeys} from './passkeys';

function Look() {
    const t = words().me;
    return (
        <section class="card">
            <h2>{t.look}</h2>
            <p class="label">{t.theme}</p>
            <Switch
                label={t.theme}
                value={settings.theme}
                options={[
                    ['auto', t.themes.auto],
                    ['light', t.themes.light],
                    ['dark', t.themes.dark],
                ]}
                onChoice={(each) => settings.paint(each as Theme)}
            />
            <p class="label">{t.language}</p>
            <Switch
                label={t.language}
                value={settings.language}
                options={[
                    ['en', 'English'],
                    ['es', 'Español'],
                ]}
                onChoice={(each) => settings.speak(each as Language)}
            />
        </section>
    );
}

function ChangePassword() {
    const [old, set_old] = useState('');
    const [fresh, set_fresh] = useState('');
    const [changed, set_changed] = useState(false);
    const doing = use_doing();
    const t = words().me;
    const change = () =>
        doing.run(async () => {
            await post('/api/v1/me/password', {old, new: fresh});
            set_changed(true);
            set_old('');
            set_fresh('');
        });
    return (
        <section class="card">
            <h2>{t.password}</h2>
            <Form onSubmit={change}>
                <Field
                    label={t.old}
                    type="password"
                    required
                    autocomplete="current-password"
                    value={old}
                    onInput={(event) => set_old(event.currentTarget.value)}
                />
                <Field
                    label={t.fresh}
                    type="password"
                    required
                    minLength={12}
                    autocomplete="new-password"
                    value={fresh}
                    onInput={(event) => set_fresh(event.currentTarget.value)}
                />
                <Refusal error={doing.error} />
                {changed && (
                    <p class="said" role="status">
                        {t.changed}
                    </p>
                )}
                <Button submit busy={doing.busy}>
                    {t.change}
                </Button>
            </Form>
        </section>
    );
}

function SecondFactor({me, onChanged}: {me: Me; onChanged: () => void}) {
    const [password, set_password] = useState('');
    const [secret, set_secret] = useState<{secret: string; uri: string} | null>(null);
    const [code, set_code] = useState('');
    const doing = use_doing();
    const t = words().me;
    const go = () =>
        doing.run(async () => {
            if (me.second_factor) await post('/api/v1/me/second-factor/remove', {password});
            else if (!secret) return set_secret(await post('/api/v1/me/second-factor', {password}));
            else await post('/api/v1/me/second-factor/confirm', {code});
            set_secret(null);
            set_password('');
            set_code('');
            onChanged();
        });
    return (
        <section class="card">
            <h2>{t.factor}</h2>
            <p class="muted">{me.second_factor ? t.factor_on : t.factor_off}</p>
            <Form onSubmit={go}>
                {secret ? (
                    <>
                        <p>{t.factor_scan}</p>
                        <Once value={secret.secret} />
                        <p>
                            <a href={secret.uri}>{t.factor_open}</a>
                        </p>
                        <Field
                            label={t.factor_code}
                            required
                            inputMode="numeric"
                            autocomplete="one-time-code"
                            maxLength={16}
                            value={code}
                            onInput={(event) => set_code(event.currentTarget.value)}
                        />
                    </>
                ) : (
                    <Field
                        label={t.confirm_password}
                        type="password"
                        required
                        autocomplete="current-password"
                        value={password}
                        onInput={(event) => set_password(event.currentTarget.value)}
                    />
                )}
                <Refusal error={doing.error} />
                <Button submit busy={doing.busy}>
                    {me.second_factor ? t.factor_remove : secret ? t.factor_confirm : t.factor_begin}
                </Button>
            </Form>
        </section>
    );
}

export function MePage({me, onChanged, onSignedOut}: {me: Me; onChanged: () => void; onSignedOut: () => void}) {
    const doing = use_doing();
    const t = words().me;
    const leave = (everywhere: boolean) =>
        void doing.run(async () => {
            await post('/api/v1/session/end', {everywhere});
            onSignedOut();
        });
    return (
        <div class="page narrow">
            <h1>{t.title}</h1>
            <section class="card">
                <p>
                    <strong>{t.signed_in(me.name)}</strong> ·{' '}
                    {me.roles.map((role) => words().admin.role[role]).join(', ')}
                </p>
                <p class="muted">{t.until(clock(me.ends_at))}</p>
                <Refusal error={doing.error} />
                <div class="row">
                    <Button busy={doing.busy} onClick={() => leave(false)}>
                        {t.sign_out}
                    </Button>
                    <Button busy={doing.busy} onClick={() => leave(true)}>
                        {t.everywhere}
                    </Button>
                </div>
            </section>
            <Look />
            {!me.line.demo && (
                <>
                    <SecondFactor me={me} onChanged={onChanged} />
                    <Passkeys me={me} />
                    <ChangePassword />
                </>
            )}
        </div>
    );
}
