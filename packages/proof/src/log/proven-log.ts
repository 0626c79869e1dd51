import { decodeBundle } from './entry-bundle.ts';
import { splitHashes } from './growing-tree.ts';
import { LogError } from './log-error.ts';
import { type LogFiles, readEither } from './read-log.ts';
import { entriesPath, TILE_WIDTH, tilePath } from './tile-path.ts';
import { HASH_BYTES, hashLeaf, rootOfHashes } from './tree-hash.ts';

/** A hash tile that was read, and is what the tree has there. */
export interface ProvenTile {
  level: number;
  index: number;
  hashes: Buffer;
}

/**
 * Reads any part of a log by itself: a full tile is proven by the hash that the tile above it has for it,
 * and so on up to one that is known to be right; entries by the tile of their hashes.
 */
export class ProvenLog {
  /** What was read and not known before, in no order. */
  readonly fresh: ProvenTile[] = [];
  readonly #files: LogFiles;
  readonly #known: (level: number, index: number) => Promise<Uint8Array | undefined>;
  readonly #tiles = new Map<string, Promise<Buffer>>();

  /** `known` has at least the unfinished tiles of the tree, each as wide as the tree has it. */
  constructor(
    files: LogFiles,
    known: (level: number, index: number) => Promise<Uint8Array | undefined>,
  ) {
    this.#files = files;
    this.#known = known;
  }

  /** The hashes of a tile of the tree. Rejects with LOG_TILE_BAD. */
  tile(level: number, index: number): Promise<Buffer> {
    const name = `${level}/${index}`;
    const reading = this.#tiles.get(name) ?? this.#read(level, index);
    this.#tiles.set(name, reading);
    return reading;
  }

  /** The entries of a bundle. Rejects with LOG_TILE_BAD. */
  async entries(bundle: number): Promise<Buffer[]> {
    const hashes = splitHashes(await this.tile(0, bundle));
    const path = (width: number) => entriesPath(bundle, width);
    const bytes = await readEither(this.#files, path, hashes.length);
    const entries = decodeBundle(bytes, hashes.length);
    for (const [at, entry] of entries.entries()) {
      if (hashes[at]?.equals(hashLeaf(entry)) === true) continue;
      const index = bundle * TILE_WIDTH + at;
      throw new LogError('LOG_TILE_BAD', `entry ${index} is not what was logged`);
    }
    return entries;
  }

  async #read(level: number, index: number): Promise<Buffer> {
    const known = await this.#known(level, index);
    if (known !== undefined) return Buffer.from(known);
    const path = tilePath(level, index);
    const above = await this.tile(level + 1, Math.floor(index / TILE_WIDTH));
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    const bytes = await this.#files(path);
    if (bytes === undefined) throw new LogError('LOG_TILE_BAD', `${path} is missing`);
    const whole = bytes.length === TILE_WIDTH * HASH_BYTES;
    if (!whole || !rootOfHashes(splitHashes(bytes)).equals(above.subarray(at, at + HASH_BYTES))) {
      throw new LogError('LOG_TILE_BAD', `${path} is not that of the signed tree`);
    }
    const hashes = Buffer.from(bytes);
    this.fresh.push({ level, index, hashes });
    return hashes;
  }
}
