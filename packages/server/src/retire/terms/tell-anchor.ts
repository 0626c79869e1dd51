import type { Tx } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { parseDay } from '../../core/zone.ts';
import type { Anchor } from '../retention.ts';
import { type GivenTerm, giveTerm, type TermDeps } from './give-term.ts';

export type AnchorErrorCode = 'RECORD_UNKNOWN' | 'RECORD_DISPOSED' | 'RETENTION_DAY_INVALID';

/**
 * Tells the archive a day that periods count from, and gives the record its term by it, in the caller's
 * transaction, which locks the record's row and writes the ledger's entry. Told again, the newer day counts.
 * Resolves to undefined for a record that is still on its way: its term comes with `archived`. Rejects with
 * RECORD_UNKNOWN, RECORD_DISPOSED, RETENTION_DAY_INVALID.
 */
export async function tellAnchor(
  deps: TermDeps,
  tx: Tx,
  recordId: string,
  anchor: Anchor,
  day: string,
  actorId: string,
): Promise<GivenTerm | undefined> {
  if (parseDay(day) === undefined) {
    throw new ArchiveError('RETENTION_DAY_INVALID', 'is no day', { field: 'body/day' });
  }
  const record = await tx
    .selectFrom('record')
    .select('state')
    .where('id', '=', recordId)
    .forUpdate()
    .executeTakeFirst();
  if (record === undefined) {
    throw new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field: 'id' });
  }
  if (record.state === 'disposed') {
    throw new ArchiveError('RECORD_DISPOSED', `record ${recordId} is disposed of`);
  }
  const told = { day, told_by: actorId, told_at: deps.clock.now() };
  await tx
    .insertInto('record_anchor')
    .values({ record_id: recordId, anchor, ...told })
    .onConflict((conflict) => conflict.columns(['record_id', 'anchor']).doUpdateSet(told))
    .execute();
  return giveTerm(deps, tx, recordId);
}
