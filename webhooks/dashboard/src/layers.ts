// A flow's steps in layers from its first one, each below where it is reached from, and the arrows between. Pure.
import type {Flow} from './api';

export const kBox = {width: 168, height: 40};
const kGap = {x: 30, y: 46};
const kMargin = 22;

export interface Laid {
    boxes: {id: string; x: number; y: number}[];
    edges: {from: string; to: string; path: string; back: boolean}[];
    width: number;
    height: number;
}

/** How far each step is from the first one; what nothing leads to begins anew. */
function depths(flow: Flow): Map<string, number> {
    const next = new Map<string, string[]>();
    for (const edge of flow.edges) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
    const depth = new Map<string, number>();
    for (const start of flow.steps) {
        if (depth.has(start.id)) continue;
        depth.set(start.id, 0);
        const waiting = [start.id];
        for (let here = waiting.shift(); here !== undefined; here = waiting.shift()) {
            for (const to of next.get(here) ?? []) {
                if (depth.has(to)) continue;
                depth.set(to, (depth.get(here) ?? 0) + 1);
                waiting.push(to);
            }
        }
    }
    return depth;
}

function layers_of(flow: Flow): string[][] {
    const depth = depths(flow);
    const layers: string[][] = [];
    for (const {id} of flow.steps) (layers[depth.get(id) ?? 0] ??= []).push(id);
    // Below the middle of where it is reached from: fewer arrows cross.
    for (let at = 1; at < layers.length; ++at) {
        const above = layers[at - 1] ?? [];
        const middle = (id: string) => {
            const places = flow.edges
                .filter((edge) => edge.to === id && above.includes(edge.from))
                .map((edge) => above.indexOf(edge.from));
            return places.length ? places.reduce((sum, each) => sum + each, 0) / places.length : above.length;
        };
        layers[at] = (layers[at] ?? [])
            .map((id) => ({id, at: middle(id)}))
            .sort((a, b) => a.at - b.at)
            .map(({id}) => id);
    }
    return layers.filter((layer) => layer !== undefined);
}

/** Down from one box to the next; around the right side when it leads back up. */
function path(from: {x: number; y: number}, to: {x: number; y: number}, edge_x: number): {path: string; back: boolean} {
    const [x1, x2] = [from.x + kBox.width / 2, to.x + kBox.width / 2];
    if (to.y > from.y) {
        const [y1, y2] = [from.y + kBox.height, to.y - 2];
        const bend = Math.max(20, (y2 - y1) / 2);
        return {path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, back: false};
    }
    const [y1, y2] = [from.y + kBox.height / 2, to.y + kBox.height / 2];
    const out = Math.min(edge_x, Math.max(from.x, to.x) + kBox.width + kGap.x - 4);
    return {path: `M${from.x + kBox.width} ${y1}C${out} ${y1} ${out} ${y2} ${to.x + kBox.width + 2} ${y2}`, back: true};
}

export function laid_out(flow: Flow): Laid {
    const layers = layers_of(flow);
    const widest = Math.max(1, ...layers.map((layer) => layer.length));
    const width = widest * (kBox.width + kGap.x) - kGap.x + 2 * kMargin + kGap.x;
    const boxes = layers.flatMap((layer, row) => {
        const left = (width - kGap.x - layer.length * (kBox.width + kGap.x) + kGap.x) / 2;
        return layer.map((id, at) => ({
            id,
            x: left + at * (kBox.width + kGap.x),
            y: kMargin + row * (kBox.height + kGap.y),
        }));
    });
    const places = new Map(boxes.map((box) => [box.id, box]));
    const edges = flow.edges.flatMap(({from, to}) => {
        const [a, b] = [places.get(from), places.get(to)];
        return a && b && a !== b ? [{from, to, ...path(a, b, width - 4)}] : [];
    });
    return {boxes, edges, width, height: layers.length * (kBox.height + kGap.y) - kGap.y + 2 * kMargin};
}
