// A story: the real binary on a fresh store, a stand-in gateway, and what must be seen. When it fails, its directory
// stays and the end of the server's log is shown.
import test from 'node:test';
import {Line} from './line.mjs';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** @param options  of Line.start, plus `timeout` in ms and what is done `before` · @param body  async (line, context) */
export function story(name, options, body) {
    const {timeout = 300_000, before = async () => {}, ...of_line} = options;
    test(name, {timeout}, async (context) => {
        await before();
        const line = await Line.start(of_line);
        let sound = false;
        try {
            await body(line, context);
            sound = true;
        } finally {
            if (!sound) console.error(`kept: ${line.directory}\n${line.log().slice(-3_000)}`);
            await line.stop({keep: !sound});
        }
    });
}

/** Looks again and again until `look()` gives something; rejects after `ms`. */
export async function eventually(look, what, ms = 10_000) {
    for (const end = Date.now() + ms; ;) {
        const found = await look();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
        await sleep(25);
    }
}
