import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { Seals } from './seals.ts';

export interface Limit {
  most: number;
  /** How long the door stays shut once `most` is reached. */
  shutMs: number;
  /** Attempts older than `shutMs` are forgotten even below `most`; else they add up. */
  forgets: boolean;
}

/** Row key of a counter: keyed, so that the table holds neither names nor addresses. */
export function attemptKey(seals: Seals, kind: 'name' | 'address' | 'code', value: string) {
  return seals.digest('attempt', `${kind}\0${value}`);
}

/**
 * Takes one of the attempts that are left, before it is known how it ends, so that guesses made at
 * the same time cannot all slip in under the limit. False when none is left.
 */
export async function takeAttempt(
  db: Db,
  clock: Clock,
  key: Buffer,
  { most, shutMs, forgets }: Limit,
): Promise<boolean> {
  const now = clock.now();
  const over = new Date(now.getTime() - shutMs);
  const restart = forgets
    ? sql<boolean>`a.since <= ${over}`
    : sql<boolean>`(a.attempts >= ${most} and a.since <= ${over})`;
  const { rows } = await sql<{ attempts: number }>`
    insert into sign_in_attempt as a (key, attempts, since) values (${key}, 1, ${now})
    on conflict (key) do update set
      attempts = case when ${restart} then 1 else a.attempts + 1 end,
      since = case when ${restart} or not ${forgets}::boolean then ${now}::timestamptz
        else a.since end
    where a.attempts < ${most} or ${restart}
    returning attempts`.execute(db);
  return rows.length === 1;
}

/** Gives an attempt back that was none: it neither failed nor succeeded. */
export async function returnAttempt(db: Db, key: Buffer): Promise<void> {
  await sql`update sign_in_attempt set attempts = greatest(attempts - 1, 0) where key = ${key}`.execute(
    db,
  );
}

/** Forgets a counter after a success, and what nobody needs any more of the others. */
export async function clearAttempts(db: Db, clock: Clock, key: Buffer): Promise<void> {
  const old = new Date(clock.now().getTime() - 24 * 3_600_000);
  await db
    .deleteFrom('sign_in_attempt')
    .where((eb) => eb.or([eb('key', '=', key), eb('since', '<', old)]))
    .execute();
}
