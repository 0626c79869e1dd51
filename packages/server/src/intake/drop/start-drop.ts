import { DropFolder } from './drop-folder.ts';
import type { DropDeps } from './ports.ts';

/** A look may take a fifth of the time: on a network drive with many files it is not for free. */
const REST = 4;

/**
 * Looks into the drop folder every `pollMs`, for as long as it runs. Polling sees what a network
 * drive does not announce. `stop` abandons what is under way; nothing is lost by that.
 */
export function startDrop(
  deps: DropDeps,
  pollMs: number,
): { counts(): DropFolder['counts']; stop(): Promise<void> } {
  const drop = new DropFolder(deps);
  let stopped = false;
  let wake: (() => void) | undefined;
  const work = (async () => {
    while (!stopped) {
      const started = performance.now();
      await drop.look();
      const restMs = Math.max(pollMs, (performance.now() - started) * REST);
      await new Promise<void>((done) => {
        wake = done;
        setTimeout(done, stopped ? 0 : restMs).unref();
      });
    }
  })();
  return {
    counts: () => drop.counts,
    async stop() {
      stopped = true;
      wake?.();
      await drop.stop();
      await work;
    },
  };
}
