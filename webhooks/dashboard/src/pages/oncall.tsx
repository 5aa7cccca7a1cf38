// Who is on call now, next and in the coming days; gaps in red; standing in for somebody; a test page.
import {useState} from 'preact/hooks';
import {get, post, type Me, type OnCall} from '../api';
import {use_doing, use_resource} from '../hooks';
import {store} from '../live';
import {plain} from '../resources';
import {words} from '../settings';
import {clock, from_zone, in_zone, moment, short_day, span} from '../times';
import {Button, Chip, Choice, Field, Form, Icon, Loading, Refusal} from '../ui/parts';
import type {PageProps} from './places';

const kOnCall = plain(() => get('/api/v1/oncall'), /^oncall\./, 500);
const kHour = 3_600_000;
const kNobody = 'nobody is on call'; // as the server says it; any other reason names who may not be reached

function Now({value}: {value: OnCall}) {
    const t = words().oncall;
    const next = value.next[0];
    return (
        <section class="card now">
            <h2>{t.now}</h2>
            {value.now.length === 0 ? (
                <p class="refusal">
                    <Icon name="alert" />
                    <span>
                        {t.nobody}. {t.gap_lead}
                    </span>
                </p>
            ) : (
                <p class="now-names">{value.now.join(', ')}</p>
            )}
            {next && (
                <p class="muted">
                    {t.next}: <strong>{next.name}</strong> · {moment(next.from, value.time_zone)}
                </p>
            )}
        </section>
    );
}

/** "Maya: nothing was ever heard from the phone, Luis: ...", in the reader's language. */
const doubts_in_words = (why: string): string =>
    why
        .split(', ')
        .map((each) => {
            const [, who, doubt] = /^(.+): (.+)$/.exec(each) ?? [];
            return who && doubt ? `${who}: ${words().oncall.doubts[doubt] ?? doubt}` : each;
        })
        .join(', ');

type Line = {from: string; until: string; name: string; detail: string; gap: boolean};

/** Shifts and gaps by the day they begin, in the line's time zone. */
function days_of(value: OnCall): [string, Line[]][] {
    const t = words().oncall;
    const lines: Line[] = [
        ...value.shifts.map((shift) => ({
            from: shift.from,
            until: shift.until,
            name: shift.name,
            detail: shift.schedule,
            gap: false,
        })),
        ...value.gaps.map((gap) => {
            const nobody = gap.why === kNobody;
            const detail = nobody ? gap.target : gap.target === gap.why.split(':')[0] ? doubts_in_words(gap.why) : `${gap.target} (${doubts_in_words(gap.why)})`;
            return {from: gap.from, until: gap.until, name: nobody ? t.gap : t.doubt, detail, gap: true};
        }),
    ].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
    const days = new Map<string, Line[]>();
    for (const line of lines) {
        const day = short_day(new Date(line.from), value.time_zone);
        days.set(day, [...(days.get(day) ?? []), line]);
    }
    return [...days];
}

function Days({value}: {value: OnCall}) {
    const t = words().oncall;
    return (
        <section class="card">
            <h2>{t.days}</h2>
            <p class="muted">{t.zone(value.time_zone)}</p>
            <ol class="days">
                {days_of(value).map(([day, lines]) => (
                    <li key={day}>
                        <h3>{day}</h3>
                        <ul>
                            {lines.map((line) => (
                                <li key={`${line.from} ${line.name} ${line.detail}`} class={line.gap ? 'gap' : ''}>
                                    {line.gap && <Icon name="alert" />}
                                    <strong>{line.name}</strong>{' '}
                                    <span class="number">
                                        {clock(line.from, value.time_zone)} –{' '}
                                        {Date.parse(line.until) - Date.parse(line.from) > 24 * kHour
                                            ? moment(line.until, value.time_zone)
                                            : clock(line.until, value.time_zone)}
                                    </span>{' '}
                                    <span class="muted">{line.detail}</span>
                                </li>
                            ))}
                        </ul>
                    </li>
                ))}
            </ol>
        </section>
    );
}

/** From now, or from 18:00, until 8:00 tomorrow. */
function tonight(zone: string): {from: string; until: string} {
    const now = in_zone(Date.now(), zone);
    const evening = `${now.slice(0, 10)}T18:00`;
    return {from: now > evening ? now : evening, until: `${in_zone(Date.now() + 24 * kHour, zone).slice(0, 10)}T08:00`};
}

function Cover({value, me}: {value: OnCall; me: Me}) {
    const people = value.people.map(({name}) => name);
    const mine = people.includes(me.name) ? me.name : '';
    const manages = me.may.includes('manage_oncall');
    const [schedule, set_schedule] = useState(value.schedules[0] ?? '');
    const [person, set_person] = useState(mine || (manages ? (people[0] ?? '') : ''));
    const [instead_of, set_instead] = useState('');
    const [time, set_time] = useState(tonight(value.time_zone));
    const doing = use_doing();
    const t = words().oncall;
    if (!person || !schedule) return null;
    const save = () =>
        doing.run(async () => {
            await post('/api/v1/oncall/overrides', {
                schedule,
                person,
                ...(instead_of ? {instead_of} : {}),
                from: from_zone(time.from, value.time_zone),
                until: from_zone(time.until, value.time_zone),
            });
            store.stale('oncall');
        });
    return (
        <section class="card">
            <h2>{t.cover}</h2>
            <p class="muted">{t.cover_lead}</p>
            <Form onSubmit={save}>
                <div class="pair">
                    {value.schedules.length > 1 && (
                        <Choice
                            label={t.schedule}
                            value={schedule}
                            options={value.schedules.map((each) => [each, each])}
                            onChoice={set_schedule}
                        />
                    )}
                    <Choice
                        label={t.person}
                        value={person}
                        options={(manages ? people : [person]).map((each) => [each, each])}
                        onChoice={set_person}
                    />
                    <Choice
                        label={t.instead_of}
                        value={instead_of}
                        options={[
                            ['', t.everybody],
                            ...people.filter((each) => each !== person).map((each) => [each, each] as [string, string]),
                        ]}
                        onChoice={set_instead}
                    />
                    <Field
                        label={t.from}
                        type="datetime-local"
                        required
                        value={time.from}
                        onInput={(event) => set_time({...time, from: event.currentTarget.value})}
                    />
                    <Field
                        label={t.until}
                        type="datetime-local"
                        required
                        value={time.until}
                        onInput={(event) => set_time({...time, until: event.currentTarget.value})}
                    />
                </div>
                <Refusal error={doing.error} />
                <div class="row">
                    <Button submit kind="main" busy={doing.busy}>
                        {t.cover_go}
                    </Button>
                    <Button onClick={() => set_time(tonight(value.time_zone))}>{t.tonight}</Button>
                </div>
            </Form>
        </section>
    );
}

function Overrides({value, me}: {value: OnCall; me: Me}) {
    const doing = use_doing();
    const t = words().oncall;
    const remove = (each: OnCall['overrides'][number]) =>
        doing.run(async () => {
            await post('/api/v1/oncall/overrides/remove', each);
            store.stale('oncall');
        });
    return (
        <section class="card">
            <h2>{t.overrides}</h2>
            <Refusal error={doing.error} />
            {value.overrides.length === 0 && <p class="muted">{t.no_overrides}</p>}
            <ul class="plain-list">
                {value.overrides.map((each) => (
                    <li key={`${each.from} ${each.person} ${each.schedule}`} class="row">
                        <strong>{each.person}</strong>
                        <span>
                            {moment(each.from, value.time_zone)} – {moment(each.until, value.time_zone)}
                        </span>
                        <span class="muted">
                            {t.instead_of.toLowerCase()} {each.instead_of || t.everybody}
                        </span>
                        {each.person === me.name && <Chip tone="good">{words().nav.me}</Chip>}
                        {(each.person === me.name || me.may.includes('manage_oncall')) && (
                            <Button
                                busy={doing.busy}
                                aria-label={`${t.remove}: ${each.person}, ${moment(each.from, value.time_zone)}`}
                                onClick={() => void remove(each)}
                            >
                                {t.remove}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
        </section>
    );
}

function TestPage({value, me}: {value: OnCall; me: Me}) {
    const doing = use_doing();
    const [paged, set_paged] = useState(false);
    const t = words().oncall;
    const people = value.people.filter(({name}) => name === me.name || me.may.includes('manage_oncall'));
    if (people.length === 0) return null;
    const page = (person: string) =>
        doing.run(async () => {
            set_paged(false);
            await post('/api/v1/oncall/test-page', {person});
            set_paged(true);
        });
    return (
        <section class="card">
            <h2>{t.test}</h2>
            <p class="muted">{t.test_lead}</p>
            <Refusal error={doing.error} />
            {paged && (
                <p class="said" role="status">
                    {t.tested}
                </p>
            )}
            <p class="row">
                {people.map(({name}) => (
                    <Button key={name} busy={doing.busy} onClick={() => void page(name)}>
                        {t.test_go(name)}
                    </Button>
                ))}
            </p>
        </section>
    );
}

function Ladders({value}: {value: OnCall}) {
    const t = words().oncall;
    return (
        <section class="card">
            <h2>{t.ladder}</h2>
            {value.ladders.map((ladder) => (
                <div key={ladder.priority} class="ladder">
                    <h3>
                        <span class={`chip ${ladder.priority}`}>{words().queue.priority[ladder.priority]}</span>
                    </h3>
                    <ol>
                        {ladder.rungs.map((rung, at) => (
                            <li key={at}>
                                <span class="muted">
                                    {rung.after_s ? t.after(span(rung.after_s * 1_000)) : t.at_once}
                                </span>{' '}
                                {rung.page.join(', ')}
                            </li>
                        ))}
                    </ol>
                    <p class="muted">{t.repeat(span(ladder.repeat_every_s * 1_000))}</p>
                </div>
            ))}
        </section>
    );
}

export function OnCallPage({me}: PageProps) {
    const {value, error} = use_resource('oncall', kOnCall);
    if (!value)
        return (
            <div class="page">
                <h1>{words().oncall.title}</h1>
                <Refusal error={error} />
                {!error && <Loading />}
            </div>
        );
    return (
        <div class="page">
            <h1>{words().oncall.title}</h1>
            <div class="two">
                <div>
                    <Now value={value} />
                    <Days value={value} />
                </div>
                <div>
                    <Cover value={value} me={me} />
                    <Overrides value={value} me={me} />
                    <TestPage value={value} me={me} />
                    <Ladders value={value} />
                </div>
            </div>
        </div>
    );
}
