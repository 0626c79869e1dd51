'use strict';
// node scripts/with-node.cjs PROGRAM.ts [ARGUMENTS]: installs npm packages, then runs under Node 24.
const { ensureModules, ensureDebian, ensureWeb, runNode } = require('./set-up.cjs');

const [program, ...rest] = process.argv.slice(2);
ensureModules();
if (program.startsWith('bench/')) {
  ensureDebian({ ffmpeg: 'ffmpeg', chromium: 'chromium' });
  ensureWeb();
}
runNode([program, ...rest]);
