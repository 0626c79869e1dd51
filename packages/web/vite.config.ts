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
  },
});
