import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import { firstAfterFilling } from './filling.ts';

/** Copies that should be there by now: how many, and for how long the oldest has been missed. */
export interface Overdue {
  copies: number;
  oldestS: number;
}

/** A copy that was planned for later than this is a daily one, whatever its pool. */
const AT_ONCE_S = 3600;

/**
 * What is due at a site and not there: copies that are made at once, missed since they were due, and
 * daily ones, missed since their object was sealed. A try that failed makes nothing less due. What a
 * site is filled with takes its time and is not counted.
 */
export async function overdueAt(
  db: Queryable,
  site: string,
  now: Date,
): Promise<{ atOnce: Overdue; daily: Overdue }> {
  const first = await firstAfterFilling(db, site);
  const { rows } = await sql<{ daily: boolean; n: string; oldest: Date }>`
    select daily, count(*) as n, min(case when daily then created_at else due_at end) as oldest
    from (select due_at, created_at, pool = 'basic'
          or due_at > created_at + make_interval(secs => ${AT_ONCE_S}) as daily
        from pending_copy join sealed_object on id = object_id
        where site = ${site} and due_at <= ${now} and destroyed_at is null
          and (not bulk or object_id >= ${first}::uuid)) due
    group by daily`.execute(db);
  const of = (daily: boolean): Overdue => {
    const row = rows.find((one) => one.daily === daily);
    const oldestS = row === undefined ? 0 : (now.getTime() - row.oldest.getTime()) / 1000;
    return { copies: Number(row?.n ?? 0), oldestS: Math.max(0, Math.round(oldestS)) };
  };
  return { atOnce: of(false), daily: of(true) };
}
