import type { Queryable } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { Classification, MediaFacts, RenditionFacts } from '../record/facts.ts';
import type { RecordState, Tier } from '../record/vocabulary.ts';

/** What the steps leave in record.facts for the next: codec, counts, rules. No personal data. */
export interface StepFacts {
  media?: MediaFacts;
  findingCounts?: Record<string, number>;
  classification?: Classification;
  rendition?: RenditionFacts;
}

export interface RecordRow {
  id: RecordId;
  state: RecordState;
  tier: Tier | undefined;
  startedAt: Date;
  receivedAt: Date;
  facts: StepFacts;
}

/** The record, locked until the transaction ends when `lock` is set. */
export async function recordRow(db: Queryable, id: RecordId, lock = false): Promise<RecordRow> {
  let query = db.selectFrom('record').selectAll().where('id', '=', id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (row === undefined) throw new ArchiveError('RECORD_UNKNOWN', `no record ${id}`);
  return {
    id,
    state: row.state as RecordState,
    tier: (row.tier as Tier | null) ?? undefined,
    startedAt: row.started_at,
    receivedAt: row.received_at,
    facts: row.facts as StepFacts,
  };
}

/**
 * The facts of earlier steps, whole. Throws STEP_FACTS_MISSING: the table of steps makes sure that
 * they are there, so this is a damaged row.
 */
export function factsUpTo(row: RecordRow, last: 'media'): { media: MediaFacts };
export function factsUpTo(
  row: RecordRow,
  last: 'classification',
): { media: MediaFacts; classification: Classification; tier: Tier };
export function factsUpTo(row: RecordRow, last: 'media' | 'classification') {
  const { media, classification } = row.facts;
  if (media !== undefined && last === 'media') return { media };
  if (media !== undefined && classification !== undefined && row.tier !== undefined) {
    return { media, classification, tier: row.tier };
  }
  throw new ArchiveError('STEP_FACTS_MISSING', `record ${row.id} lacks facts of earlier steps`);
}
