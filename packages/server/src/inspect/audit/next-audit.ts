import type { Queryable } from '../../core/database.ts';
import { addMonths, dayOf, formatDay, nextTimeOfDay, startOfDay } from '../../core/zone.ts';

/** When audits run by themselves: on a day of each month, at an hour of the archive's zone; day 0: never. */
export interface AuditSchedule {
  day: number;
  hour: number;
  timeZone: string;
}

/** The month's audit ('YYYY-MM') and when it is due. */
export interface DueAudit {
  month: string;
  at: Date;
}

/**
 * The next audit by schedule: the first that is due after the last one, or after the archive's first entry.
 * One that was due while the archive was down is due at once, and months that went by are one audit. Undefined where none is scheduled.
 */
export async function nextAudit(
  db: Queryable,
  schedule: AuditSchedule,
  now: Date,
): Promise<DueAudit | undefined> {
  if (schedule.day === 0) return undefined;
  const last = await db
    .selectFrom('audit_run')
    .select(({ fn }) => fn.max('scheduled_for').as('month'))
    .executeTakeFirst();
  const first = await db
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.min('sequenced_at').as('at'))
    .executeTakeFirst();
  for (let ahead = 0; ; ahead += 1) {
    const due = dueIn(schedule, now, ahead);
    if (due.month > (last?.month ?? '') && due.at >= (first?.at ?? now)) return due;
  }
}

function dueIn({ day, hour, timeZone }: AuditSchedule, now: Date, ahead: number): DueAudit {
  const { year, month } = addMonths({ ...dayOf(timeZone, now), day: 1 }, ahead);
  const midnight = startOfDay(timeZone, { year, month, day });
  const at = nextTimeOfDay(timeZone, new Date(midnight.getTime() - 1), { hour, minute: 0 });
  return { month: formatDay({ year, month, day }).slice(0, 7), at };
}
