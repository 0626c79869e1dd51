import type { Db } from '../../core/database.ts';
import { parseDay } from '../../core/zone.ts';
import type { RetentionRules } from '../../inspect/audit/index.ts';
import { dayInZone, formatDay } from '../../retire/calendar-day.ts';
import { ANCHORS, type Anchor, loadProfiles, type Profiles } from '../../retire/retention.ts';
import { termOf } from '../../retire/terms/index.ts';

/** Retention by the rules that were in force at a moment; those of the file before any were. */
export function rulesFor(
  db: Db,
  file: { text: string; name: string },
  timeZone: string,
): RetentionRules {
  const first = loadProfiles(file.text, file.name);
  const known = new Map<number, Profiles>();
  async function rulesAt(at: Date): Promise<Profiles> {
    const row = await db
      .selectFrom('retention_rules')
      .select('number')
      .where('in_force_at', '<=', at)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return first;
    const there = known.get(row.number);
    if (there !== undefined) return there;
    const { rules } = await db
      .selectFrom('retention_rules')
      .select('rules')
      .where('number', '=', row.number)
      .executeTakeFirstOrThrow();
    const profiles = loadProfiles(rules, `rules ${row.number}`);
    known.set(row.number, profiles);
    return profiles;
  }
  return {
    async termOf({ startedAt, anchors, ...facts }, at) {
      const called = formatDay(dayInZone(startedAt, timeZone));
      const { keepUntil, atMost, openEnded, rule } = termOf(await rulesAt(at), {
        ...{ ...facts, called, anchors: told(anchors) },
      });
      return { keepUntil, openEnded, rule, ...(atMost === undefined ? {} : { atMost }) };
    },
    async reviews(at) {
      const { profiles } = await rulesAt(at);
      return profiles.map(({ id, reviewBy }) => ({ rule: id, reviewBy }));
    },
  };
}

function told(anchors: Readonly<Record<string, string>>): Partial<Record<Anchor, string>> {
  const days: Partial<Record<Anchor, string>> = {};
  for (const anchor of ANCHORS) {
    const day = anchors[anchor];
    if (day !== undefined && parseDay(day) !== undefined) days[anchor] = day;
  }
  return days;
}
