import {
  type Checkpoint,
  GrowingTree,
  hasLogCode,
  LogError,
  type NoteSigner,
  noteSigner,
  ProvenLog,
  readEither,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '@voxkeep/proof';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { admitStore } from './admit-store.ts';
import { decodeEntry, type LedgerEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import type { LedgerStore } from './ports.ts';
import {
  BATCH_ENTRIES,
  fence,
  insertEntries,
  insertTiles,
  loadTree,
  openOwn,
  saveCheckpoint,
} from './sequence-batch.ts';

interface SignedLog {
  origin: string;
  signingKey: Uint8Array;
}

/**
 * Whether a site has a log that this archive signed, whose unfinished tiles give the signed root. Resolves
 * to its size. Rejects with LEDGER_DAMAGED also where there is none, LEDGER_STORE_FOREIGN, LEDGER_UNAVAILABLE.
 */
export async function checkLog(store: LedgerStore, log: SignedLog): Promise<number> {
  const { checkpoint } = await readSigned(store, signerOf(log));
  await readEdge(store, checkpoint);
  return checkpoint.size;
}

/**
 * Takes the newest entries of a site's log into an empty catalog, proven by the signed root; `see` is
 * told of each. Older ones come back behind, through the sequencer. May be repeated. Rejects as
 * `checkLog` does.
 */
export async function restoreLog(
  deps: { db: Db; clock: Clock },
  store: LedgerStore,
  log: SignedLog,
  wanted: { newest: number; see?(entry: LedgerEntry): void },
): Promise<{ size: number; from: number }> {
  const { db, clock } = deps;
  const signer = signerOf(log);
  const ours = await loadTree(db, signer, clock);
  if (ours.tree.size > 0) {
    // Begun before: what has come since is read back as after any loss.
    const { size } = await admitStore(db, signer, ours, store);
    return { size, from: 0 };
  }
  const { checkpoint, note } = await readSigned(store, signer);
  const { size } = checkpoint;
  const edge = await readEdge(store, checkpoint);
  const tiles = edge.unfinishedTiles();
  const known = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const proven = new ProvenLog(filesOf(store), async (level, index) =>
    known.get(`${level}/${index}`),
  );
  const from = Math.floor(Math.max(0, size - wanted.newest) / TILE_WIDTH) * TILE_WIDTH;
  await db.transaction().execute(async (tx) => {
    await fence(tx, 0);
    let signedAt = ours.signedAt;
    const perBatch = Math.floor(BATCH_ENTRIES / TILE_WIDTH);
    const last = Math.ceil(size / TILE_WIDTH);
    for (let bundle = from / TILE_WIDTH; bundle < last; bundle += perBatch) {
      const bundles = range(bundle, Math.min(last, bundle + perBatch));
      const entries = await readProven(store, proven, bundles);
      for (const { entry } of entries) wanted.see?.(entry);
      await insertEntries(tx, entries);
      signedAt = new Date(entries.at(-1)?.entry.time ?? signedAt);
    }
    // Those that the range has at each level, though all below them are older.
    for (let level = 1; TILE_WIDTH ** (level + 1) <= size; level += 1) {
      const first = Math.floor(from / TILE_WIDTH ** (level + 1));
      for (let index = first; tileWidth(level, index, size) > 0; index += 1) {
        await proven.tile(level, index);
      }
    }
    await insertTiles(tx, [...tiles, ...proven.fresh]);
    await saveCheckpoint(tx, size, note, signedAt);
    await tx.updateTable('ledger_state').set({ entries_from: from }).execute();
  });
  return { size, from };
}

/** Entries of bundles, in order. Rejects with LEDGER_DAMAGED, or as the store does. */
export async function readProven(
  store: LedgerStore,
  proven: ProvenLog,
  bundles: readonly number[],
): Promise<{ entry: LedgerEntry; bytes: Buffer }[]> {
  const read = await asDamage(store, () =>
    Promise.all(bundles.map((bundle) => proven.entries(bundle))),
  );
  return read.flat().map((bytes) => ({ entry: decodeEntry(bytes), bytes }));
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

export const filesOf = (store: LedgerStore) => (path: string) => store.get(path);

async function readSigned(
  store: LedgerStore,
  signer: NoteSigner,
): Promise<{ checkpoint: Checkpoint; note: string }> {
  const note = await store.get('checkpoint');
  if (note === undefined) throw ledgerError('LEDGER_DAMAGED', `site ${store.name} has no log`);
  return { checkpoint: openOwn(note, signer, `site ${store.name}`), note: note.toString() };
}

async function readEdge(store: LedgerStore, { size, root }: Checkpoint): Promise<GrowingTree> {
  return asDamage(store, async () => {
    const tree = await GrowingTree.resume(size, (level, index) =>
      readEither(
        filesOf(store),
        (width) => tilePath(level, index, width),
        tileWidth(level, index, size),
      ),
    );
    if (tree.root().equals(root)) return tree;
    throw new LogError('LOG_TILE_BAD', 'the tiles do not give the signed root');
  });
}

async function asDamage<T>(store: LedgerStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof LogError && hasLogCode(cause, cause.code))) throw cause;
    const message = `the log at site ${store.name} does not verify: ${cause.message}`;
    throw ledgerError('LEDGER_DAMAGED', message, { cause });
  }
}

const signerOf = ({ origin, signingKey }: SignedLog): NoteSigner => noteSigner(origin, signingKey);
