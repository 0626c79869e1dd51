import { sql } from 'kysely';
import { z } from 'zod';
import type { Queryable } from '../../core/database.ts';
import { TIERS } from '../../record/vocabulary.ts';
import { dayInZone, formatDay } from '../calendar-day.ts';
import { ANCHORS, type RetentionCase } from '../retention.ts';
import { type Term, type TermDays, TermWhy } from './term.ts';

/** A record as its rules look at it, and the term that it has. */
export interface RecordCase {
  recordId: string;
  case: RetentionCase;
  term?: TermDays & { rule: string; rules: number };
}

const Told = z.partialRecord(z.enum(ANCHORS), z.iso.date());
const TierOf = z.enum(TIERS);

/** Those of the records that are classified and not disposed of, by id. */
export async function recordCases(
  db: Queryable,
  recordIds: readonly string[],
  timeZone: string,
): Promise<RecordCase[]> {
  const rows = await db
    .selectFrom('record as r')
    .leftJoin('record_term as t', 't.record_id', 'r.id')
    .select(['r.id', 'r.tier', 'r.started_at'])
    .select(['t.keep_until', 't.open_ended', 't.at_most', 't.due_on', 't.rule', 't.rules'])
    .select([
      sql<string | null>`r.facts->'classification'->>'industry'`.as('industry'),
      sql<string | null>`r.facts->'classification'->>'businessType'`.as('business_type'),
      sql<unknown>`(select jsonb_object_agg(a.anchor, a.day) from record_anchor a
        where a.record_id = r.id)`.as('anchors'),
    ])
    .where('r.id', 'in', [...recordIds])
    .where('r.tier', 'is not', null)
    .where('r.state', '!=', 'disposed')
    .orderBy('r.id')
    .execute();
  return rows.map((row) => {
    const { keep_until: keepUntil, open_ended: openEnded, rule, rules } = row;
    const given = keepUntil !== null && openEnded !== null && rule !== null && rules !== null;
    return {
      recordId: row.id,
      case: {
        tier: TierOf.parse(row.tier),
        industry: row.industry ?? undefined,
        businessType: row.business_type ?? undefined,
        called: formatDay(dayInZone(row.started_at, timeZone)),
        anchors: Told.parse(row.anchors ?? {}),
      },
      ...(given
        ? {
            term: {
              ...daysOf({ ...row, keep_until: keepUntil, open_ended: openEnded }),
              rule,
              rules,
            },
          }
        : {}),
    };
  });
}

/** A row's days. */
export const daysOf = (row: {
  keep_until: string;
  open_ended: boolean;
  at_most: string | null;
  due_on: string | null;
}): TermDays => ({
  ...{ keepUntil: row.keep_until, openEnded: row.open_ended },
  ...(row.at_most === null ? {} : { atMost: row.at_most }),
  ...(row.due_on === null ? {} : { dueOn: row.due_on }),
});

/** The term that a record has; undefined where it was given none yet. */
export async function storedTerm(
  db: Queryable,
  recordId: string,
): Promise<(Term & { rules: number }) | undefined> {
  const row = await db
    .selectFrom('record_term')
    .selectAll()
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { ...daysOf(row), rule: row.rule, rules: row.rules, why: TermWhy.parse(row.why) };
}
