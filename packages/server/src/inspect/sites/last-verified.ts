import { sql } from 'kysely';
import type { Db, Queryable } from '../../core/database.ts';

const COUNTED_EVERY_MS = 6 * 3_600_000;

/** When all copies of a site were read back last, and the copy for which that is the longest ago. */
export interface LastVerified {
  deepEndedAt?: Date;
  oldestAt?: Date;
}

export async function lastVerified(db: Queryable, site: string): Promise<LastVerified> {
  const ended = await db
    .selectFrom('scrub_run')
    .select(({ fn }) => fn.max('ended_at').as('at'))
    .where('site', '=', site)
    .where('kind', '=', 'deep')
    .executeTakeFirst();
  const oldest = await db
    .selectFrom('site_verified')
    .select('oldest_at')
    .where('site', '=', site)
    .executeTakeFirst();
  return {
    ...(ended?.at == null ? {} : { deepEndedAt: ended.at }),
    ...(oldest?.oldest_at == null ? {} : { oldestAt: oldest.oldest_at }),
  };
}

/**
 * Looks for the oldest verification at each site when that was hours ago, or when a deep walk has ended
 * since. It reads all rows of copies; a copy that was written counts as read back then, for it was.
 */
export async function countVerified(db: Db, sites: readonly string[], now: Date): Promise<void> {
  if (!(await isDue(db, sites, now))) return;
  const rows = await db
    .selectFrom('object_copy')
    .select('site')
    .select(sql<Date>`min(coalesce(verified_at, written_at))`.as('oldest_at'))
    .groupBy('site')
    .execute();
  const counted = sites.map((site) => ({
    ...{ site, counted_at: now },
    oldest_at: rows.find((row) => row.site === site)?.oldest_at ?? null,
  }));
  await db
    .insertInto('site_verified')
    .values(counted)
    .onConflict((conflict) =>
      conflict.column('site').doUpdateSet(({ ref }) => ({
        oldest_at: ref('excluded.oldest_at'),
        counted_at: ref('excluded.counted_at'),
      })),
    )
    .execute();
}

async function isDue(db: Db, sites: readonly string[], now: Date): Promise<boolean> {
  const counted = await db.selectFrom('site_verified').selectAll().execute();
  if (sites.some((site) => !counted.some((one) => one.site === site))) return true;
  // There was no copy yet.
  if (counted.every(({ oldest_at }) => oldest_at === null)) return true;
  const oldestMs = Math.min(...counted.map(({ counted_at }) => counted_at.getTime()));
  if (now.getTime() - oldestMs >= COUNTED_EVERY_MS) return true;
  const ended = await db
    .selectFrom('scrub_run')
    .select('id')
    .where('kind', '=', 'deep')
    .where('ended_at', '>', new Date(oldestMs))
    .limit(1)
    .executeTakeFirst();
  return ended !== undefined;
}
