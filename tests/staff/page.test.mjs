// The files of the page as they are served: small enough for a slow phone, and compressed for whoever takes that.
import assert from 'node:assert/strict';
import http from 'node:http';
import {brotliDecompressSync, gunzipSync} from 'node:zlib';
import {story} from '../support/node/story.mjs';

const kMostScript = 150 * 1024; // bytes of JavaScript by gzip, all of it together

/** Not fetch(): that undoes the coding and sets the header itself. */
const get = (line, path, accepted) => new Promise((done, fail) => {
    http.get({port: line.port, path, headers: accepted === undefined ? {} : {'Accept-Encoding': accepted}}, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => done({status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks)}));
    }).on('error', fail);
});

story('the page comes compressed to whoever says so, and is the same to all', {}, async (line) => {
    const page = (await get(line, '/dashboard/')).body.toString();
    const names = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map((found) => found[1]);
    const scripts = new Set(names.filter((name) => name.endsWith('.js')));
    assert.ok(scripts.size >= 1 && names.some((name) => name.endsWith('.css')), names.join());
    for (const name of scripts) { // and what they load later
        for (const [, more] of (await get(line, `/dashboard/${name}`)).body.toString().matchAll(/"\.\/([\w-]+\.js)"/g)) scripts.add(more);
    }
    assert.ok(scripts.size >= 2, 'plots are loaded when they are wanted');
    let bytes = 0;
    for (const name of ['', ...new Set([...names, ...scripts])]) {
        if (name.endsWith('.svg')) continue;
        const path = `/dashboard/${name}`;
        const plain = await get(line, path);
        assert.equal(plain.status, 200, path);
        assert.deepEqual([plain.headers['content-encoding'], plain.headers.vary], [undefined, 'Accept-Encoding'], path);
        const zipped = await get(line, path, 'gzip');
        const best = await get(line, path, 'gzip, deflate, br');
        assert.deepEqual([zipped.headers['content-encoding'], best.headers['content-encoding']], ['gzip', 'br'], path);
        assert.ok(gunzipSync(zipped.body).equals(plain.body) && brotliDecompressSync(best.body).equals(plain.body), path);
        for (const header of ['content-type', 'content-security-policy', 'cache-control', 'vary'])
            assert.equal(best.headers[header], plain.headers[header], `${path} ${header}`);
        assert.ok(zipped.body.length < plain.body.length, path);
        for (const [accepted, coding] of [['br;q=0, gzip;q=0.5', 'gzip'], ['br;q=0.0,gzip;q=0', undefined], ['identity', undefined], ['', undefined], ['brotli', undefined], ['gzip;q=0.001', 'gzip']])
            assert.equal((await get(line, path, accepted)).headers['content-encoding'], coding, `${path} to "${accepted}"`);
        if (scripts.has(name)) bytes += zipped.body.length;
    }
    console.log(JSON.stringify({script_bytes_gzipped: bytes}));
    assert.ok(bytes <= kMostScript, `${bytes} bytes of JavaScript by gzip`);
    for (const name of scripts) assert.equal((await get(line, `/dashboard/${name}.gz`)).status, 404, 'only by the header');
});
