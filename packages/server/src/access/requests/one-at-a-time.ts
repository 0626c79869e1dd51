import { sql } from 'kysely';
import type { Db } from '../../core/database.ts';

/** Of this process; over all that share the database a lock of PostgreSQL keeps the turns. */
let turn: Promise<unknown> = Promise.resolve();
const TURN_LOCK = sql`7320114, 6963`;

/**
 * Runs such work one at a time, to its end: over several transactions, and what is between them. Takes a
 * connection of its own meanwhile, so the work begins no other turn.
 */
export function oneAtATime<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const done = turn.then(() =>
    db.connection().execute(async (held) => {
      await sql`select pg_advisory_lock(${TURN_LOCK})`.execute(held);
      try {
        return await work();
      } finally {
        // A connection that broke has given its lock back.
        await sql`select pg_advisory_unlock(${TURN_LOCK})`.execute(held).catch(() => undefined);
      }
    }),
  );
  turn = done.catch(() => undefined);
  return done;
}
