// An append-only record of everything that crossed the wire, written line by line with one monotonic clock.
// The checker reads this file and nothing else of ours, so that it judges what happened and not what was meant.
import fs from 'node:fs';

export const now_us = () => Number(process.hrtime.bigint() / 1000n);

export class Ledger {
    constructor(path) {
        this.path = path;
        this.fd = fs.openSync(path, 'a');
    }
    /** One event, on its way to the disk before this returns. */
    write(what, facts) {
        if (this.fd !== null) fs.writeSync(this.fd, JSON.stringify({t: now_us(), what, ...facts}) + '\n');
    }
    close() {
        if (this.fd !== null) fs.closeSync(this.fd);
        this.fd = null;
    }
    read() {
        return read_ledger(this.path);
    }
}

export function read_ledger(path) {
    return fs.readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** Everything that already stands in a socket buffer has been read when this resolves: so "answered" is never
 *  written before a hand-over that left the server earlier. */
export async function after_what_has_arrived() {
    for (let turn = 0; turn < 4; ++turn) await new Promise(setImmediate);
}
