import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import type { SiteSample } from './samples.ts';

/** What a site was like in one stretch of time, the worst of it; `at` is when the stretch began. */
export type HistoryPoint = Omit<SiteSample, 'site' | 'lag'> & {
  at: Date;
  lag?: { p50: number; p99: number };
  /** What our copies took. */
  usedBytes: number;
};

const MINUTE_S = 60;
const HOUR_S = 3600;
/** Lengths of a stretch that read well on an axis. */
const STEPS_S = [
  ...[5 * MINUTE_S, 15 * MINUTE_S, HOUR_S, 3 * HOUR_S, 6 * HOUR_S, 12 * HOUR_S],
  24 * HOUR_S,
];
const MOST_POINTS = 300;

/** The shortest step in which the time has at most three hundred of them. */
export function stepOf(from: Date, to: Date): number {
  const lengthS = (to.getTime() - from.getTime()) / 1000;
  return STEPS_S.find((stepS) => lengthS / stepS <= MOST_POINTS) ?? 24 * HOUR_S;
}

/** A site's history, oldest first; a stretch without a sample has no point. */
export async function siteHistory(
  db: Queryable,
  site: string,
  { from, to }: { from: Date; to: Date },
): Promise<{ stepS: number; points: HistoryPoint[] }> {
  const stepS = stepOf(from, to);
  const { rows } = await sql<Row>`
    select date_bin(make_interval(secs => ${stepS}), at, 'epoch') as at,
      bool_and(reachable) as reachable, max(behind) as behind, max(behind_s) as behind_s,
      max(lag_p50_ms) as p50, max(lag_p99_ms) as p99, max(faults) as faults,
      max(used_bytes) as used, min(free_bytes) as free
    from site_sample where site = ${site} and at >= ${from} and at < ${to}
    group by 1 order by 1`.execute(db);
  return { stepS, points: rows.map(pointOf) };
}

interface Row {
  at: Date;
  reachable: boolean;
  behind: number;
  behind_s: number;
  p50: number | null;
  p99: number | null;
  faults: number;
  used: string;
  free: string | null;
}

const pointOf = ({ at, reachable, behind, behind_s, p50, p99, faults, used, free }: Row) => ({
  ...{ at, reachable, behind, behindS: behind_s, faults, usedBytes: Number(used) },
  ...(p50 === null || p99 === null ? {} : { lag: { p50, p99 } }),
  ...(free === null ? {} : { freeBytes: Number(free) }),
});
