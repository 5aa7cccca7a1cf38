// What the bot says: each flow as a graph with who stands where now, and its texts in both languages.
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {get, type Flow, type FlowSummary} from '../api';
import {use_resource} from '../hooks';
import {kBox, laid_out, type Laid} from '../layers';
import {plain} from '../resources';
import {words} from '../settings';
import {Chip, Loading, Refusal} from '../ui/parts';
import type {PageProps} from './places';

const kMoves = /^conversation\.changed/;

function List() {
    const {value, error} = use_resource(
        'flows',
        plain(async () => (await get('/api/v1/flows')).items, kMoves, 5_000),
    );
    const t = words().flows;
    return (
        <>
            <h1>{t.title}</h1>
            <p class="muted lead">{t.lead}</p>
            <Refusal error={value ? undefined : error} />
            {!value && !error && <Loading />}
            <ul class="flow-list">
                {value?.map((flow: FlowSummary) => (
                    <li key={flow.id}>
                        <a href={`#/flows/${encodeURIComponent(flow.id)}`}>
                            <strong>{flow.title || flow.id}</strong>
                            <span class="muted">
                                <code>{flow.id}</code> · {t.version(flow.version)} · {t.steps(flow.steps)}
                            </span>
                            {flow.here_now > 0 && <Chip tone="good">{t.here(flow.here_now)}</Chip>}
                        </a>
                    </li>
                ))}
            </ul>
        </>
    );
}

function Graph({
    flow,
    laid,
    chosen,
    onChoice,
}: {
    flow: Flow;
    laid: Laid;
    chosen: string;
    onChoice: (step: string) => void;
}) {
    const kinds = new Map(flow.steps.map((step) => [step.id, step]));
    const place = useRef<HTMLDivElement>(null);
    // What is chosen is seen, also on a phone; nothing moves when it is seen already.
    useLayoutEffect(() => {
        const at = place.current;
        const box = laid.boxes.find((each) => each.id === chosen);
        if (!at || !box) return;
        const seen_x = box.x >= at.scrollLeft && box.x + kBox.width <= at.scrollLeft + at.clientWidth;
        const seen_y = box.y >= at.scrollTop && box.y + kBox.height <= at.scrollTop + at.clientHeight;
        if (!seen_x) at.scrollLeft = box.x + (kBox.width - at.clientWidth) / 2;
        if (!seen_y) at.scrollTop = box.y + (kBox.height - at.clientHeight) / 2;
    }, [chosen]);
    return (
        <div ref={place} class="graph-place" tabIndex={0} role="group" aria-label={words().flows.graph}>
            <svg
                class="graph"
                role="img"
                aria-label={`${words().flows.graph}: ${flow.title || flow.id}`}
                width={laid.width}
                height={laid.height}
                viewBox={`0 0 ${laid.width} ${laid.height}`}
            >
                <defs>
                    <marker
                        id="arrow"
                        viewBox="0 0 8 8"
                        refX="7"
                        refY="4"
                        markerWidth="7"
                        markerHeight="7"
                        orient="auto"
                    >
                        <path d="M0 0l8 4-8 4z" />
                    </marker>
                </defs>
                {laid.edges.map((edge, at) => (
                    <path
                        key={at}
                        class={`edge ${edge.back ? 'back' : ''} ${chosen && (edge.from === chosen || edge.to === chosen) ? 'near' : ''}`}
                        d={edge.path}
                        marker-end="url(#arrow)"
                    />
                ))}
                {laid.boxes.map((box) => {
                    const step = kinds.get(box.id);
                    return (
                        <g
                            key={box.id}
                            class={`box ${step?.kind ?? ''} ${box.id === chosen ? 'chosen' : ''}`}
                            onClick={() => onChoice(box.id)}
                        >
                            <title>{step?.texts[0]?.en ?? box.id}</title>
                            <rect x={box.x} y={box.y} width={kBox.width} height={kBox.height} rx="9" />
                            <text x={box.x + 12} y={box.y + kBox.height / 2 + 5}>
                                {box.id.length > 17 ? `${box.id.slice(0, 16)}…` : box.id}
                            </text>
                            {(step?.here_now ?? 0) > 0 && (
                                <>
                                    <circle cx={box.x + kBox.width} cy={box.y} r="13" />
                                    <text class="count" x={box.x + kBox.width} y={box.y + 5}>
                                        {step?.here_now}
                                    </text>
                                </>
                            )}
                        </g>
                    );
                })}
            </svg>
        </div>
    );
}

function Step({flow, id, onChoice}: {flow: Flow; id: string; onChoice: (step: string) => void}) {
    const t = words().flows;
    const step = flow.steps.find((each) => each.id === id);
    if (!step) return <p class="muted">{t.choose_step}</p>;
    const edges = flow.edges.filter((edge) => edge.from === id);
    return (
        <>
            <p class="row">
                {step.kind === 'safety' && <Chip tone="stop">{t.danger}</Chip>}
                {step.here_now > 0 && <Chip tone="good">{t.here(step.here_now)}</Chip>}
            </p>
            {step.came > 0 && <p>{t.lately(step.came, Math.min(step.came, step.went_on))}</p>}
            {step.texts.length === 0 && <p class="muted">{t.no_texts}</p>}
            {step.texts.map((text) => (
                <div key={text.id} class="flow-text">
                    <h3>
                        <code>{text.id}</code>
                    </h3>
                    <p lang="en">
                        <Chip>EN</Chip> {text.en}
                    </p>
                    <p lang="es">
                        <Chip>ES</Chip> {text.es}
                    </p>
                </div>
            ))}
            <ul class="plain-list">
                {edges.map((edge, at) => (
                    <li key={at} class="row">
                        {edge.label && <code>{edge.label}</code>}
                        <span>{t.to}</span>
                        <button type="button" class="link" onClick={() => onChoice(edge.to)}>
                            {edge.to}
                        </button>
                    </li>
                ))}
            </ul>
        </>
    );
}

const kStops = 4;

/** The steps that most came to and did not go on from; who stands there now may yet answer. */
function Stops({flow, onChoice}: {flow: Flow; onChoice: (step: string) => void}) {
    const t = words().flows;
    const stops = flow.steps
        .map(({id, came, went_on, here_now}) => ({id, came, left: came - went_on - here_now}))
        .filter(({left}) => left > 0)
        .sort((a, b) => b.left - a.left)
        .slice(0, kStops);
    return (
        <section class="card" aria-labelledby="stops-title">
            <h2 id="stops-title">{t.stops}</h2>
            {stops.length === 0 && <p class="muted">{t.no_stops}</p>}
            <ul class="plain-list">
                {stops.map(({id, came, left}) => (
                    <li key={id} class="row">
                        <button type="button" class="link" onClick={() => onChoice(id)}>
                            {id}
                        </button>
                        <span>{t.stopped(left, came)}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}

function One({id, demo}: {id: string; demo: boolean}) {
    const {value: flow, error} = use_resource(
        `flow/${id}`,
        plain(() => get('/api/v1/flows/{id}', {path: {id}}), kMoves, 5_000),
    );
    const [chosen, set_chosen] = useState('');
    const t = words().flows;
    if (!flow) return <>{error ? <Refusal error={error} /> : <Loading />}</>;
    const shown = chosen || flow.steps[0]?.id || '';
    return (
        <>
            <p class="row">
                <a href="#/flows">‹ {t.title}</a>
            </p>
            <h1>{flow.title || flow.id}</h1>
            <p class="row head-facts muted">
                <code>{flow.id}</code>
                {t.version(flow.version)} · {t.steps(flow.steps.length)}
                {demo && (
                    <a href="/demo" target="_blank" rel="noopener">
                        {t.simulator}
                    </a>
                )}
            </p>
            <div class="flow">
                <Graph flow={flow} laid={laid_out(flow)} chosen={shown} onChoice={set_chosen} />
                <div>
                    <section class="card" aria-labelledby="step-title">
                        <h2 id="step-title">{shown}</h2>
                        <label class="field">
                            <span class="sr">{t.choose_step}</span>
                            <select value={shown} onChange={(event) => set_chosen(event.currentTarget.value)}>
                                {flow.steps.map((step) => (
                                    <option key={step.id} value={step.id}>
                                        {step.id}
                                        {step.here_now ? ` (${step.here_now})` : ''}
                                    </option>
                                ))}
                            </select>
                        </label>
                        <Step flow={flow} id={shown} onChoice={set_chosen} />
                    </section>
                    <Stops flow={flow} onChoice={set_chosen} />
                </div>
            </div>
        </>
    );
}

export function FlowsPage({me, rest}: PageProps) {
    return <div class="page wide">{rest[0] ? <One key={rest[0]} id={rest[0]} demo={me.line.demo} /> : <List />}</div>;
}
