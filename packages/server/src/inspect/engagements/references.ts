import type { EvidenceReference } from '@voxkeep/contract';
import type { Tx } from '../../core/database.ts';
import { engagementError } from './engagement-error.ts';

/** Throws EVIDENCE_REFERENCE_UNKNOWN, naming the place in `field`, for what is not there. */
export async function demandReferences(
  tx: Tx,
  references: readonly EvidenceReference[],
  field: string,
): Promise<void> {
  for (const [at, reference] of references.entries()) {
    if (await isThere(tx, reference)) continue;
    throw engagementError('EVIDENCE_REFERENCE_UNKNOWN', 'is not there', `${field}/${at}`);
  }
}

async function isThere(tx: Tx, { kind, id }: EvidenceReference): Promise<boolean> {
  if (kind === 'entry') {
    const entry = tx.selectFrom('ledger_entry').select('index').where('index', '=', id);
    return (await entry.executeTakeFirst()) !== undefined;
  }
  if (kind === 'audit') {
    const run = tx.selectFrom('audit_run').select('id').where('id', '=', id);
    return (await run.executeTakeFirst()) !== undefined;
  }
  const record = tx.selectFrom('record').select('id').where('id', '=', id);
  return (await record.executeTakeFirst()) !== undefined;
}
