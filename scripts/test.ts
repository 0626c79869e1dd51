// Runs the checks, the tests and the small proofs, and counts them in one line.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'voxkeep-results-'));
let passed = 0;
let failed = 0;
let skipped = 0;

const only = process.argv.slice(2);
if (only.length === 0) step('check', process.execPath, ['scripts/check.ts']);
vitest(only);
if (only.length === 0) {
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

function vitest(files: string[]): void {
  const report = join(folder, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(bin('vitest'), [...args, ...files], {
    cwd: root,
    stdio: 'inherit',
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
