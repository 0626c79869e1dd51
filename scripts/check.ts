// npm run check: format and lint, types, room rules, documents, dead code. Each names itself and its time.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { checkRooms } from './check-rooms.ts';
import { documentsOutOfDate } from './made-documents.ts';

const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;
let failures = 0;

run('format and lint', bin('biome'), ['check', '--error-on-warnings', '.']);
run('types: programs', node, [bin('tsc'), '--noEmit', '-p', 'tsconfig.json']);
run('types: browser', node, [bin('tsc'), '--noEmit', '-p', 'packages/web/tsconfig.json']);
run('promises and unsafe values', node, [bin('eslint'), '--max-warnings', '0', '.']);
await report('rooms', checkRooms(root));
await report('made documents', Promise.resolve(documentsOutOfDate(root)));
run('dead code', node, [bin('knip'), '--no-progress']);
console.log(failures === 0 ? 'check: OK' : `check: ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

function run(name: string, command: string, args: string[]): void {
  const started = Date.now();
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (done.status !== 0) console.log(`${done.stdout}${done.stderr}`);
  say(name, done.status === 0, started);
}

async function report(name: string, work: Promise<string[]>): Promise<void> {
  const started = Date.now();
  const problems = await work;
  for (const problem of problems) console.log(problem);
  say(name, problems.length === 0, started);
}

function say(name: string, ok: boolean, started: number): void {
  if (!ok) failures += 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
}
