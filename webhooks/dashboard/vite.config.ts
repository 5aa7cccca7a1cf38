// The page as flat files with a hash in their names, for webhooks/http's assets; where they go says --outDir.
import fs from 'node:fs';
import path from 'node:path';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';
import {defineConfig, type Plugin} from 'vite';

/** Beside each file the same by gzip and brotli, as hard as they can: it is done once, and sent many times. */
const compressed: Plugin = {
    name: 'compressed',
    apply: 'build',
    writeBundle({dir}, bundle) {
        if (!dir) throw new Error('no folder to write to');
        for (const name of Object.keys(bundle)) {
            const body = fs.readFileSync(path.join(dir, name));
            fs.writeFileSync(path.join(dir, `${name}.gz`), gzipSync(body, {level: 9}));
            fs.writeFileSync(path.join(dir, `${name}.br`), brotliCompressSync(body, {params: {[constants.BROTLI_PARAM_QUALITY]: 11}}));
        }
    },
};

export default defineConfig({
    base: './',
    plugins: [compressed],
    publicDir: 'public',
    esbuild: {jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none'},
    build: {
        target: 'es2021',
        assetsDir: '',
        assetsInlineLimit: 0,
        modulePreload: false,
        emptyOutDir: true,
        reportCompressedSize: true,
    },
});
