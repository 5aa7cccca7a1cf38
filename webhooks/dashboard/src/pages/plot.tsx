// One plot over time, drawn by uPlot; loaded only when somebody looks at numbers.
import {useEffect, useRef} from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {settings, words} from '../settings';

export interface Series {
    label: string;
    /** One a row; null: nothing to say. */
    values: (number | null)[];
}

const kTones = ['--brand', '--focus', '--grave'];
// Counts and seconds: no quarter of a text.
const kSteps = [1, 2, 5].flatMap((each) => [0, 1, 2, 3, 4, 5].map((zeros) => each * 10 ** zeros)).sort((a, b) => a - b);
const kDashes = [[], [6, 4], [2, 3]]; // told apart without colour too

function options(title: string, series: Series[], width: number): uPlot.Options {
    const style = getComputedStyle(document.documentElement);
    const tone = (name: string) => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
        stroke: tone('--muted'),
        grid: {stroke: tone('--line'), width: 1},
        ticks: {stroke: tone('--line'), width: 1},
        font: '12px system-ui',
    };
    const day = new Intl.DateTimeFormat(settings.locale, {month: 'short', day: 'numeric'});
    return {
        width,
        height: 190,
        title,
        cursor: {drag: {x: false, y: false}},
        scales: {y: {range: (_, min, max) => [Math.min(0, min), Math.max(1, max * 1.1)]}},
        axes: [
            {...axis, values: (_, splits) => splits.map((each) => day.format(each * 1_000)), space: 70},
            {...axis, size: 46, incrs: kSteps},
        ],
        series: [
            {value: (_, at) => (at === null ? '' : day.format(at * 1_000)), label: words().numbers.day},
            ...series.map(({label}, at) => ({
                label,
                stroke: tone(kTones[at] ?? '--ink'),
                width: 2,
                dash: kDashes[at] ?? [],
                points: {show: true, size: 5},
                spanGaps: true,
            })),
        ],
    };
}

export default function Plot({title, times, series}: {title: string; times: number[]; series: Series[]}) {
    const place = useRef<HTMLDivElement>(null);
    const {theme, language} = settings;
    useEffect(() => {
        const at = place.current;
        if (!at) return undefined;
        const plot = new uPlot(
            options(title, series, at.clientWidth),
            [times, ...series.map(({values}) => values)] as uPlot.AlignedData,
            at,
        );
        const seen = new ResizeObserver(() => plot.setSize({width: at.clientWidth, height: 190}));
        seen.observe(at);
        return () => {
            seen.disconnect();
            plot.destroy();
        };
    }, [title, times, series, theme, language]);
    return (
        <div
            class="plot"
            ref={place}
            role="img"
            aria-label={`${title}: ${series.map(({label}) => label).join(', ')}`}
        />
    );
}
