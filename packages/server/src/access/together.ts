import type { Db } from '../core/database.ts';

/** Runs in the caller's transaction when there is one, else in one of its own. */
export function together<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
