// One place for keys: a page says which ones it answers; none acts while somebody writes.
import {useEffect, useRef} from 'preact/hooks';

export type Keys = Record<string, (event: KeyboardEvent) => void>;

const layers: {current: Keys}[] = [];

const writes = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === 'Escape' && writes(event.target) && !document.querySelector('dialog[open]')) {
        (event.target as HTMLElement).blur();
        return;
    }
    if (writes(event.target) || document.querySelector('dialog[open]')) return;
    for (const layer of [...layers].reverse()) {
        const act = layer.current[event.key];
        if (!act) continue;
        event.preventDefault();
        act(event);
        return;
    }
});

/** Answer these keys while shown; what came later answers first. */
export function use_keys(keys: Keys): void {
    const latest = useRef(keys);
    latest.current = keys;
    useEffect(() => {
        layers.push(latest);
        return () => {
            layers.splice(layers.indexOf(latest), 1);
        };
    }, []);
}
