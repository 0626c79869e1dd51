import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorKind } from '../core/error-kind.ts';
import { ArchiveError } from '../core/errors.ts';
import { Closers } from './closers.ts';
import type { DrillLine, DrillOrder } from './drill/drill-order.ts';
import { runDrill } from './drill/run-drill.ts';
import { removeScratch } from './drill/scratch-folder.ts';

/** Below whoever serves. */
const NICE = 10;
/** For what was under way when it was broken off. */
const SETTLE_MS = 20_000;

/**
 * The program of a drill, for the archive that starts it. The order is the first line of its standard input;
 * the end of that, which comes with the end of the archive too, breaks it off. Its scratch folder goes in
 * either case.
 */
setPriority(NICE);
const closers = new Closers();
let ending: Promise<void> | undefined;
let work: Promise<void> = Promise.resolve();

/** Also where what is broken off learns of it. */
function say(line: DrillLine): void {
  if (ending !== undefined) throw new Error('the drill is broken off');
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const input = createInterface({ input: process.stdin });
let scratch: string | undefined;
input.once('line', (line) => {
  const order = JSON.parse(line) as DrillOrder;
  scratch = order.scratch;
  work = main(order);
  void work.then(() => end(0));
});
input.once('close', () => void end(1));
// Nobody reads it any more: the archive was killed.
process.stdout.on('error', () => void end(1));
// The archive has it too, and says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void end(1));

async function main(order: DrillOrder): Promise<void> {
  try {
    const result = await runDrill(order, {
      ...{ closers, say: (progress) => say({ kind: 'progress', progress }) },
    });
    say({ kind: 'result', result });
  } catch (error) {
    // What was under way when it was broken off could not but fail.
    if (ending !== undefined) return;
    const code = error instanceof ArchiveError ? error.code : 'INTERNAL';
    say({ kind: 'failed', code, reason: errorKind(error) });
  }
}

function end(code: number): Promise<void> {
  ending ??= (async () => {
    await closers.closeAll();
    // A server that was just being started is stopped as soon as it can be.
    await Promise.race([work, sleep(SETTLE_MS)]);
    if (scratch !== undefined) await removeScratch(scratch);
    process.exit(code);
  })();
  return ending;
}
