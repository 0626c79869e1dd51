import { sql } from 'kysely';
import type { Db, Tx } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Tier } from '../record/vocabulary.ts';

export type IndexErrorCode = 'CALL_NOT_INDEXED';

/** Which call: the id alone does not say in which month's partition it lies. */
export interface CallKey {
  id: string;
  startedAt: Date;
}

/** What a person or a rule may change of a call after it was indexed. */
export interface Reclassification {
  tier?: Tier;
  issueType?: string;
  teamId?: string | null;
  segment?: string | null;
  industry?: string | null;
  /** Stored and protected, and nothing else: no search shows it to those who may not see it. */
  restricted?: boolean;
}

/** Changes a call's rows in the caller's transaction. Rejects with CALL_NOT_INDEXED. */
export async function reclassify(tx: Tx, key: CallKey, change: Reclassification): Promise<void> {
  const { tier, issueType, teamId, segment, industry, restricted } = change;
  const values = {
    ...(tier === undefined ? {} : { tier }),
    ...(issueType === undefined ? {} : { issue_type: issueType }),
    ...(teamId === undefined ? {} : { team_id: teamId }),
    ...(segment === undefined ? {} : { segment }),
    ...(industry === undefined ? {} : { industry }),
    ...(restricted === undefined ? {} : { restricted }),
  };
  if (Object.keys(values).length === 0) return;
  for (const table of ['call', 'call_text'] as const) {
    const done = await tx
      .updateTable(table)
      .set(values)
      .where('id', '=', key.id)
      .where('started_at', '=', key.startedAt)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) {
      throw new ArchiveError<IndexErrorCode>('CALL_NOT_INDEXED', `record ${key.id} is not indexed`);
    }
  }
}

/** Takes a record out of every search, in the caller's transaction. Nothing there: nothing done. */
export async function removeFromIndex(tx: Tx, key: CallKey): Promise<void> {
  for (const table of ['call', 'call_text'] as const) {
    await tx
      .deleteFrom(table)
      .where('id', '=', key.id)
      .where('started_at', '=', key.startedAt)
      .execute();
  }
  await tx.deleteFrom('call_leg').where('record_id', '=', key.id).execute();
  await tx.deleteFrom('call_ticket').where('record_id', '=', key.id).execute();
}

/**
 * Moves newly written entries from the pending lists into the inverted indexes, so that searches need not
 * read the lists through. To be run every minute or so; gives the number of pages it moved.
 */
export async function mergePendingEntries(db: Db): Promise<number> {
  const { rows } = await sql<{ pages: string | null }>`
    select sum(gin_clean_pending_list(i.indexrelid::regclass)) as pages
    from pg_inherits h
    join pg_index i on i.indexrelid = h.inhrelid
    where h.inhparent in ('call_text_tokens'::regclass, 'call_values'::regclass)`.execute(db);
  return Number(rows[0]?.pages ?? 0);
}
