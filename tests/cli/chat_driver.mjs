// `handrail chat` through a pipe: lines in, one JSON object per event out.
import {spawn} from 'node:child_process';
import readline from 'node:readline';
import {kBinary} from '../support/node/places.mjs';

export class ChatDriver {
    /** @param args  e.g. '--lang', 'es' */
    constructor(...args) {
        const start = args.includes('--at') ? [] : ['--at', '2026-03-07T17:00:00Z'];
        this.process = spawn(kBinary, ['chat', ...start, ...args]);
        this.errors = '';
        this.process.stderr.on('data', (data) => { this.errors += data; });
        this.lines = readline.createInterface({input: this.process.stdout})[Symbol.asyncIterator]();
        this.ended = new Promise((done) => this.process.on('close', done));
    }
    /** Sends a line and a wait of no time after it: the events up to the end of that wait. */
    async say(line) {
        this.process.stdin.write(Buffer.concat([Buffer.from(line), Buffer.from('\n/wait 0s\n')]));
        const events = [];
        for (;;) {
            const {value, done} = await this.lines.next();
            if (done) throw new Error(`chat ended: ${this.errors}`);
            const event = JSON.parse(value);
            if (event.effect === 'waited 0s') return events;
            events.push(event);
        }
    }
    /** The texts that answer a line. */
    async answers(line) {
        return (await this.say(line)).filter(({dir}) => dir === 'out').map(({text}) => text);
    }
    /** The effects of a line, as "HH:MM what". */
    async effects(line) {
        return (await this.say(line)).filter(({dir}) => dir === 'effect').map(({at, effect}) => `${at.slice(11, 16)} ${effect}`);
    }
    /** The exit code. */
    async quit() {
        this.process.stdin.end('/quit\n');
        return this.ended;
    }
}
