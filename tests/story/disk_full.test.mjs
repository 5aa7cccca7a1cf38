// I9: a full disk refuses aloud, loses nothing that was accepted, and mends itself when there is room again.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {check} from '../support/node/checker.mjs';
import {each, number_of} from '../support/node/crowd.mjs';
import {eventually, story} from '../support/node/story.mjs';

function may_mount() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-mount-'));
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'handrail-story', folder], {stdio: 'ignore'});
        execFileSync('umount', [folder]);
        return true;
    } catch {
        return false;
    } finally {
        fs.rmdirSync(folder);
    }
}

const ready = async (line) =>
    fetch(`http://127.0.0.1:${line.admin_port}/readyz`).then(async (one) => [one.status, await one.text()]);

function full_disk() {
    story('the disk fills under load, and is emptied again', {disk: 12, log_level: 'warning'}, async (line) => {
        const contact = (i) => number_of(i % 50);
        const send = (i) => line.gateway.deliver({from: contact(i), body: `text ${i} ${'x'.repeat(1_500)}`});
        await each(50, 10, send);
        const ballast = line.file('disk/ballast');
        const {bavail, bsize} = fs.statfsSync(line.file('disk'));
        fs.writeFileSync(ballast, Buffer.alloc(bavail * bsize - 512 * 1024));
        const statuses = new Set();
        let n = 50;
        while (!statuses.has(503) && n < 3_000) statuses.add((await send(n++)).status);
        assert.deepEqual([...statuses].sort(), [200, 503], 'each text is either kept or refused');
        const [status, why] = await ready(line);
        assert.equal(status, 503);
        assert.match(why, /disk|store/);
        fs.rmSync(ballast);
        await eventually(async () => (await send(n++)).status === 200, 'texts to be taken again', 15_000);
        await line.settled(60_000);
        assert.equal((await ready(line))[0], 200);
        await line.kill();
        await line.launch();
        await line.settled(60_000);
        const {violations, counts} = check(line.ledger.read(), await line.snapshot());
        console.log(JSON.stringify(counts));
        assert.deepEqual(violations, []);
        assert.ok(counts.taken < counts.inbound);
    });
}

if (may_mount()) full_disk();
else test('the disk fills under load', {skip: 'this user may not mount a tmpfs: run as root to see a full disk'}, () => {});
