import { nextTimeOfDay } from '../core/zone.ts';
import { POOLS, type Pool } from '../record/vocabulary.ts';
import type { PlacementPolicy } from './placement.ts';

const HOUR_MS = 3_600_000;
/** A daily copy is due no later than this, so that a run has an hour to keep within a day. */
const LATEST_MS = 23 * HOUR_MS;

/** A copy that follows those which a record waits for. */
export interface FurtherCopy {
  site: string;
  dueAt: Date;
  /** One of many at the same hour: those that are due at once go before it. */
  bulk: boolean;
}

/** The copies of what a pool takes in now. */
export interface Copies {
  acknowledged: readonly string[];
  further: readonly FurtherCopy[];
}

interface Lists {
  acknowledged: readonly string[];
  realtime?: readonly string[];
  daily?: readonly string[];
}

/** The copies that the policy wants of what `pool` takes in at `now`. */
export function copiesOf(policy: PlacementPolicy, pool: Pool, now: Date, timeZone: string): Copies {
  const { acknowledged, realtime = [], daily = [] }: Lists = policy.pools[pool];
  const hour = dailyDue(policy, now, timeZone);
  return {
    acknowledged,
    further: [
      ...realtime.map((site) => ({ site, dueAt: now, bulk: false })),
      ...daily.map((site) => ({ site, dueAt: hour, bulk: true })),
    ],
  };
}

/** Every pool with every site at which a copy of it is wanted, and whether it may wait for the daily hour. */
export function wantedCopies(
  policy: PlacementPolicy,
): { pool: Pool; site: string; mayWait: boolean }[] {
  return POOLS.flatMap((pool) => {
    const { acknowledged, realtime = [], daily = [] }: Lists = policy.pools[pool];
    return [
      ...[...acknowledged, ...realtime].map((site) => ({ pool, site, mayWait: false })),
      ...daily.map((site) => ({ pool, site, mayWait: true })),
    ];
  });
}

/** The next daily hour after `after`. */
export function nextDaily(policy: PlacementPolicy, after: Date, timeZone: string): Date {
  const [hour = 0, minute = 0] = policy.daily.at.split(':').map(Number);
  return nextTimeOfDay(timeZone, after, { hour, minute });
}

/** At the next daily hour; what comes just after one goes with it, so that no copy waits a day. */
function dailyDue(policy: PlacementPolicy, now: Date, timeZone: string): Date {
  const next = nextDaily(policy, now, timeZone);
  return next.getTime() - now.getTime() > LATEST_MS ? now : next;
}
