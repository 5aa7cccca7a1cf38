// Figures over time. Nothing here identifies a person.
import type {ComponentType} from 'preact';
import {useEffect, useMemo, useState} from 'preact/hooks';
import {get, type Numbers} from '../api';
import {use_resource} from '../hooks';
import {plain} from '../resources';
import {words} from '../settings';
import {short_day} from '../times';
import {Loading, Refusal, Switch} from '../ui/parts';
import type {Series} from './plot';

type Row = Numbers['rows'][number];
type Figure = Exclude<keyof Row, 'from'>;
type Title = 'messages' | 'reply_time' | 'acknowledge_time' | 'cases' | 'consents' | 'check_ins' | 'flows';

const kPlots: [Title, Figure[]][] = [
    ['messages', ['received', 'sent', 'failed']],
    ['cases', ['escalations', 'by_staff']],
    ['reply_time', ['first_reply_median_s']],
    ['acknowledge_time', ['acknowledge_median_s']],
    ['consents', ['opt_ins', 'opt_outs']],
    ['check_ins', ['check_ins_sent', 'check_ins_answered']],
    ['flows', ['flows_begun', 'flows_completed']],
];
const kFigures: Figure[] = [
    'received',
    'sent',
    'failed',
    'by_staff',
    'first_reply_median_s',
    'escalations',
    'acknowledge_median_s',
    'opt_ins',
    'opt_outs',
    'check_ins_sent',
    'check_ins_answered',
    'flows_begun',
    'flows_completed',
];

/** "2026-11-25" so many days ago. */
const days_ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

function use_plot(): ComponentType<{title: string; times: number[]; series: Series[]}> | null {
    const [plot, set_plot] = useState<{Plot: ComponentType<{title: string; times: number[]; series: Series[]}>} | null>(
        null,
    );
    useEffect(() => {
        void import('./plot').then((loaded) => set_plot({Plot: loaded.default}));
    }, []);
    return plot?.Plot ?? null;
}

function Plots({rows}: {rows: Row[]}) {
    const Plot = use_plot();
    const t = words().numbers;
    const times = useMemo(() => rows.map((row) => Date.parse(row.from) / 1_000), [rows]);
    const plots = useMemo(
        () =>
            kPlots.map(([title, figures]) => ({
                title: t[title],
                series: figures.map((figure) => ({label: t[figure], values: rows.map((row) => row[figure])})),
            })),
        [rows, t],
    );
    return (
        <div class="plots">
            {plots.map(({title, series}) => (
                <section key={title} class="card plot-card">
                    {Plot && <Plot title={title} times={times} series={series} />}
                </section>
            ))}
        </div>
    );
}

function Table({rows}: {rows: Row[]}) {
    const t = words().numbers;
    return (
        <details class="card">
            <summary>{t.table}</summary>
            <div class="scrolling" tabIndex={0} role="region" aria-label={t.table}>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.from}</th>
                            {kFigures.map((figure) => (
                                <th key={figure} scope="col">
                                    {t[figure]}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((row) => (
                            <tr key={row.from}>
                                <th scope="row">{short_day(new Date(row.from))}</th>
                                {kFigures.map((figure) => (
                                    <td key={figure}>{row[figure] ?? '–'}</td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </details>
    );
}

export function NumbersPage() {
    const [by, set_by] = useState<'day' | 'week'>('day');
    const [days, set_days] = useState(30);
    const query = {from: days_ago(days), by};
    const {value, error} = use_resource(
        `numbers/${by}/${days}`,
        plain(() => get('/api/v1/numbers', {query})),
    );
    const t = words().numbers;
    return (
        <div class="page">
            <h1>{t.title}</h1>
            <p class="muted lead">{t.lead}</p>
            <div class="row tools">
                <Switch
                    label={t.by}
                    value={by}
                    options={[
                        ['day', t.day],
                        ['week', t.week],
                    ]}
                    onChoice={(each) => set_by(each as 'day' | 'week')}
                />
                <Switch
                    label={t.span}
                    value={String(days)}
                    options={[7, 30, 90].map((each) => [String(each), t.last(each)])}
                    onChoice={(each) => set_days(Number(each))}
                />
                <a class="button quiet" href={`/api/v1/numbers.csv?${new URLSearchParams(query)}`} download>
                    {t.csv}
                </a>
            </div>
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            {value && (
                <p class="row figures">
                    <span>
                        <strong>{value.open_escalations}</strong> {t.open}
                    </span>
                    <span>
                        <strong>{value.held}</strong> {t.held}
                    </span>
                </p>
            )}
            {value &&
                (value.rows.length ? (
                    <>
                        <Plots rows={value.rows} />
                        <Table rows={value.rows} />
                    </>
                ) : (
                    <p class="empty">{t.nothing}</p>
                ))}
        </div>
    );
}
