import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { decodeBundle } from './entry-bundle.ts';
import { type ChangedTile, GrowingTree } from './growing-tree.ts';
import { LogError } from './log-error.ts';
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from './tile-path.ts';
import { HASH_BYTES, hashLeaf } from './tree-hash.ts';

/** A log's files, wherever they are; undefined where there is no such file. */
export type LogFiles = (path: string) => Promise<Uint8Array | undefined>;

/** The signed tree head of the log. Undefined where there is no log; throws as openCheckpoint. */
export async function readCheckpoint(
  files: LogFiles,
  vkey: string,
): Promise<Checkpoint | undefined> {
  const note = await files('checkpoint');
  return note === undefined ? undefined : openCheckpoint(note, vkey);
}

/** Asks for the roots of earlier sizes while the log is read. */
export interface RootsAlong {
  sizes: readonly number[];
  see(size: number, root: Buffer): void;
}

/**
 * Reads every entry, bundle by bundle, and proves along the way that they are the signed ones: all
 * hash tiles have to be those of the entries, and the root that of the checkpoint. The last proof
 * comes after the last entry, so act on entries only once the whole has been read. Throws
 * LOG_TILE_BAD.
 */
export async function* readLog(
  files: LogFiles,
  checkpoint: Checkpoint,
  along?: RootsAlong,
): AsyncGenerator<{ index: number; entry: Buffer }> {
  const tree = new GrowingTree();
  const { size } = checkpoint;
  if (along?.sizes.includes(0)) along.see(0, tree.root());
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle += 1) {
    const first = bundle * TILE_WIDTH;
    const width = tileWidth(0, bundle, size);
    const bytes = await readEither(files, (wide) => entriesPath(bundle, wide), width);
    const entries = decodeBundle(bytes, width);
    const within = (along?.sizes ?? []).filter((at) => at > first && at <= first + width);
    for (const end of new Set([...within.sort((a, b) => a - b), first + width])) {
      const leaves = entries.slice(tree.size - first, end - first).map(hashLeaf);
      for (const tile of tree.append(leaves)) {
        if (tile.hashes.length === TILE_WIDTH * HASH_BYTES) await checkTile(files, tile, size);
      }
      if (within.includes(end)) along?.see(end, tree.root());
    }
    for (const [at, entry] of entries.entries()) yield { index: first + at, entry };
  }
  for (const tile of tree.unfinishedTiles()) await checkTile(files, tile, size);
  if (!tree.root().equals(checkpoint.root)) {
    throw new LogError('LOG_TILE_BAD', 'the entries do not give the signed root');
  }
}

/** Bytes of a partial file, or of the full one that has replaced it. Throws LOG_TILE_BAD. */
export async function readEither(
  files: LogFiles,
  path: (width: number) => string,
  width: number,
): Promise<Uint8Array> {
  const bytes = (await files(path(width))) ?? (await files(path(TILE_WIDTH)));
  if (bytes !== undefined) return bytes;
  throw new LogError('LOG_TILE_BAD', `${path(width)} is missing`);
}

async function checkTile(files: LogFiles, tile: ChangedTile, size: number): Promise<void> {
  const width = tileWidth(tile.level, tile.index, size);
  const path = (wide: number) => tilePath(tile.level, tile.index, wide);
  const bytes = await readEither(files, path, width);
  const whole = bytes.length === width * HASH_BYTES || bytes.length === TILE_WIDTH * HASH_BYTES;
  if (!whole || !tile.hashes.equals(bytes.subarray(0, width * HASH_BYTES))) {
    throw new LogError('LOG_TILE_BAD', `${path(width)} does not hold the hashes of the entries`);
  }
}
