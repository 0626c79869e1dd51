import { LogError } from './log-error.ts';
import { TILE_WIDTH, tileWidth } from './tile-path.ts';
import { HASH_BYTES, rootOfHashes } from './tree-hash.ts';

/** A tile that an append filled or made wider. */
export interface ChangedTile {
  level: number;
  index: number;
  /** All its hashes one after another; 256 of them when it is full. */
  hashes: Buffer;
}

/**
 * A tree that grows at its right edge. It holds the unfinished tile of each level, which is all
 * that appending and the root need.
 */
export class GrowingTree {
  #size = 0;
  readonly #edge: Buffer[][] = [];

  get size(): number {
    return this.#size;
  }

  /** Another tree at the same place, which grows by itself. */
  copy(): GrowingTree {
    const twin = new GrowingTree();
    twin.#size = this.#size;
    for (const level of this.#edge) twin.#edge.push([...level]);
    return twin;
  }

  /**
   * Takes a tree of `size` up again from its unfinished tiles, which `readTile` gives (longer ones
   * are cut). Rejects with LOG_TILE_BAD.
   */
  static async resume(
    size: number,
    readTile: (level: number, index: number) => Promise<Uint8Array | undefined>,
  ): Promise<GrowingTree> {
    const tree = new GrowingTree();
    tree.#size = size;
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, index, size);
      const bytes = width === 0 ? new Uint8Array() : await readTile(level, index);
      if (bytes === undefined || bytes.length < width * HASH_BYTES) {
        throw new LogError('LOG_TILE_BAD', `tile ${level}/${index} is missing or too short`);
      }
      tree.#edge.push(splitHashes(bytes, width));
    }
    return tree;
  }

  /** Appends leaf hashes; gives every tile that changed, in its new form. */
  append(leafHashes: readonly Buffer[]): ChangedTile[] {
    const full: ChangedTile[] = [];
    const touched = new Set<number>();
    for (const leaf of leafHashes) {
      this.#push(0, leaf, full, touched);
      this.#size += 1;
    }
    return [...full, ...this.unfinishedTiles().filter((tile) => touched.has(tile.level))];
  }

  /** The tile at the right edge of each level that has one which is not full. */
  unfinishedTiles(): ChangedTile[] {
    return this.#edge.flatMap((hashes, level) => {
      if (hashes.length === 0) return [];
      const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
      return [{ level, index, hashes: Buffer.concat(hashes) }];
    });
  }

  root(): Buffer {
    let right: Buffer | undefined;
    for (const hashes of this.#edge) {
      if (hashes.length === 0) continue;
      right = rootOfHashes(right === undefined ? hashes : [...hashes, right]);
    }
    return right ?? rootOfHashes([]);
  }

  #push(level: number, hash: Buffer, full: ChangedTile[], touched: Set<number>): void {
    const hashes = this.#edge[level] ?? [];
    this.#edge[level] = hashes;
    hashes.push(hash);
    touched.add(level);
    if (hashes.length < TILE_WIDTH) return;
    const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
    full.push({ level, index, hashes: Buffer.concat(hashes) });
    this.#edge[level] = [];
    this.#push(level + 1, rootOfHashes(hashes), full, touched);
  }
}

/** The first `count` hashes of a tile. */
export function splitHashes(tile: Uint8Array, count = tile.length / HASH_BYTES): Buffer[] {
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );
}
