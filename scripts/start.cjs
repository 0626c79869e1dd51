'use strict';
// npm start: installs what is missing, builds the browser part, and serves the archive.
const { ensureModules, ensureDebian, ensureWeb, runNode, root } = require('./set-up.cjs');
const path = require('node:path');

const args = process.argv.slice(2);
ensureModules();
const asksOnly = args.includes('--help') || args.includes('-h');
if (!asksOnly) {
  // The archive itself says what it does without.
  ensureDebian({ ffmpeg: 'ffmpeg' }, { quiet: true });
  ensureWeb();
}
runNode([path.join(root, 'packages/server/src/main/serve.ts'), ...args], { cwd: process.cwd() });
