import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import { dayOf, formatDay, parseDay, startOfDay } from '../../core/zone.ts';
import { type Profiles, plusPeriod } from '../retention.ts';
import type { NeededDeps } from './ports.ts';

/** How long a sensitive original is needed, and why. Days are 'YYYY-MM-DD' in the archive's zone. */
export interface Needed {
  /** The moment at which its key may go. */
  until: Date;
  /** After it was archived, by the rules. */
  days: number;
  /** The business type whose own time it is. */
  businessType?: string;
  /** The day that two approvers granted, where it is the later one. */
  grantedUntil?: string;
  /** The latest day that anybody may grant. */
  atMost: string;
}

/**
 * For how long a record's original is needed by the rules in force and what was granted; undefined where none
 * waits, because the record is not sensitive. A shorter time in the rules shortens no wait that has begun: each
 * is looked at again when the time that it was given is over, not before.
 */
export async function neededUntil(
  deps: NeededDeps,
  db: Queryable,
  recordId: string,
): Promise<Needed | undefined> {
  const row = await db
    .selectFrom('record')
    .select(['tier', 'archived_at'])
    .select(sql<string | null>`facts->'classification'->>'businessType'`.as('business_type'))
    .where('id', '=', recordId)
    .executeTakeFirst();
  if (row?.tier !== 'sensitive') return undefined;
  const { profiles } = await deps.rules.inForce(db);
  const rule = neededDays(profiles, row.business_type ?? undefined, deps.sensitiveOriginalDays);
  const archivedAt = row.archived_at ?? deps.clock.now();
  const byRule = new Date(archivedAt.getTime() + rule.days * 86_400_000);
  const granted = await db
    .selectFrom('original_wait')
    .select(({ fn }) => fn.max('until').as('until'))
    .where('record_id', '=', recordId)
    .where('state', '=', 'granted')
    .executeTakeFirst();
  const grantedUntil = granted?.until ?? undefined;
  const byGrant = grantedUntil === undefined ? undefined : beginOf(deps.timeZone, grantedUntil);
  const later = byGrant !== undefined && byGrant > byRule;
  const archivedOn = formatDay(dayOf(deps.timeZone, archivedAt));
  return {
    ...rule,
    until: later ? byGrant : byRule,
    ...(later && grantedUntil !== undefined ? { grantedUntil } : {}),
    atMost: plusPeriod(archivedOn, { days: profiles.originals?.atMost.days ?? MOST_DAYS }),
  };
}

/** Of a wait that two approvers grant, from when the record was archived, where the rules name no other. */
const MOST_DAYS = 365;

/** By the record's business type, or else by what holds for all. */
export function neededDays(
  { originals }: Pick<Profiles, 'originals'>,
  businessType: string | undefined,
  otherwise: number,
): { days: number; businessType?: string } {
  const own = Object.entries(originals?.byBusinessType ?? {}).find(([of]) => of === businessType);
  if (own !== undefined) return { days: own[1].days, businessType: own[0] };
  return { days: originals?.default?.days ?? otherwise };
}

function beginOf(timeZone: string, text: string): Date {
  const day = parseDay(text);
  if (day === undefined) throw new RangeError(`${text} is no day`);
  return startOfDay(timeZone, day);
}
