'use strict';
// node scripts/with-node.cjs PROGRAM.ts [ARGUMENTS]: installs npm packages, then runs under Node 24.
const { ensureModules, ensureDebian, ensureWeb, runNode } = require('./set-up.cjs');

const [program, ...rest] = process.argv.slice(2);
ensureModules();
if (program.startsWith('bench/')) {
  const forFaults = rest[0] === 'crash' ? { strace: 'strace' } : {};
  ensureDebian({ ffmpeg: 'ffmpeg', chromium: 'chromium', ...forFaults });
  ensureWeb();
}
runNode([program, ...rest]);
