import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import { dayInZone, formatDay } from '../calendar-day.ts';
import type { Profiles } from '../retention.ts';
import type { RetentionRules } from './rules-in-force.ts';

/** Profiles whose day of review has come, on a day 'YYYY-MM-DD'. */
export function reviewsDue(
  { profiles }: Profiles,
  today: string,
): { rule: string; reviewBy: string }[] {
  return profiles.flatMap(({ id, reviewBy }) =>
    reviewBy !== undefined && reviewBy <= today ? [{ rule: id, reviewBy }] : [],
  );
}

/** Tells compliance of profiles that have to be read again: once for each profile and rules. */
export async function remindReviews(deps: {
  db: Db;
  clock: Clock;
  notices: Notices;
  rules: RetentionRules;
  timeZone: string;
}): Promise<void> {
  const { db, clock, notices, timeZone } = deps;
  const { number, profiles } = await deps.rules.inForce(db);
  if (number === 0) return;
  const now = clock.now();
  for (const { rule } of reviewsDue(profiles, formatDay(dayInZone(now, timeZone)))) {
    await db.transaction().execute(async (tx) => {
      const first = await tx
        .insertInto('retention_review')
        .values({ rules: number, profile: rule, told_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .returning('profile')
        .executeTakeFirst();
      if (first === undefined) return;
      await notices.tell(tx, {
        ...{ to: { roles: ['compliance'] }, kind: 'retention.review', severity: 'action' },
        ...{ resource: rule, detail: { rules: number } },
      });
    });
  }
}
