// Runs the checks, the tests and the small proofs, and counts them in one line.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'voxkeep-results-'));
let passed = 0;
let failed = 0;
let skipped = 0;

const ON_15 = '--postgres15';
/** What leans most on the server; the rest of what has a database runs on it by `npm run test:postgres15`. */
const PARTS_ON_15 = [
  'platform/postgres/migrate',
  'platform/postgres/assert-fit',
  'platform/queue/job-queue',
  'journal/journal',
  'ledger/sequencer',
  'serve/search/search-calls',
  'pipeline/placement/',
];

const only = process.argv.slice(2).filter((one) => one !== ON_15);
if (process.argv.includes(ON_15)) vitestOn15(only.length === 0 ? [''] : only);
else {
  if (only.length === 0) step('check', process.execPath, ['scripts/check.ts']);
  vitest(only);
}
if (process.argv.length === 2) {
  vitestOn15(PARTS_ON_15);
  step('prove main', process.execPath, ['bench/prove.ts', 'main', '--small']);
  step('prove access', process.execPath, ['bench/prove.ts', 'access', '--small']);
  step('prove ledger', process.execPath, ['bench/prove.ts', 'ledger', '--small']);
  step('prove crash', process.execPath, ['bench/prove.ts', 'crash', '--small']);
  step('prove recovery', process.execPath, ['bench/prove.ts', 'recovery', '--small']);
  step('prove redaction', process.execPath, ['bench/prove.ts', 'redaction']);
  step('prove large', process.execPath, ['bench/prove.ts', 'large', '--mib', '300']);
}

rmSync(folder, { recursive: true, force: true });
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function step(name: string, command: string, args: string[]): void {
  const started = Date.now();
  const status = spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status;
  if (status === 0) passed += 1;
  else failed += 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok' : 'FAILED'} ${name} (${seconds} s)`);
}

/** On Debian's PostgreSQL 15. Where it cannot be installed the rest is still worth running; in CI it can. */
function vitestOn15(parts: string[]): void {
  const asked = process.argv.includes(ON_15) || process.env['CI'] === 'true';
  if (!asked && !existsSync('/usr/lib/postgresql/15/bin/postgres')) {
    skipped += 1;
    return;
  }
  const files = globSync(['packages/server/src/**/*.pg.test.ts', 'test/**/*.pg.test.ts'], {
    cwd: root,
  });
  const chosen = files.filter((file) => parts.some((part) => file.includes(part)));
  // Of no names vitest would take all files.
  if (chosen.length === 0) failed += 1;
  else vitest(chosen, { VOXKEEP_TEST_POSTGRES: '15' });
}

function vitest(files: string[], env: Record<string, string> = {}): void {
  const report = join(folder, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(bin('vitest'), [...args, ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    // A test that hangs must not hold everything up for ever; it counts as failed.
    timeout: 18 * 60_000,
    killSignal: 'SIGKILL',
  });
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    passed += result['numPassedTests'] ?? 0;
    failed += result['numFailedTests'] ?? 0;
    skipped += result['numPendingTests'] ?? 0;
    // A file that does not load has no tests to fail.
    if (status !== 0 && (result['numFailedTests'] ?? 0) === 0) failed += 1;
  } catch {
    failed += 1;
  }
}
