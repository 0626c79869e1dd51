import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressBuild } from './compress-build.ts';
import { fakeApi } from './dev/fake-api.ts';

/** Where the pages find a real archive while they are being worked on. */
const ARCHIVE = process.env['VOXKEEP_ARCHIVE_URL'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    compressBuild(join(import.meta.dirname, 'dist')),
    ...(ARCHIVE === undefined ? [fakeApi()] : []),
  ],
  ...(ARCHIVE === undefined
    ? {}
    : { server: { proxy: { '/api': { target: ARCHIVE, secure: false } } } }),
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // data: URLs in scripts and styles would need a wider content policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    // Ant Design's parts do nothing when they are loaded, but do not say so: without this whoever needs
    // one piece of a part gets the whole, the first page the rules of every form.
    rolldownOptions: {
      // A hundred files of a page, most of them tiny, cost as much again as what is in them: one for what every
      // page has, and tiny ones of what some pages share go with their neighbours.
      output: {
        chunkFileNames: ({ name }) => `assets/${plain(name)}-[hash].js`,
        assetFileNames: ({ names: [name = ''] }) => `assets/${plain(name)}-[hash][extname]`,
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            {
              ...{ name: 'shared', minShareCount: 2 },
              ...{ entriesAware: true, entriesAwareMergeThreshold: 2_000 },
            },
          ],
        },
      },
      treeshake: {
        moduleSideEffects: [{ test: /node_modules\/@rc-component\//, sideEffects: false }],
      },
    },
  },
});

/** What several pages share is named by all of them. */
function plain(name: string): string {
  return name.startsWith('shared~') ? 'shared' : '[name]';
}
