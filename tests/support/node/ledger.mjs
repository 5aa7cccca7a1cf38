// An append-only record of everything that crossed the wire, written line by line with one monotonic clock.
// The checker reads this file and nothing else of ours, so that it judges what happened and not what was meant.
import fs from 'node:fs';
import net from 'node:net';

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

/** Everything that has been sent to `server` has been read when this resolves: so "answered" is never written before
 *  a hand-over that left the line earlier. Node accepts one connection a turn, in the order they came: once our own has
 *  been accepted, so have all before it. */
export async function after_what_has_arrived(server) {
    if (server.listening) {
        await new Promise((done) => {
            const probe = net.connect(server.address().port, '127.0.0.1');
            const look = (socket) => {
                if (socket.remotePort !== probe.localPort) return;
                end();
            };
            const end = () => {
                server.off('connection', look);
                probe.destroy();
                done();
            };
            server.on('connection', look);
            probe.on('error', end);
        });
    }
    for (let turn = 0; turn < 4; ++turn) await new Promise(setImmediate);
}
