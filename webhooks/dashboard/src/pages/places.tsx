// The parts of the dashboard, in the order of the navigation, and who sees which.
import type {ComponentType} from 'preact';
import type {Me, Permission} from '../api';
import {words} from '../settings';
import {Icon, type IconName} from '../ui/parts';
import {AdminPage, may_see_admin} from './admin';
import {ContactsPage} from './contacts';
import {FlowsPage} from './flows';
import {NumbersPage} from './numbers';
import {OnCallPage} from './oncall';

export interface PageProps {
    me: Me;
    /** The address after the page's own name. */
    rest: string[];
}
export interface PlaceOf {
    id: 'queue' | 'contacts' | 'oncall' | 'flows' | 'numbers' | 'admin';
    icon: IconName;
    /** On a phone: in the bar at the bottom; the others behind "More". */
    in_bar: boolean;
    may: (me: Me) => boolean;
    Page?: ComponentType<PageProps>;
}

const any =
    (...needed: Permission[]) =>
    (me: Me) =>
        needed.some((each) => me.may.includes(each));

export const kPages: PlaceOf[] = [
    {id: 'queue', icon: 'queue', in_bar: true, may: any('read_conversations')},
    {id: 'contacts', icon: 'contacts', in_bar: true, may: any('read_conversations'), Page: ContactsPage},
    {id: 'oncall', icon: 'oncall', in_bar: true, may: any('read_oncall'), Page: OnCallPage},
    {id: 'flows', icon: 'flows', in_bar: false, may: any('read_flows'), Page: FlowsPage},
    {id: 'numbers', icon: 'numbers', in_bar: false, may: any('read_numbers'), Page: NumbersPage},
    {id: 'admin', icon: 'admin', in_bar: false, may: may_see_admin, Page: AdminPage},
];

/** Everything, for a phone's bar that has no room for it. */
export function MorePage({me}: {me: Me}) {
    const t = words().nav;
    return (
        <div class="page narrow">
            <h1>{t.more}</h1>
            <ul class="more-list">
                {kPages
                    .filter((page) => page.may(me) && !page.in_bar)
                    .map(({id, icon}) => (
                        <li key={id}>
                            <a href={`#/${id}`}>
                                <Icon name={icon} />
                                {t[id]}
                            </a>
                        </li>
                    ))}
                <li>
                    <a href="#/me">
                        <Icon name="me" />
                        {t.me}: {me.name}
                    </a>
                </li>
            </ul>
        </div>
    );
}
