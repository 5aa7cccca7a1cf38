// A door between the line and its gateway that can be shut for a while: a connection then hangs half made, as on a bad
// network. The kernel answers connections by itself as long as their queue has room, so the door stands in a thread that
// sleeps, with its queue filled.
import net from 'node:net';
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class SlowDoor {
    /** @param port  where it leads */
    static async open(port) {
        const door = new SlowDoor();
        door.worker = new Worker(new URL(import.meta.url), {workerData: {port}});
        door.fillers = [];
        door.port = await door.#told();
        door.url = `http://127.0.0.1:${door.port}`;
        return door;
    }
    #told() {
        return new Promise((done, fail) => {
            this.worker.once('message', done);
            this.worker.once('error', fail);
        });
    }
    /** Until `ms` from now no new connection is made. Resolves when it is shut. */
    async shut(ms) {
        const shut = this.#told();
        this.worker.postMessage(ms);
        await shut;
        for (let hangs = false; !hangs;) {
            const filler = net.connect(this.port, '127.0.0.1').on('error', () => {});
            this.fillers.push(filler);
            const made = new Promise((done) => filler.once('connect', () => done(true)));
            hangs = !await Promise.race([made, sleep(100).then(() => false)]);
        }
        this.fillers.pop().destroy();
    }
    async close() {
        for (const filler of this.fillers) filler.destroy();
        await this.worker.terminate();
    }
}

function stand_at_the_door() {
    const server = net.createServer((from) => {
        const to = net.connect(workerData.port, '127.0.0.1');
        from.pipe(to).pipe(from);
        for (const [one, other] of [[from, to], [to, from]]) one.on('error', () => other.destroy());
    });
    server.listen({port: 0, host: '127.0.0.1', backlog: 1}, () => parentPort.postMessage(server.address().port));
    parentPort.on('message', (ms) => {
        parentPort.postMessage('shut');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    });
}

if (!isMainThread && workerData?.port) stand_at_the_door();
