import {
  type Checkpoint,
  hasLogCode,
  LogError,
  type NoteSigner,
  nodesOfTiles,
  readLog,
  treeRoot,
} from '@voxkeep/proof';
import type { Db } from '../core/database.ts';
import { decodeEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import type { LedgerStore } from './ports.ts';
import { tilesOf } from './read-entries.ts';
import {
  BATCH_ENTRIES,
  fence,
  insertNumbered,
  type NumberedEntry,
  openOwn,
  type SignedTree,
  saveCheckpoint,
} from './sequence-batch.ts';

/**
 * Looks at what a site holds before anything is written there. Resolves to the size of its tree,
 * and to the catalog's tree, which has grown when the site held entries that the catalog had lost.
 * Rejects with LEDGER_UNAVAILABLE, LEDGER_STORE_FOREIGN, LEDGER_FORKED, or LEDGER_DAMAGED when the
 * lost entries cannot be read back from there.
 */
export async function admitStore(
  db: Db,
  signer: NoteSigner,
  ours: SignedTree,
  store: LedgerStore,
): Promise<{ size: number; ours: SignedTree }> {
  const note = await store.get('checkpoint');
  if (note === undefined) return { size: 0, ours };
  const theirs = openOwn(note, signer, `site ${store.name}`);
  if (theirs.size > ours.tree.size) {
    const restored = await restoreEntries(db, ours, store, theirs, note.toString());
    return { size: theirs.size, ours: restored };
  }
  const root = await treeRoot(theirs.size, nodesOfTiles(tilesOf(db)));
  if (!root.equals(theirs.root)) throw forked(store, theirs);
  return { size: theirs.size, ours };
}

/** Reads the entries that the catalog has lost back from the site's log, once all is proven. */
async function restoreEntries(
  db: Db,
  ours: SignedTree,
  store: LedgerStore,
  theirs: Checkpoint,
  checkpoint: string,
): Promise<SignedTree> {
  const from = ours.tree.size;
  const roots: Buffer[] = [];
  const along = { sizes: [from], see: (_: number, root: Buffer) => void roots.push(root) };
  const files = (path: string) => store.get(path);
  const tree = ours.tree.copy();
  let signedAt = ours.signedAt;
  try {
    await db.transaction().execute(async (tx) => {
      await fence(tx, from);
      let batch: NumberedEntry[] = [];
      for await (const { index, entry: bytes } of readLog(files, theirs, along)) {
        if (index < from) continue;
        if (!roots[0]?.equals(ours.tree.root())) throw forked(store, theirs);
        const entry = decodeEntry(bytes);
        batch.push({ entry, bytes });
        signedAt = new Date(entry.time);
        if (batch.length < BATCH_ENTRIES && index < theirs.size - 1) continue;
        await insertNumbered(tx, tree, batch);
        batch = [];
      }
      await saveCheckpoint(tx, theirs.size, checkpoint, signedAt);
    });
  } catch (cause) {
    if (!(cause instanceof LogError && hasLogCode(cause, cause.code))) throw cause;
    throw ledgerError('LEDGER_DAMAGED', `the log at site ${store.name} does not verify`, { cause });
  }
  return { ...ours, tree, checkpoint, signedAt };
}

function forked(store: LedgerStore, theirs: Checkpoint) {
  return ledgerError(
    'LEDGER_FORKED',
    `site ${store.name} has a signed tree of ${theirs.size} that is not this one`,
  );
}
