import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { errorKind } from '../core/error-kind.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import { evictCold } from '../pipeline/placement/evict-cold.ts';
import { policyInForce } from '../pipeline/placement/policy-rows.ts';
import { removeUnwanted } from '../pipeline/placement/remove-unwanted.ts';
import { spreadPlacement } from '../pipeline/placement/spread-placement.ts';
import { nextDaily, type PlacementPolicy } from '../place/index.ts';
import type { EventLog } from '../platform/log/logger.ts';

const MIB = 1024 * 1024;
const LOOK_EVERY_MS = 10_000;
/** After a failure; most often a site is away. */
const AFTER_FAILURE_MS = 120_000;

/** Brings copies to where the policy wants them. */
export interface Placer {
  /** Looks anew, now: another policy is in force. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * After a change of the policy, sees what has to move; removes copies that nobody wants once those that are
 * wanted were read back; and at the daily hour frees what is old and unused. A stop waits for the record
 * under way; all of it goes on at the next start.
 */
export function startPlacer(
  deps: PipelineDeps,
  settings: { mebibytesPerSecond: number },
  log: EventLog,
): Placer {
  const stop = new AbortController();
  const bytesPerSecond = settings.mebibytesPerSecond * MIB;
  let wake: (() => void) | undefined;
  /** Ends what follows a policy that is in force no longer. */
  let turn = new AbortController();

  async function look(signal: AbortSignal): Promise<void> {
    if (!(await spreadPlacement(deps, signal))) return;
    const { removed, left } = await removeUnwanted(deps, { bytesPerSecond, signal });
    if (removed > 0) log.info('copies removed', { count: removed });
    if (left > 0) log.warn('copies not removed yet', { count: left });
    const rule = deps.placement.policy().pools.basic.eviction;
    if (signal.aborted || rule === undefined) return;
    if (!(await isEvictionDue(deps, deps.timeZone))) return;
    const { done, evicted, bytes, unverified } = await evictCold(deps, {
      ...{ rule, bytesPerSecond, signal },
    });
    if (evicted > 0) log.info('copies freed', { site: rule.site, count: evicted, bytes });
    if (done && unverified > 0) {
      log.warn('copies not freed: two others are not whole', {
        ...{ site: rule.site, count: unverified },
      });
    }
  }
  const work = (async () => {
    while (!stop.signal.aborted) {
      turn = new AbortController();
      const pauseMs = await look(AbortSignal.any([stop.signal, turn.signal])).then(
        () => LOOK_EVERY_MS,
        (error: unknown) => {
          log.warn('placing failed', { kind: errorKind(error) });
          return AFTER_FAILURE_MS;
        },
      );
      if (stop.signal.aborted || turn.signal.aborted) continue;
      await new Promise<void>((done) => {
        wake = done;
        setTimeout(done, pauseMs).unref();
      });
    }
  })();
  return {
    wake() {
      turn.abort();
      wake?.();
    },
    async stop() {
      stop.abort();
      wake?.();
      await work;
    },
  };
}

/** Whether a run was broken off, or a daily hour has passed since the last one began. */
export async function isEvictionDue(
  { db, clock, placement }: { db: Db; clock: Clock; placement: { policy(): PlacementPolicy } },
  timeZone: string,
): Promise<boolean> {
  const last = await db
    .selectFrom('eviction_run')
    .select(['started_at', 'ended_at'])
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last !== undefined && last.ended_at === null) return true;
  const from = last?.started_at ?? (await policyInForce(db))?.appliedAt;
  if (from === undefined) return false;
  return nextDaily(placement.policy(), from, timeZone) <= clock.now();
}
