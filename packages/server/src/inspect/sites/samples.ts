import { sql } from 'kysely';
import type { Db, Tx } from '../../core/database.ts';
import type { Lag } from './lag.ts';
import { foldUsedBytes, type PoolUse, usedBytes } from './used-bytes.ts';

/** What a site is like in one moment. */
export interface SiteSample {
  site: string;
  reachable: boolean;
  behind: number;
  behindS: number;
  /** Of the copies that were made lately. */
  lag?: Lag | undefined;
  freeBytes?: number | undefined;
  faults: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const EVERY_MS = 5 * MINUTE_MS;
/** Who looks every half minute is at most so much too early. */
const EARLY_MS = 20_000;
const FINE_DAYS = 2;
const KEPT_DAYS = 90;
/** Any number that no other lock of the archive has. */
const SAMPLE_LOCK = 696_301;

/**
 * Keeps what the sites are like when the last time is five minutes ago, and forgets what is old: after
 * two days each hour is one line with the worst of it, after ninety days none. Of many processes one does it.
 * Resolves to whether it was kept.
 */
export async function keepSamples(
  db: Db,
  samples: readonly SiteSample[],
  now: Date,
): Promise<boolean> {
  if (samples.length === 0) return false;
  return db.transaction().execute(async (tx) => {
    if (!(await isMine(tx))) return false;
    const last = await tx
      .selectFrom('site_sample')
      .select(({ fn }) => fn.max('at').as('at'))
      .executeTakeFirst();
    const since = last?.at == null ? Number.POSITIVE_INFINITY : now.getTime() - last.at.getTime();
    if (since < EVERY_MS - EARLY_MS) return false;
    await foldUsedBytes(tx);
    const used = await usedBytes(tx);
    await tx
      .insertInto('site_sample')
      .values(samples.map((sample) => rowOf(sample, used, now)))
      .execute();
    await thin(tx, now);
    return true;
  });
}

async function isMine(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${SAMPLE_LOCK}) as mine`.execute(tx);
  return rows[0]?.mine === true;
}

const rowOf = (one: SiteSample, used: readonly PoolUse[], at: Date) => ({
  ...{ site: one.site, at, reachable: one.reachable, faults: one.faults },
  ...{ behind: one.behind, behind_s: one.behindS },
  used_bytes: used.reduce((sum, { site, bytes }) => sum + (site === one.site ? bytes : 0), 0),
  lag_p50_ms: one.lag?.p50 ?? null,
  lag_p99_ms: one.lag?.p99 ?? null,
  free_bytes: one.freeBytes ?? null,
});

/** The worst of an hour stands for it: an outage of minutes is not forgotten. */
async function thin(tx: Tx, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await tx.deleteFrom('site_sample').where('at', '<', before(KEPT_DAYS)).execute();
  await sql`
    update site_sample s set reachable = worst.reachable, faults = worst.faults,
      behind = worst.behind, behind_s = worst.behind_s, lag_p50_ms = worst.lag_p50_ms,
      lag_p99_ms = worst.lag_p99_ms, used_bytes = worst.used_bytes, free_bytes = worst.free_bytes
    from (select site, min(at) as at, bool_and(reachable) as reachable, max(faults) as faults,
        max(behind) as behind, max(behind_s) as behind_s, max(lag_p50_ms) as lag_p50_ms,
        max(lag_p99_ms) as lag_p99_ms, max(used_bytes) as used_bytes, min(free_bytes) as free_bytes
      from site_sample where at < ${before(FINE_DAYS)}
      group by site, date_trunc('hour', at) having count(*) > 1) worst
    where s.site = worst.site and s.at = worst.at`.execute(tx);
  await sql`
    delete from site_sample s where at < ${before(FINE_DAYS)} and exists (
      select from site_sample e where e.site = s.site and e.at < s.at
        and e.at >= date_trunc('hour', s.at))`.execute(tx);
}
