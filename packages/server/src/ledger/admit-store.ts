import { isEarlierName, nodesOfTiles, TILE_WIDTH, treeRoot } from '@voxkeep/proof';
import type { Db } from '../core/database.ts';
import { ledgerError } from './ledger-error.ts';
import type { LogKey } from './log-key.ts';
import type { LedgerStore } from './ports.ts';
import { tilesOf } from './read-entries.ts';
import {
  BATCH_ENTRIES,
  fence,
  forgetShown,
  insertNumbered,
  type SignedTree,
  saveCheckpoint,
} from './sequence-batch.ts';
import {
  asDamage,
  provenBy,
  range,
  readEdge,
  readProven,
  readSigned,
  type SignedLog,
} from './signed-log.ts';

/**
 * Looks at what a site holds before anything is written there. Resolves to the size of its tree,
 * and to the catalog's tree, which has grown when the site held entries that the catalog had lost, and has
 * a later name when the site has one. A site that shows an earlier name is behind, if it shows no more than
 * this tree took over.
 * Rejects with LEDGER_UNAVAILABLE, LEDGER_STORE_FOREIGN, LEDGER_FORKED, LEDGER_RESTORING while that
 * cannot be told yet, or LEDGER_DAMAGED when the lost entries cannot be read back from there.
 */
export async function admitStore(
  db: Db,
  log: LogKey,
  ours: SignedTree,
  store: LedgerStore,
): Promise<{ size: number; ours: SignedTree }> {
  const signed = await readSigned(store, log);
  if (signed === undefined) return { size: 0, ours };
  const { size, root } = signed.checkpoint;
  const [here, there] = [ours.signer.name, signed.signer.name];
  if (size > ours.tree.size) {
    if (isEarlierName(there, here)) throw forked(store, size);
    return { size, ours: await restoreEntries(db, ours, store, signed) };
  }
  const known = await treeRoot(size, nodesOfTiles(tilesOf(db)));
  // A tree of a later name holds the entry by which it began, and would be larger.
  if (!known.equals(root) || isEarlierName(here, there)) throw forked(store, size);
  return { size, ours };
}

/** Reads the entries that the catalog has lost back from the site's log, proven by its signed root. */
async function restoreEntries(
  db: Db,
  ours: SignedTree,
  store: LedgerStore,
  { checkpoint, note, signer }: SignedLog,
): Promise<SignedTree> {
  const { size } = checkpoint;
  const from = ours.tree.size;
  const proven = provenBy(store, await readEdge(store, checkpoint));
  const tiles = nodesOfTiles((level, index) => proven.tile(level, index));
  const before = await asDamage(store, () => treeRoot(from, tiles));
  if (!before.equals(ours.tree.root())) throw forked(store, size);
  const tree = ours.tree.copy();
  let { signedAt } = ours;
  await db.transaction().execute(async (tx) => {
    await fence(tx, from);
    const last = Math.ceil(size / TILE_WIDTH);
    const atOnce = Math.floor(BATCH_ENTRIES / TILE_WIDTH);
    for (let bundle = Math.floor(from / TILE_WIDTH); bundle < last; bundle += atOnce) {
      const bundles = range(bundle, Math.min(last, bundle + atOnce));
      const entries = await readProven(store, proven, bundles);
      const lost = entries.slice(Math.max(0, from - bundle * TILE_WIDTH));
      await insertNumbered(tx, tree, lost);
      signedAt = new Date(lost.at(-1)?.entry.time ?? signedAt);
    }
    await saveCheckpoint(tx, signer.name, size, note, signedAt);
    if (signer.name !== ours.signer.name) await forgetShown(tx);
  });
  return { ...ours, signer, tree, checkpoint: note, signedAt };
}

function forked(store: LedgerStore, size: number) {
  return ledgerError(
    'LEDGER_FORKED',
    `site ${store.name} has a signed tree of ${size} that is not this one`,
  );
}
