import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DrillLine, DrillOrder, DrillProgress, DrillResult } from './drill-order.ts';

const PROGRAM = join(import.meta.dirname, '../drill.ts');
/** For its PostgreSQL to stop and its folder to go. */
const STOP_MS = 30_000;

/** What became of it: a result, an error's code, or neither where the process was ended. */
export type DrillRun = { result: DrillResult } | { code: string; reason: string } | undefined;

/** Runs a drill in a process of its own, and resolves when that is gone. `signal` breaks it off. */
export async function runDrillProgram(
  order: DrillOrder,
  options: { signal: AbortSignal; onProgress(progress: DrillProgress): void },
): Promise<DrillRun> {
  const { signal, onProgress } = options;
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gone = new Promise<void>((done) => {
    child.once('error', () => done());
    child.once('close', () => done());
  });
  // It may be gone before it has read.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const stop = () => void endProgram(child, gone);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let run: DrillRun;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as DrillLine;
    if (line.kind === 'progress') onProgress(line.progress);
    else if (line.kind === 'result') run = { result: line.result };
    else run = { code: line.code, reason: line.reason };
  });
  await gone;
  signal.removeEventListener('abort', stop);
  return run;
}

/** Its input ends, by which it knows; what does not listen is killed. */
async function endProgram(child: ChildProcess, gone: Promise<void>): Promise<void> {
  child.stdin?.end();
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(late);
}
