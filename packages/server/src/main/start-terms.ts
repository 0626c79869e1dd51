import { errorKind } from '../core/error-kind.ts';
import type { Notices } from '../core/notices.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import { extendLocks } from '../pipeline/extend-locks.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { type RetentionRules, remindReviews, walkTerms } from '../retire/terms/index.ts';

const LOOK_EVERY_MS = 10_000;
/** After a failure; most often a site is away. */
const AFTER_FAILURE_MS = 120_000;
/** Days of review come at midnight; an hour later is soon enough. */
const REMIND_EVERY_MS = 3_600_000;

/** Carries rules of retention to every record. */
export interface TermWalker {
  /** Looks anew, now: other rules are in force. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * After a change of the rules gives every record its term; locks copies for longer where a term grew; and tells
 * compliance of profiles that have to be read again. A stop waits for the batch under way; all of it goes on
 * at the next start.
 */
export function startTerms(
  deps: PipelineDeps & { rules: RetentionRules; notices: Notices },
  log: EventLog,
): TermWalker {
  const stop = new AbortController();
  let wake: (() => void) | undefined;
  let remindedAt: number | undefined;

  async function look(): Promise<void> {
    if (!(await walkTerms(deps, stop.signal))) return;
    const { extended, left } = await extendLocks(deps, stop.signal);
    if (extended > 0) log.info('locks extended', { count: extended });
    if (left > 0) log.warn('locks not extended yet', { count: left });
    const now = deps.clock.now().getTime();
    if (stop.signal.aborted || now - (remindedAt ?? 0) < REMIND_EVERY_MS) return;
    await remindReviews(deps);
    remindedAt = now;
  }
  const work = (async () => {
    while (!stop.signal.aborted) {
      const pauseMs = await look().then(
        () => LOOK_EVERY_MS,
        (error: unknown) => {
          log.warn('giving terms failed', { kind: errorKind(error) });
          return AFTER_FAILURE_MS;
        },
      );
      if (stop.signal.aborted) break;
      await new Promise<void>((done) => {
        wake = done;
        setTimeout(done, pauseMs).unref();
      });
    }
  })();
  return {
    wake: () => wake?.(),
    async stop() {
      stop.abort();
      wake?.();
      await work;
    },
  };
}
