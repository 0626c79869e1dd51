import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const GOPATH = '/usr/share/gocode';
/** What Debian has to bring, by the file that shows that it is there. */
const PACKAGES = {
  go: 'golang-go',
  [`${GOPATH}/src/golang.org/x/mod/sumdb/tlog/tlog.go`]: 'golang-golang-x-mod-dev',
};
const { ensureDebian } = createRequire(import.meta.url)('../../../scripts/set-up.cjs') as {
  ensureDebian(wanted: Record<string, string>): string[];
};

/** Installs what is absent; the packages that cannot be had here. */
export const missingForGo = (): string[] => ensureDebian(PACKAGES);

/** Builds the judge into that folder, from Debian's packages and without a network; its path. */
export function buildLedgerGo(folder: string): string {
  const program = join(folder, 'ledger-go');
  const env = {
    ...{ PATH: process.env['PATH'], HOME: folder, GOPATH, GO111MODULE: 'off', GOPROXY: 'off' },
    ...{ GOFLAGS: '', CGO_ENABLED: '0', GOCACHE: join(folder, 'go-cache') },
  };
  const done = spawnSync('go', ['build', '-o', program, join(import.meta.dirname, 'main.go')], {
    ...{ env, encoding: 'utf8' },
  });
  if (done.status !== 0) throw new Error(`go build: ${done.stderr || String(done.error)}`);
  return program;
}
