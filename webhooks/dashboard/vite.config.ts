// The page as flat files with a hash in their names, for webhooks/http's assets; where they go says --outDir.
import {defineConfig} from 'vite';

export default defineConfig({
    base: './',
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
