// API tokens of other systems: one each, with what it may do.
import {useState} from 'preact/hooks';
import {get, post, type Me, type Permission, type Token} from '../api';
import {use_resource} from '../hooks';
import {store} from '../live';
import {plain} from '../resources';
import {words} from '../settings';
import {Asking, Button, Checks, Chip, Dialog, Loading, Moment, NameField, Once, Refusal} from '../ui/parts';

const kScopes: Permission[] = [
    'read_conversations',
    'act',
    'take_over',
    'reveal_numbers',
    'read_ledger',
    'export',
    'erase',
    'read_oncall',
    'manage_oncall',
    'read_flows',
    'read_numbers',
    'write_saved_replies',
    'read_staff',
    'manage_staff',
    'manage_tokens',
    'manage_hooks',
    'read_audit',
];

function Make({onClose}: {onClose: () => void}) {
    const [name, set_name] = useState('');
    const [scopes, set_scopes] = useState<Permission[]>(['read_numbers']);
    const [sees_numbers, set_sees] = useState(false);
    const [made, set_made] = useState('');
    const t = words().admin;
    const make = async () => {
        set_made((await post('/api/v1/tokens', {name: name.trim(), scopes, sees_numbers})).token);
        store.stale('tokens');
    };
    if (made) {
        return (
            <Dialog title={t.secret} onClose={onClose}>
                <Once value={made} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{words().close}</Button>
                </div>
            </Dialog>
        );
    }
    return (
        <Asking title={t.add} go={t.add} act={make} disabled={scopes.length === 0} onClose={onClose} wide>
            <NameField label={t.name} value={name} onText={set_name} />
            <Checks
                legend={t.scopes}
                columns
                options={kScopes.map((scope) => [scope, <code>{scope}</code>])}
                chosen={scopes}
                onChoice={set_scopes}
            />
            <label class="check">
                <input
                    type="checkbox"
                    checked={sees_numbers}
                    onChange={(event) => set_sees(event.currentTarget.checked)}
                />
                {t.sees_numbers}
            </label>
        </Asking>
    );
}

function Revoke({token, onClose}: {token: Token; onClose: () => void}) {
    const t = words().admin;
    const revoke = async () => {
        await post('/api/v1/tokens/{id}/revoke', undefined, {path: {id: token.id}});
        store.stale('tokens');
        onClose();
    };
    return (
        <Asking title={t.revoke} go={t.revoke} grave act={revoke} onClose={onClose}>
            <p>{t.revoke_sure(token.name)}</p>
        </Asking>
    );
}

export function Tokens(_: {me: Me}) {
    const {value, error} = use_resource(
        'tokens',
        plain(async () => (await get('/api/v1/tokens')).items),
    );
    const [making, set_making] = useState(false);
    const [revoking, set_revoking] = useState<Token | null>(null);
    const t = words().admin;
    return (
        <section aria-label={t.tokens}>
            <p class="row">
                <Button kind="main" onClick={() => set_making(true)}>
                    {t.add}
                </Button>
            </p>
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            {value?.length === 0 && <p class="empty">{t.empty}</p>}
            {value && value.length > 0 && (
                <table class="table stacked">
                    <caption class="sr">{t.tokens}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t.name}</th>
                            <th scope="col">{t.scopes}</th>
                            <th scope="col">{t.used}</th>
                            <td />
                        </tr>
                    </thead>
                    <tbody>
                        {value.map((token) => (
                            <tr key={`${token.id} ${token.name}`}>
                                <th scope="row">
                                    {token.name}
                                    {token.sees_numbers && (
                                        <>
                                            {' '}
                                            <Chip tone="warn">{t.sees_numbers}</Chip>
                                        </>
                                    )}
                                </th>
                                <td class="scopes">
                                    {token.scopes.map((scope) => (
                                        <code key={scope}>{scope}</code>
                                    ))}
                                </td>
                                <td>
                                    <span class="narrow-only">{t.used}: </span>
                                    {token.last_used_at ? <Moment at={token.last_used_at} /> : t.never}
                                </td>
                                <td class="acts-cell">
                                    {token.from_config ? (
                                        <span class="muted">{t.from_config}</span>
                                    ) : (
                                        <Button
                                            aria-label={`${t.revoke}: ${token.name}`}
                                            onClick={() => set_revoking(token)}
                                        >
                                            {t.revoke}
                                        </Button>
                                    )}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
            {making && <Make onClose={() => set_making(false)} />}
            {revoking && <Revoke token={revoking} onClose={() => set_revoking(null)} />}
        </section>
    );
}
