'use strict';
// npm test: everything CI runs. Ends with the line "N passed, N failed".
const { ensureModules, ensureDebian, ensureWeb, runNode } = require('./set-up.cjs');

ensureModules();
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
runNode(['scripts/test.ts', ...process.argv.slice(2)]);
