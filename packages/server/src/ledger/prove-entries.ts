import type { ProvenEntry } from '@voxkeep/proof';
import type { Queryable } from '../core/database.ts';
import { inclusionProofs } from './entries-about.ts';
import { type StoredEntry, servedCheckpoint } from './read-entries.ts';
import { notYet, whenLedgered } from './when-ledgered.ts';

/** Entries with their audit paths to one signed checkpoint, as documents carry them. */
export interface LedgerProof {
  checkpoint: string;
  size: number;
  entries: ProvenEntry[];
}

/**
 * What proves these entries without the log, each once and in its order: by the newest checkpoint that may be shown,
 * which is waited for where it does not hold them yet. Rejects with LEDGER_UNAVAILABLE, LEDGER_RESTORING, retry later.
 */
export async function proveEntries(
  db: Queryable,
  entries: readonly StoredEntry[],
): Promise<LedgerProof> {
  const each = new Map(entries.map((one) => [one.index, one]));
  const inOrder = [...each.values()].toSorted((one, other) => one.index - other.index);
  const last = inOrder.at(-1)?.index ?? -1;
  const { checkpoint, size } = await whenLedgered(async () => {
    const newest = await servedCheckpoint(db);
    if (newest === undefined || newest.size <= last) throw notYet('the newest entries');
    return newest;
  });
  const paths = await inclusionProofs(
    db,
    inOrder.map(({ index }) => index),
    size,
  );
  return {
    ...{ checkpoint, size },
    entries: inOrder.map(({ index, bytes }, at) => ({
      ...{ index, entry: bytes.toString('utf8') },
      hashes: (paths[at] ?? []).map((hash) => hash.toString('base64')),
    })),
  };
}
