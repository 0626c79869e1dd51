import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import { firstAfterFilling } from './filling.ts';

/** From written to copied to a site, in milliseconds, and over how many copies. */
export interface Lag {
  p50: number;
  p99: number;
  count: number;
}

/** So many of the newest copies of a site are looked at. */
const NEWEST = 5000;
const DAY_MS = 86_400_000;

/**
 * Of a site's newest copies, those of core and sensitive calls, which are copied at once; not those
 * that the site is filled with, which lag behind nothing. With `since` those only that were made since then,
 * of objects not a day old: a repair is no lag. A clock that was put back makes none negative. Undefined when there is none.
 */
export async function lagOf(
  db: Queryable,
  site: string,
  { since = new Date(0) }: { since?: Date } = {},
): Promise<Lag | undefined> {
  const first = await firstAfterFilling(db, site);
  const youngest = new Date(since.getTime() - DAY_MS);
  // Ids begin with their time: the newest copies are those of the highest ids.
  const { rows } = await sql<{ p50: number | null; p99: number | null; n: string }>`
    select percentile_cont(0.5) within group (order by ms) as p50,
      percentile_cont(0.99) within group (order by ms) as p99, count(*) as n
    from (select greatest(0, extract(epoch from c.written_at - o.created_at)::float8 * 1000) as ms,
        c.written_at, c.object_id, o.created_at, o.pool
      from object_copy c join sealed_object o on o.id = c.object_id
      where c.site = ${site}
      order by c.object_id desc limit ${NEWEST}) newest
    where pool in ('core', 'sensitive') and object_id >= ${first}::uuid
      and written_at >= ${since} and created_at >= ${youngest}`.execute(db);
  const [found] = rows;
  if (found?.p50 == null || found.p99 === null) return undefined;
  return { p50: Math.round(found.p50), p99: Math.round(found.p99), count: Number(found.n) };
}
