// Ports for servers that stop and come back: below the range from which the kernel takes ports for connections, so that
// nobody's connection sits on ours meanwhile. Test programs run side by side, and a server that is down for a moment
// must find its port again: each program has blocks of ports that no other takes.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const kFirst = 10_000;
const kBlock = 50;
const kBlocks = 400;
const kFolder = path.join(os.tmpdir(), 'handrail-test-ports');

const mine = [];
let free = [];
process.on('exit', () => mine.forEach((file) => fs.rmSync(file, {force: true})));

/** Free on loopback, and never given twice by this process. */
export async function free_port() {
    for (;;) {
        if (free.length === 0) free = take_block();
        const port = free.pop();
        if (await is_free(port)) return port;
    }
}

function take_block() {
    fs.mkdirSync(kFolder, {recursive: true});
    for (;;) {
        const block = Math.floor(Math.random() * kBlocks);
        const file = path.join(kFolder, String(block));
        try {
            fs.writeFileSync(file, String(process.pid), {flag: 'wx'});
        } catch (error) {
            if (error.code !== 'EEXIST') throw error;
            if (!is_somebodys(file)) fs.rmSync(file, {force: true});
            continue;
        }
        mine.push(file);
        return Array.from({length: kBlock}, (_, i) => kFirst + block * kBlock + i);
    }
}

/** False when whoever took the block was killed. */
function is_somebodys(file) {
    try {
        process.kill(Number(fs.readFileSync(file, 'utf8')) || process.pid, 0);
        return true;
    } catch (error) {
        return error.code === 'EPERM';
    }
}

function is_free(port) {
    const server = net.createServer();
    return new Promise((done) => {
        server.once('error', () => done(false));
        server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
    });
}
