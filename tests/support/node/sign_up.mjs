// A sign-up as the page's script sends it.
import {createHash} from 'node:crypto';

const base = (line) => `http://127.0.0.1:${line.port}/api/v1/signups`;

/** A fresh challenge: {challenge, bits, expires_in_seconds}. */
export async function challenge_of(line) {
    return (await fetch(`${base(line)}/challenge`)).json();
}

/** The first number whose hash begins with `bits` zero bits; with `fewer_than`, with fewer than so many as well. */
export function solve({challenge, bits}, fewer_than = 33) {
    for (let answer = 0; ; ++answer) {
        const zeros = Math.clz32(createHash('sha256').update(`${challenge}:${answer}`).digest().readUInt32BE(0));
        if (zeros >= bits && zeros < fewer_than) return String(answer);
    }
}

/** POST; without a challenge of its own, with a solved one. {status, body, headers, took} */
export async function sign_up(line, fields, headers = {}) {
    const proof = {};
    if (!('challenge' in fields)) {
        const given = await challenge_of(line);
        Object.assign(proof, {challenge: given.challenge, answer: solve(given)});
    }
    const began = performance.now();
    const answer = await fetch(base(line), {
        method: 'POST',
        headers: {'Content-Type': 'application/json', ...headers},
        body: JSON.stringify({...proof, ...fields}),
    });
    const body = await answer.json();
    return {status: answer.status, body, headers: answer.headers, took: performance.now() - began};
}
