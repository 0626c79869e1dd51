import type { Approval, CertifiedRun } from '@voxkeep/proof';
import type { Tx } from '../../../core/database.ts';
import { entriesAbout, notYet, type StoredEntry } from '../../../ledger/index.ts';

/** What a certificate says of the run that a record went in, and the entries that prove it. */
export async function certifiedRun(
  tx: Tx,
  id: string,
): Promise<{ run: CertifiedRun; carried: StoredEntry[] }> {
  const row = await tx
    .selectFrom('disposal_run')
    .select(['kind', 'as_of', 'proposed_by', 'proposed_at', 'canonical'])
    .where('id', '=', id)
    .executeTakeFirst();
  const carried = await entriesAbout(tx, [id], ['disposal.approve']);
  const approvals = carried.map(approvalOf);
  if (row?.canonical != null && approvals.length === 0) throw notYet(`the approvals of ${id}`);
  const run: CertifiedRun = {
    id,
    ...(row === undefined ? {} : { kind: row.kind === 'chosen' ? 'chosen' : 'due' }),
    ...(row === undefined ? {} : { asOf: row.as_of, proposedBy: row.proposed_by }),
    ...(row === undefined ? {} : { proposedAt: row.proposed_at.toISOString() }),
    ...(row?.canonical == null ? {} : { signed: row.canonical }),
    ...(approvals.length === 0 ? { alone: true } : { approvals }),
  };
  return { run, carried };
}

function approvalOf({ index, entry: { actor, at, detail } }: StoredEntry): Approval {
  const passkey = detail?.['passkey'];
  return {
    ...{ entry: index, at, account: actor.id, role: actor.role },
    ...(typeof passkey === 'string' ? { keyId: passkey } : {}),
  };
}
