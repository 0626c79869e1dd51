import { sql } from 'kysely';
import type { Db, Queryable } from '../../core/database.ts';
import { firstIdOf } from '../../core/ids.ts';

/** A site that gets, in bulk, what was written before it was wanted there. */
export interface Filling {
  since: Date;
  /** Such copies that are still to come, and the most that ever were. */
  left: number;
  most: number;
  /** When it was another number last, or the site was away. */
  movedAt: Date;
}

/** So seldom is it written down that a site is away. */
const AWAY_NOTED_MS = 5 * 60_000;

/** The lowest id of an object that is none of what the site is filled with. */
export async function firstAfterFilling(db: Queryable, site: string): Promise<string> {
  const row = await rowOf(db, site);
  return firstIdOf(row?.begun_at ?? new Date(0));
}

/** How far a site has been filled, counted now; undefined when nothing is left. */
export async function fillingOf(
  db: Queryable,
  site: string,
  now: Date,
): Promise<Filling | undefined> {
  const row = await rowOf(db, site);
  if (row === undefined) return undefined;
  const { n } = await db
    .selectFrom('pending_copy')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('site', '=', site)
    .where('bulk', '=', true)
    .where('due_at', '<=', now)
    .where('object_id', '<', firstIdOf(row.begun_at))
    .executeTakeFirstOrThrow();
  const left = Number(n);
  if (left === 0) return undefined;
  const most = Math.max(left, Number(row.copies_most));
  return { since: row.begun_at, left, most, movedAt: row.moved_at };
}

/** Counts, and writes down that it goes on, or that the site is away and nothing can come. */
export async function noteFilling(
  db: Db,
  site: string,
  now: Date,
  { reachable }: { reachable: boolean },
): Promise<Filling | undefined> {
  const filling = await fillingOf(db, site, now);
  const left = filling?.left ?? 0;
  const awaySince = new Date(now.getTime() - AWAY_NOTED_MS);
  const { rows } = await sql<{ moved_at: Date }>`
    update site_filling set copies_left = ${left}, moved_at = ${now},
      copies_most = greatest(copies_most, ${left}::bigint)
    where site = ${site} and (copies_left <> ${left}
      or (${!reachable} and copies_left > 0 and moved_at < ${awaySince}))
    returning moved_at`.execute(db);
  const [moved] = rows;
  return filling && moved ? { ...filling, movedAt: moved.moved_at } : filling;
}

const rowOf = (db: Queryable, site: string) =>
  db.selectFrom('site_filling').selectAll().where('site', '=', site).executeTakeFirst();
