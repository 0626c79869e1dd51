import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { errorKind } from '../core/error-kind.ts';
import { ArchiveError } from '../core/errors.ts';
import { Closers } from './closers.ts';
import type { DrillLine, DrillOrder } from './drill/drill-order.ts';
import { runDrill } from './drill/run-drill.ts';

/** Below whoever serves. */
const NICE = 10;

/**
 * The program of a drill, for the archive that starts it. The order is the first line of its standard input;
 * the end of that, which comes with the end of the archive too, breaks it off. Its scratch folder goes in
 * either case.
 */
setPriority(NICE);
const closers = new Closers();
const say = (line: DrillLine) => process.stdout.write(`${JSON.stringify(line)}\n`);
let ending: Promise<void> | undefined;

const input = createInterface({ input: process.stdin });
input.once('line', (line) => void main(JSON.parse(line) as DrillOrder));
input.once('close', () => void end(1));
// The archive has it too, and says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end(1));

async function main(order: DrillOrder): Promise<void> {
  closers.add(() => rm(order.scratch, { recursive: true, force: true }));
  try {
    const result = await runDrill(order, {
      ...{ closers, say: (progress) => void say({ kind: 'progress', progress }) },
    });
    if (ending !== undefined) return;
    say({ kind: 'result', result });
    await end(0);
  } catch (error) {
    // What was under way when it was broken off could not but fail.
    if (ending !== undefined) return;
    const code = error instanceof ArchiveError ? error.code : 'INTERNAL';
    say({ kind: 'failed', code, reason: errorKind(error) });
    await end(0);
  }
}

function end(code: number): Promise<void> {
  ending ??= closers.closeAll().then(() => process.exit(code));
  return ending;
}
