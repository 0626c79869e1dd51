// npm run check: format and lint, types, room rules, documents, dead code. Each names itself and its time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { checkRooms } from './check-rooms.ts';
import { documentsOutOfDate } from './made-documents.ts';

const root = resolve(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;
let failures = 0;

const eslint = [bin('eslint'), '--max-warnings', '0'];
// Each of them keeps one core busy; of two that take as long one goes beside the other.
await Promise.all([
  (async () => {
    const notWeb = ['.', '--ignore-pattern', 'packages/web/**'];
    await run('promises and unsafe values: programs', node, [...eslint, ...notWeb]);
    await run('promises and unsafe values: browser', node, [...eslint, 'packages/web']);
  })(),
  (async () => {
    await run('format and lint', bin('biome'), ['check', '--error-on-warnings', '.']);
    await run('types: programs', node, [bin('tsc'), '--noEmit', '-p', 'tsconfig.json']);
    await run('types: browser', node, [bin('tsc'), '--noEmit', '-p', 'packages/web/tsconfig.json']);
    await run('dead code', node, [bin('knip'), '--no-progress']);
  })(),
]);
// By itself: it plants a bad file, which no other may see.
await report('rooms', () => checkRooms(root));
await report('made documents', async () => documentsOutOfDate(root));
console.log(failures === 0 ? 'check: OK' : `check: ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

async function run(name: string, command: string, args: string[]): Promise<void> {
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) console.log((await said).join(''));
  say(name, status === 0, started);
}

async function report(name: string, work: () => Promise<string[]>): Promise<void> {
  const started = Date.now();
  const problems = await work();
  for (const problem of problems) console.log(problem);
  say(name, problems.length === 0, started);
}

function say(name: string, ok: boolean, started: number): void {
  if (!ok) failures += 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
}
