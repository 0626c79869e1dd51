'use strict';
// npm test: everything CI runs. Ends with the line "N passed, N failed".
const { ensureModules, ensureDebian, ensureWeb, runNode } = require('./set-up.cjs');

ensureModules();
ensureDebian({
  ffmpeg: 'ffmpeg',
  chromium: 'chromium',
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc': 'fonts-noto-cjk',
});
ensureWeb();
runNode(['scripts/test.ts', ...process.argv.slice(2)]);
