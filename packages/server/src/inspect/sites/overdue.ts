import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';

/** Copies that should be there by now: how many, and for how long the oldest object has waited. */
export interface Overdue {
  copies: number;
  oldestS: number;
}

/**
 * What is due at a site and not there: of calls that are copied at once, and of those that are copied
 * within a day. A try that failed moves the next one ahead and makes nothing less due.
 */
export async function overdueAt(
  db: Queryable,
  site: string,
  now: Date,
): Promise<{ atOnce: Overdue; daily: Overdue }> {
  const { rows } = await sql<{ daily: boolean; n: string; oldest: Date }>`
    select pool = 'basic' as daily, count(*) as n, min(created_at) as oldest
    from pending_copy p join sealed_object o on o.id = p.object_id
    where site = ${site} and destroyed_at is null and due_at <= ${now}
    group by 1`.execute(db);
  const of = (daily: boolean): Overdue => {
    const row = rows.find((one) => one.daily === daily);
    const oldestS = row === undefined ? 0 : (now.getTime() - row.oldest.getTime()) / 1000;
    return { copies: Number(row?.n ?? 0), oldestS: Math.max(0, Math.round(oldestS)) };
  };
  return { atOnce: of(false), daily: of(true) };
}
