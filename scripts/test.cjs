'use strict';
// npm test: everything CI runs. Ends with the line "N passed, N failed".
const { ensureModules, ensureDebian, ensureWeb, runNode } = require('./set-up.cjs');

const args = process.argv.slice(2);
ensureModules();
// By themselves: where there is no such package, none of those that are installed with it would be.
ensureDebian({ '/usr/lib/postgresql/15/bin/postgres': 'postgresql-15' });
ensureDebian({ 'chromium-headless-shell': 'chromium-headless-shell' });
ensureDebian({
  ffmpeg: 'ffmpeg',
  chromium: 'chromium',
  strace: 'strace',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
  'ceph-authtool': 'ceph-common',
  go: 'golang-go',
  '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go': 'golang-golang-x-mod-dev',
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc': 'fonts-noto-cjk',
});
ensureWeb();
runNode(['scripts/test.ts', ...args]);
