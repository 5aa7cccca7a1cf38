// What an administrator looks after; each section for who may.
import type {ComponentType} from 'preact';
import type {Me, Permission} from '../api';
import {words} from '../settings';
import {Accounts} from './accounts';
import {Audit} from './audit';
import {Hooks} from './hooks_page';
import type {PageProps} from './places';
import {SavedReplies} from './saved_replies';
import {Tokens} from './tokens';

type Section = 'staff' | 'replies' | 'tokens' | 'hooks' | 'audit';
const kSections: {id: Section; needs: Permission; Shown: ComponentType<{me: Me}>}[] = [
    {id: 'staff', needs: 'read_staff', Shown: Accounts},
    {id: 'replies', needs: 'write_saved_replies', Shown: SavedReplies},
    {id: 'tokens', needs: 'manage_tokens', Shown: Tokens},
    {id: 'hooks', needs: 'manage_hooks', Shown: Hooks},
    {id: 'audit', needs: 'read_audit', Shown: Audit},
];

export const may_see_admin = (me: Me) => kSections.some(({needs}) => me.may.includes(needs));

export function AdminPage({me, rest}: PageProps) {
    const sections = kSections.filter(({needs}) => me.may.includes(needs));
    const here = sections.find(({id}) => id === rest[0]) ?? sections[0];
    const t = words().admin;
    return (
        <div class="page">
            <h1>{words().nav.admin}</h1>
            <nav class="sections" aria-label={t.sections}>
                {sections.map(({id}) => (
                    <a key={id} href={`#/admin/${id}`} aria-current={id === here?.id ? 'page' : undefined}>
                        {t[id]}
                    </a>
                ))}
            </nav>
            {here && <here.Shown me={me} />}
        </div>
    );
}
