// Who did what, newest first.
import {useState} from 'preact/hooks';
import {get, type AuditEntry, type Me} from '../api';
import {use_doing, use_resource} from '../hooks';
import {plain} from '../resources';
import {words} from '../settings';
import {Button, Loading, Moment, Refusal} from '../ui/parts';

const kPage = 100;

export function Audit(_: {me: Me}) {
    const {value, error} = use_resource(
        'audit',
        plain(async () => (await get('/api/v1/audit', {query: {limit: kPage}})).items),
    );
    const [more, set_more] = useState<AuditEntry[]>([]);
    const [end, set_end] = useState(false);
    const doing = use_doing();
    const t = words().admin;
    const rows = [...(value ?? []), ...more];
    const load_more = () =>
        doing.run(async () => {
            const {items} = await get('/api/v1/audit', {query: {limit: kPage, before: rows.at(-1)?.id ?? 0}});
            set_more([...more, ...items]);
            set_end(items.length < kPage);
        });
    return (
        <section aria-label={t.audit}>
            <Refusal error={value ? doing.error : error} />
            {!value && !error && <Loading />}
            {value && (
                <table class="table stacked">
                    <caption class="sr">{t.audit}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t.when}</th>
                            <th scope="col">{t.who}</th>
                            <th scope="col">{t.what}</th>
                            <th scope="col">{t.contact}</th>
                            <th scope="col">{t.detail}</th>
                            <th scope="col">{t.address}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((each) => (
                            <tr key={each.id}>
                                <td>
                                    <Moment at={each.at} />
                                </td>
                                <th scope="row">{each.who}</th>
                                <td>{words().talk.what[each.what] ?? each.what.replaceAll('_', ' ')}</td>
                                <td>{each.contact === null ? '' : `#${each.contact}`}</td>
                                <td class="wide-cell" dir="auto">
                                    {each.detail}
                                </td>
                                <td>{each.address}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
            {value && !end && rows.length >= kPage && (
                <p class="center">
                    <Button busy={doing.busy} onClick={() => void load_more()}>
                        {t.more}
                    </Button>
                </p>
            )}
        </section>
    );
}
