import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';

/** For how long after it was read a notice, and after its end a delivery, is kept. */
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/** Removes what was read, or delivered or given up, longer ago than that. What is unread stays. */
export async function forgetNotices(db: Db, clock: Clock): Promise<void> {
  const oldest = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS);
  await db.deleteFrom('notice').where('read_at', '<', oldest).execute();
  await db.deleteFrom('notice_delivery').where('ended_at', '<', oldest).execute();
}
