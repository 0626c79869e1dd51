import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';

/** When a site will be full, or why nobody can say. */
export type Projection =
  | { fullAt: Date }
  | { unknown: 'NO_FREE_SPACE_TOLD' | 'TOO_LITTLE_DATA' | 'NOT_GROWING' };

/** One moment of a site's room. */
export interface FreeAt {
  at: Date;
  freeBytes: number;
}

const DAY_MS = 86_400_000;
const OVER_DAYS = 30;
/** Less than this says more of one night than of a trend. */
const LEAST_DAYS = 3;
const LEAST_POINTS = 8;
/** Beyond it a straight line says nothing any more. */
const FARTHEST_DAYS = 3650;

/** The projection over a site's samples of the last thirty days. */
export async function projectedFull(db: Queryable, site: string, now: Date): Promise<Projection> {
  const { rows } = await sql<{ at: Date; free: number | null; n: string }>`
    select date_bin('6 hours', at, 'epoch') as at, count(*) as n,
      percentile_cont(0.5) within group (order by free_bytes) as free
    from site_sample
    where site = ${site} and at > ${new Date(now.getTime() - OVER_DAYS * DAY_MS)} and reachable
    group by 1 order by 1`.execute(db);
  const told = rows.flatMap(({ at, free }) =>
    free === null ? [] : [{ at, freeBytes: Number(free) }],
  );
  if (rows.length > 0 && told.length === 0) return { unknown: 'NO_FREE_SPACE_TOLD' };
  return projectFull(told, now);
}

/**
 * Where the line through the points meets zero: Theil and Sen's, whose slope is the median of the slopes
 * of all pairs, so that one import or one clean-up does not bend it.
 */
export function projectFull(points: readonly FreeAt[], now: Date): Projection {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < LEAST_POINTS) {
    return { unknown: 'TOO_LITTLE_DATA' };
  }
  if (last.at.getTime() - first.at.getTime() < LEAST_DAYS * DAY_MS) {
    return { unknown: 'TOO_LITTLE_DATA' };
  }
  const slopes = points.flatMap((a, at) =>
    points
      .slice(at + 1)
      .map((b) => (b.freeBytes - a.freeBytes) / (b.at.getTime() - a.at.getTime())),
  );
  const bytesPerMs = median(slopes);
  if (bytesPerMs >= 0) return { unknown: 'NOT_GROWING' };
  // From what is free now: an old jump is over and done with.
  const fullMs = last.at.getTime() + last.freeBytes / -bytesPerMs;
  if (fullMs - now.getTime() > FARTHEST_DAYS * DAY_MS) return { unknown: 'NOT_GROWING' };
  return { fullAt: new Date(Math.max(fullMs, now.getTime())) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
