// Accounts: who may come in, as what; one-time links.
import {useState} from 'preact/hooks';
import {get, post, type Account, type Me, type Role} from '../api';
import {use_doing, use_resource} from '../hooks';
import {store} from '../live';
import {plain} from '../resources';
import {words} from '../settings';
import {Asking, Button, Checks, Chip, Dialog, Field, Loading, Moment, NameField, Once, Refusal} from '../ui/parts';

const kRoles: Role[] = ['counsellor', 'supervisor', 'administrator', 'auditor'];
type Link = {name: string; link: string};

function Roles({chosen, onChoice}: {chosen: Role[]; onChoice: (roles: Role[]) => void}) {
    const t = words().admin;
    return (
        <Checks
            legend={t.roles}
            options={kRoles.map((role) => [role, t.role[role]])}
            chosen={chosen}
            onChoice={onChoice}
        />
    );
}

/** A new account, or another one's roles. */
function Edit({
    account,
    onClose,
    onLink,
}: {
    account: Account | null;
    onClose: () => void;
    onLink: (link: Link) => void;
}) {
    const [name, set_name] = useState(account?.name ?? '');
    const [roles, set_roles] = useState<Role[]>(account?.roles ?? ['counsellor']);
    const [login, set_login] = useState(account?.login ?? '');
    const ways = use_resource(
        'sign-in',
        plain(() => get('/api/v1/sign-in')),
    );
    const provider = ways.value?.oidc;
    const t = words().admin;
    const save = async () => {
        const more = provider ? {roles, login: login.trim()} : {roles};
        if (account) await post('/api/v1/staff/{name}', more, {path: {name: account.name}});
        else onLink(await post('/api/v1/staff', {name: name.trim(), ...more}));
    };
    return (
        <Asking
            title={account ? account.name : t.add}
            go={words().save}
            onClose={onClose}
            onDone={() => {
                store.stale('staff');
                onClose();
            }}
            disabled={roles.length === 0}
            act={save}
        >
            {!account && <NameField label={t.name} value={name} onText={set_name} />}
            <Roles chosen={roles} onChoice={set_roles} />
            {provider && (
                <Field
                    label={t.login(provider)}
                    hint={t.login_hint}
                    maxLength={254}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    value={login}
                    onInput={(event) => set_login(event.currentTarget.value)}
                />
            )}
        </Asking>
    );
}

function Row({
    account,
    may_manage,
    onEdit,
    onLink,
}: {
    account: Account;
    may_manage: boolean;
    onEdit: () => void;
    onLink: (link: Link) => void;
}) {
    const doing = use_doing();
    const [sure, set_sure] = useState(false);
    const t = words().admin;
    const path = {path: {name: account.name}};
    const flip = () =>
        doing.run(async () => {
            await post('/api/v1/staff/{name}', {disabled: !account.disabled}, path);
            store.stale('staff');
        });
    return (
        <tr>
            <th scope="row">
                {account.name}
                {account.disabled && (
                    <>
                        {' '}
                        <Chip tone="stop">{t.disabled}</Chip>
                    </>
                )}
                {!account.has_password && (
                    <>
                        {' '}
                        <Chip tone="warn">{t.no_password}</Chip>
                    </>
                )}
            </th>
            <td>{account.roles.map((role) => t.role[role]).join(', ')}</td>
            <td>
                <span class="narrow-only">{t.second_factor}: </span>
                {account.second_factor ? <Chip tone="good">{words().yes}</Chip> : '–'}
            </td>
            <td>
                <span class="narrow-only">{t.seen}: </span>
                {account.last_seen_at ? <Moment at={account.last_seen_at} /> : t.never}
            </td>
            {may_manage && (
                <td class="row acts-cell">
                    <Button onClick={onEdit} aria-label={`${t.edit}: ${account.name}`}>
                        {t.edit}
                    </Button>
                    <Button onClick={() => set_sure(true)} aria-label={`${t.reset}: ${account.name}`}>
                        {t.reset}
                    </Button>
                    <Button
                        busy={doing.busy}
                        onClick={() => void flip()}
                        aria-label={`${account.disabled ? t.enable : t.disable}: ${account.name}`}
                    >
                        {account.disabled ? t.enable : t.disable}
                    </Button>
                    <Refusal error={doing.error} />
                    {sure && (
                        <Asking
                            title={t.reset}
                            go={t.reset}
                            onClose={() => set_sure(false)}
                            grave
                            act={async () => {
                                onLink(await post('/api/v1/staff/{name}/reset', undefined, path));
                                store.stale('staff');
                                set_sure(false);
                            }}
                        >
                            <p>{t.reset_sure(account.name)}</p>
                        </Asking>
                    )}
                </td>
            )}
        </tr>
    );
}

export function Accounts({me}: {me: Me}) {
    const {value, error} = use_resource(
        'staff',
        plain(async () => (await get('/api/v1/staff')).items),
    );
    const [editing, set_editing] = useState<Account | 'new' | null>(null);
    const [link, set_link] = useState<Link | null>(null);
    const t = words().admin;
    const may_manage = me.may.includes('manage_staff');
    return (
        <section aria-label={t.staff}>
            {may_manage && (
                <p class="row">
                    <Button kind="main" onClick={() => set_editing('new')}>
                        {t.add}
                    </Button>
                </p>
            )}
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            {value && (
                <table class="table stacked">
                    <caption class="sr">{t.staff}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t.name}</th>
                            <th scope="col">{t.roles}</th>
                            <th scope="col">{t.second_factor}</th>
                            <th scope="col">{t.seen}</th>
                            {may_manage && <td />}
                        </tr>
                    </thead>
                    <tbody>
                        {value.map((each) => (
                            <Row
                                key={each.name}
                                account={each}
                                may_manage={may_manage}
                                onEdit={() => set_editing(each)}
                                onLink={set_link}
                            />
                        ))}
                    </tbody>
                </table>
            )}
            {editing && (
                <Edit
                    account={editing === 'new' ? null : editing}
                    onClose={() => set_editing(null)}
                    onLink={set_link}
                />
            )}
            {link && (
                <Dialog title={t.link(link.name)} onClose={() => set_link(null)}>
                    <p>{t.link_lead}</p>
                    <Once value={link.link} />
                    <div class="dialog-foot">
                        <Button onClick={() => set_link(null)}>{words().close}</Button>
                    </div>
                </Dialog>
            )}
        </section>
    );
}
