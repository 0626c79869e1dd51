import { sql } from 'kysely';
import { dayOf, formatDay } from '../../core/zone.ts';
import type { RecordState, Tier } from '../../record/vocabulary.ts';
import type { AuditContext, TermFacts } from './ports.ts';

const BATCH = 2_000;

/** What checks of retention look at of a record. */
export interface RecordFactsRow {
  id: string;
  state: string;
  tier: string | null;
  started_at: Date;
  archived_at: Date | null;
  facts: Record<string, unknown>;
  anchors: Record<string, string> | null;
}

/** All records of these states that were there at the audit's moment, in batches by id. */
export async function* recordsIn(
  { db, asOf, signal }: AuditContext,
  states: readonly RecordState[],
): AsyncGenerator<RecordFactsRow[]> {
  for (let after: string | undefined; ; ) {
    signal.throwIfAborted();
    let query = db
      .selectFrom('record')
      .select(['id', 'state', 'tier', 'started_at', 'archived_at', 'facts'])
      .select(
        sql<Record<string, string> | null>`(select jsonb_object_agg(a.anchor, a.day)
          from record_anchor a where a.record_id = record.id)`.as('anchors'),
      )
      .where('state', 'in', [...states])
      .where('received_at', '<=', asOf)
      .orderBy('id')
      .limit(BATCH);
    if (after !== undefined) query = query.where('id', '>', after);
    const rows = await query.execute();
    if (rows.length > 0) yield rows;
    after = rows.at(-1)?.id;
    if (rows.length < BATCH) return;
  }
}

/** What its retention is reckoned from; what nobody knows any more is left out, and gives the shorter term. */
export function termFactsOf(row: RecordFactsRow): TermFacts {
  const { classification } = row.facts as {
    classification?: { industry?: string; businessType?: string };
  };
  return {
    tier: (row.tier ?? 'basic') as Tier,
    startedAt: row.started_at,
    anchors: row.anchors ?? {},
    industry: classification?.industry,
    businessType: classification?.businessType,
  };
}

/** The day that an instant falls on, as 'YYYY-MM-DD'. */
export const dayText = (timeZone: string, at: Date): string => formatDay(dayOf(timeZone, at));
