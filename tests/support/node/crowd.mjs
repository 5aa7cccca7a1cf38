// Many texters at once, the same ones on every run.

/** Fictional numbers: 555-0100 to 555-0199 in any area code. */
export const number_of = (i) => `+1${201 + Math.floor(i / 100)}55501${String(i % 100).padStart(2, '0')}`;

/** Mulberry32: what a seed chooses it chooses again. */
export function random_from(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return {
        between: (low, high) => low + next() * (high - low),
        below: (count) => Math.floor(next() * count),
        chance: (share) => next() < share,
    };
}

/** Runs `work(i)` for 0 ≤ i < count, at most `at_once` at a time. */
export async function each(count, at_once, work) {
    let next = 0;
    const worker = async () => {
        while (next < count) await work(next++);
    };
    await Promise.all(Array.from({length: Math.min(at_once, count)}, worker));
}
