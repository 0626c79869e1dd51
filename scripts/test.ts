// Runs the checks, the tests and the small proofs, and counts them in one line.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FAILURES_FILE } from '../test/suite/failures.ts';
import { TIMES_FILE } from '../test/suite/file-times.ts';
import { quickFolder } from './quick-folder.ts';
import { inLanes, type Part, runPart, tableOf } from './run-part.ts';

const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'voxkeep-results-'));
/** What the tests write, and a proof that no disk has a say in; the others write to the disk. */
const quick = quickFolder('voxkeep-tests');
const started = Date.now();
const parts: Part[] = [];
const failures: string[] = [];
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
];
/**
 * The longest first. Each has an archive, folders and ports of its own and does one thing after the
 * other, which leaves half of two cores idle; so two go beside each other.
 */
const PROOFS = [
  ['access', '--small'],
  ['crash', '--small'],
  ['recovery', '--small'],
  ['ledger', '--small'],
  ['main', '--small'],
  ['redaction'],
  ['large', '--mib', '150'],
] as const;
const AT_ONCE = 2;
const SLOWEST_SHOWN = 10;
/** A run of tests that hangs is ended, so that the rest is still told. */
const LONGEST_MS = 18 * 60_000;
/** What the many programs that are started one after the other load is compiled once. */
const COMPILED = { NODE_COMPILE_CACHE: join(quick, 'compiled') };

const only = process.argv.slice(2).filter((one) => one !== ON_15);
const all = process.argv.length === 2;
if (process.argv.includes(ON_15)) await vitestOn15(only.length === 0 ? [''] : only);
else if (!all) await vitest('tests', only);
else {
  await step('check', ['scripts/check.ts']);
  await vitest('tests', []);
  await vitestOn15(PARTS_ON_15);
  await inLanes(
    AT_ONCE,
    PROOFS.map(([name, ...args]) => async () => {
      const prefix = `${name.padEnd(9)} | `;
      // One counts every call on files, and those of the tests' own convenience are none of the product's.
      const compiled = name === 'crash' ? {} : COMPILED;
      const env = { ...compiled, TMPDIR: name === 'access' ? quick : tmpdir() };
      await step(`prove ${name}`, ['bench/prove.ts', name, ...args], prefix, env);
    }),
  );
}

for (const one of [folder, quick]) rmSync(one, { recursive: true, force: true });
if (parts.length > 1) console.log(tableOf(parts, (Date.now() - started) / 1000).join('\n'));
for (const one of failures) console.log(`failed: ${one}`);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function step(
  name: string,
  args: string[],
  prefix?: string,
  env: Record<string, string> = {},
) {
  const said = prefix === undefined ? {} : { prefix };
  const ways = { cwd: root, ...said, env: { ...process.env, ...env } };
  const { status, seconds } = await runPart(process.execPath, args, ways);
  const ok = status === 0;
  if (ok) passed += 1;
  else {
    failed += 1;
    failures.push(name);
  }
  parts.push({ name, seconds, ok });
  console.log(`${ok ? 'ok' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
}

/** On Debian's PostgreSQL 15. Where it cannot be installed the rest is still worth running; in CI it can. */
async function vitestOn15(chosenParts: string[]): Promise<void> {
  const asked = process.argv.includes(ON_15) || process.env['CI'] === 'true';
  if (!asked && !existsSync('/usr/lib/postgresql/15/bin/postgres')) {
    skipped += 1;
    return;
  }
  const files = globSync(['packages/server/src/**/*.pg.test.ts', 'test/**/*.pg.test.ts'], {
    cwd: root,
  });
  const chosen = files.filter((file) => chosenParts.some((part) => file.includes(part)));
  // Of no names vitest would take all files.
  if (chosen.length === 0) failed += 1;
  else await vitest('tests on PostgreSQL 15', chosen, { VOXKEEP_TEST_POSTGRES: '15' });
}

async function vitest(
  name: string,
  files: string[],
  env: Record<string, string> = {},
): Promise<void> {
  const inFolder = (of: string) => join(folder, of);
  const [file, times] = [inFolder('vitest.json'), inFolder('times.json')];
  const broken = inFolder('failures.json');
  for (const old of [file, times, broken]) rmSync(old, { force: true });
  const own = ['file-times', 'failures'].map((one) => `./test/suite/${one}.ts`);
  const reporters = ['default', 'json', ...own];
  const args = ['run', ...reporters.map((one) => `--reporter=${one}`), `--outputFile.json=${file}`];
  const { status, seconds } = await runPart(bin('vitest'), [...args, ...files], {
    cwd: root,
    env: {
      ...{ ...process.env, ...COMPILED, TMPDIR: quick, ...env },
      ...{ [TIMES_FILE]: times, [FAILURES_FILE]: broken },
    },
    limitMs: LONGEST_MS,
  });
  parts.push({ name, seconds, ok: status === 0 });
  try {
    const result = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    passed += result['numPassedTests'] ?? 0;
    failed += result['numFailedTests'] ?? 0;
    skipped += result['numPendingTests'] ?? 0;
    // A file that does not load has no tests to fail.
    if (status !== 0 && (result['numFailedTests'] ?? 0) === 0) failed += 1;
    failures.push(...(JSON.parse(readFileSync(broken, 'utf8')) as string[]));
    parts.push(...slowestOf(JSON.parse(readFileSync(times, 'utf8')) as Record<string, number>));
  } catch {
    failed += 1;
    failures.push(`${name}: ended after ${seconds.toFixed(0)} s without a result`);
  }
}

function slowestOf(secondsOf: Record<string, number>): Part[] {
  return Object.entries(secondsOf)
    .map(([name, seconds]) => ({ name, seconds, ok: true, within: true }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST_SHOWN);
}
