import { buildInclusionProof, nodesOfTiles } from '@voxkeep/proof';
import type { Queryable } from '../core/database.ts';
import type { LedgerAction } from './actions.ts';
import { assertAllBack } from './entries-back.ts';
import { decodeEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import { latestCheckpoint, type StoredEntry, tilesOf } from './read-entries.ts';

/**
 * Every entry of these acts on these resources that went well, oldest first. Rejects with LEDGER_RESTORING
 * while some may still be at the sites alone.
 */
export async function entriesAbout(
  db: Queryable,
  resources: readonly string[],
  actions: readonly LedgerAction[],
): Promise<StoredEntry[]> {
  if (resources.length === 0) return [];
  await assertAllBack(db);
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['index', 'bytes'])
    .where('resource', 'in', [...resources])
    .where('action', 'in', [...actions])
    .where('outcome', '=', 'ok')
    .orderBy('index')
    .execute();
  return rows.map(({ index, bytes }) => ({
    ...{ index: Number(index), entry: decodeEntry(bytes), bytes },
  }));
}

/** Audit paths in the tree of `size` entries, as `inclusionProof` gives each; its tiles are read once. */
export async function inclusionProofs(
  db: Queryable,
  indices: readonly number[],
  size: number,
): Promise<Buffer[][]> {
  const known = (await latestCheckpoint(db))?.size ?? 0;
  if (size > known || indices.some((index) => index >= size)) {
    throw ledgerError('LEDGER_INDEX_UNKNOWN', `not within a signed tree of ${size}`);
  }
  const nodes = nodesOfTiles(tilesOf(db));
  const proofs: Buffer[][] = [];
  for (const index of indices) proofs.push(await buildInclusionProof(index, size, nodes));
  return proofs;
}
