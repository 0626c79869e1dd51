import {
  type Checkpoint,
  GrowingTree,
  hasLogCode,
  LogError,
  type NoteSigner,
  ProvenLog,
  readEither,
  tilePath,
  tileWidth,
} from '@voxkeep/proof';
import { decodeEntry, type LedgerEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import { type LogKey, openOwn } from './log-key.ts';
import type { LedgerStore } from './ports.ts';

export interface SignedLog {
  checkpoint: Checkpoint;
  /** With the cosignatures that it has. */
  note: string;
  /** As the log whose name it has: the archive's first one, or a successor. */
  signer: NoteSigner;
}

/** What a site's checkpoint says; undefined where there is none. Rejects with LEDGER_STORE_FOREIGN. */
export async function readSigned(store: LedgerStore, log: LogKey): Promise<SignedLog | undefined> {
  const note = await store.get('checkpoint');
  if (note === undefined) return undefined;
  return { ...openOwn(note, log, `site ${store.name}`), note: note.toString() };
}

/** The tree's unfinished tiles at a site, which give the signed root. Rejects with LEDGER_DAMAGED. */
export async function readEdge(
  store: LedgerStore,
  { size, root }: Checkpoint,
): Promise<GrowingTree> {
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

/** Any part of a site's log, proven by unfinished tiles of its tree. */
export function provenBy(store: LedgerStore, edge: GrowingTree): ProvenLog {
  const known = new Map(
    edge.unfinishedTiles().map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]),
  );
  return new ProvenLog(filesOf(store), async (level, index) => known.get(`${level}/${index}`));
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

export const filesOf = (store: LedgerStore) => (path: string) => store.get(path);

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

/** What does not verify is LEDGER_DAMAGED. */
export async function asDamage<T>(store: LedgerStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof LogError && hasLogCode(cause, cause.code))) throw cause;
    const message = `the log at site ${store.name} does not verify: ${cause.message}`;
    throw ledgerError('LEDGER_DAMAGED', message, { cause });
  }
}
