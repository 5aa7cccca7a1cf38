// Bundles the page's unit tests with the page's own bundler and runs them: node run.mjs FOLDER-FOR-BUNDLES
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const {buildSync} = createRequire(path.join(here, '../../webhooks/dashboard/package.json'))('esbuild');
const cases = fs.readdirSync(here).filter((name) => name.endsWith('.test.ts'));
const outdir = path.resolve(process.argv[2]);
buildSync({
    entryPoints: cases.map((name) => path.join(here, name)), outdir, outExtension: {'.js': '.mjs'},
    bundle: true, platform: 'node', format: 'esm', target: 'node18', sourcemap: 'inline', logLevel: 'error',
});
const bundles = cases.map((name) => path.join(outdir, name.replace('.ts', '.mjs')));
process.exit(spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-reporter=spec', ...bundles], {stdio: 'inherit', env: {...process.env, HANDRAIL_FLOWS: path.join(here, '../../flows')}}).status ?? 1);
