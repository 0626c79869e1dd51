import { errorKind } from '../core/error-kind.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { type HoldDeps, letGo, walkHolds } from '../retire/holds/index.ts';

const LOOK_EVERY_MS = 10_000;
const AFTER_FAILURE_MS = 60_000;

/** Carries holds and their releases to every record. */
export interface HoldWalker {
  /** Looks anew, now: a hold was placed or released. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * Lets the records of released holds go, and takes the searches of living ones over all calls. A stop waits
 * for the batch under way; all of it goes on at the next start.
 */
export function startHolds(deps: HoldDeps, log: Pick<EventLog, 'info' | 'warn'>): HoldWalker {
  const stop = new AbortController();
  let wake: (() => void) | undefined;
  /** Asked for while a look was under way, that look may have been too early. */
  let again = false;

  async function look(): Promise<void> {
    const count = await letGo(deps, stop.signal);
    if (count > 0) log.info('held records let go', { count });
    await walkHolds(deps, stop.signal);
  }
  const work = (async () => {
    while (!stop.signal.aborted) {
      again = false;
      const pauseMs = await look().then(
        () => LOOK_EVERY_MS,
        (error: unknown) => {
          log.warn('walking holds failed', { kind: errorKind(error) });
          return AFTER_FAILURE_MS;
        },
      );
      if (again) continue;
      await new Promise<void>((done) => {
        wake = done;
        if (stop.signal.aborted) done();
        setTimeout(done, pauseMs).unref();
      });
      wake = undefined;
    }
  })();
  return {
    wake() {
      again = true;
      wake?.();
    },
    async stop() {
      stop.abort();
      wake?.();
      await work;
    },
  };
}
