import type { Selectable } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { EngagementTables } from '../../core/tables/engagements.ts';
import { entriesAbout, rootOfFirst, type StoredEntry } from '../../ledger/index.ts';
import { engagementError } from './engagement-error.ts';

export type SampleRow = Selectable<EngagementTables['engagement_sample']>;

/** Rejects with SAMPLE_UNKNOWN, also for one of another engagement. */
export async function sampleRow(
  db: Queryable,
  engagementId: string,
  id: string,
): Promise<SampleRow> {
  if (!isUuid(id)) throw unknownSample();
  const row = await db
    .selectFrom('engagement_sample')
    .selectAll()
    .where('id', '=', id)
    .where('engagement_id', '=', engagementId)
    .executeTakeFirst();
  if (row === undefined) throw unknownSample();
  return row;
}

/** Locks one that waits for its nonce. Rejects with SAMPLE_UNKNOWN, SAMPLE_STATE. */
export async function lockAsked(tx: Tx, engagementId: string, id: string): Promise<SampleRow> {
  await sampleRow(tx, engagementId, id);
  const row = await tx
    .selectFrom('engagement_sample')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.state === 'asked') return row;
  throw engagementError('SAMPLE_STATE', `the sample is ${row.state}`);
}

const unknownSample = () =>
  engagementError('SAMPLE_UNKNOWN', 'there is no such sample', 'sampleId');

/** The request's entry, and size and root of the first tree that holds it. */
export interface AskedTree {
  entry: StoredEntry;
  size: number;
  root: Buffer;
}

/** Undefined while the entry has no number yet. Rejects with LEDGER_RESTORING. */
export async function askedTree(db: Queryable, sampleId: string): Promise<AskedTree | undefined> {
  const [entry] = await entriesAbout(db, [sampleId], ['engagement.sample']);
  if (entry === undefined) return undefined;
  const size = entry.index + 1;
  return { entry, size, root: await rootOfFirst(db, size) };
}
