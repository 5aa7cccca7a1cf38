// Who did what, newest first.
import {get, type Me} from '../api';
import {use_pages} from '../hooks';
import {words} from '../settings';
import {Loading, Moment, More, Refusal} from '../ui/parts';

const kPage = 100;

export function Audit(_: {me: Me}) {
    const t = words().admin;
    const pages = use_pages(
        'audit',
        kPage,
        async (query) => (await get('/api/v1/audit', {query})).items,
    );
    return (
        <section aria-label={t.audit}>
            <Refusal error={pages.error} />
            {!pages.loaded && !pages.error && <Loading />}
            {pages.loaded && (
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
                        {pages.rows.map((each) => (
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
            <More pages={pages} label={t.more} />
        </section>
    );
}
