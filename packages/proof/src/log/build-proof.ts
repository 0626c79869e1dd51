import { LogError } from './log-error.ts';
import { TILE_WIDTH } from './tile-path.ts';
import { hashNode, largestPowerBelow, rootOfHashes } from './tree-hash.ts';

/** Gives the hash of the perfect subtree of 2^level entries that begins at index × 2^level. */
export type NodeReader = (level: number, index: number) => Promise<Uint8Array>;

/** Gives the hashes of a tile one after another, at least as many as the tree asked about has. */
export type TileReader = (level: number, index: number) => Promise<Uint8Array>;

const TILE_HEIGHT = 8;

/** Reads single nodes out of tiles; each tile is fetched once. */
export function nodesOfTiles(readTile: TileReader): NodeReader {
  const tiles = new Map<string, Promise<Uint8Array>>();
  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const below = 2 ** (level % TILE_HEIGHT);
    const first = index * below;
    const tileIndex = Math.floor(first / TILE_WIDTH);
    const name = `${tileLevel}/${tileIndex}`;
    const reading = tiles.get(name) ?? readTile(tileLevel, tileIndex);
    tiles.set(name, reading);
    const tile = await reading;
    const offset = first - tileIndex * TILE_WIDTH;
    if (tile.length < (offset + below) * 32) {
      throw new LogError('LOG_TILE_BAD', `tile ${name} has ${tile.length} bytes`);
    }
    const hashes = [];
    for (let at = offset; at < offset + below; at += 1) {
      hashes.push(tile.subarray(at * 32, (at + 1) * 32));
    }
    return rootOfHashes(hashes);
  };
}

/** Root of the first `size` entries. */
export async function treeRoot(size: number, nodes: NodeReader): Promise<Buffer> {
  checkSize(size, size);
  return size === 0 ? rootOfHashes([]) : rangeHash(0, size, nodes);
}

/** Audit path of an entry (RFC 6962, section 2.1.1), from the leaf up. Throws LOG_RANGE_BAD. */
export async function buildInclusionProof(
  index: number,
  size: number,
  nodes: NodeReader,
): Promise<Buffer[]> {
  checkSize(index, size - 1);
  const path = async (low: number, high: number): Promise<Buffer[]> => {
    if (high - low === 1) return [];
    const middle = low + largestPowerBelow(high - low);
    if (index < middle) {
      return [...(await path(low, middle)), await rangeHash(middle, high, nodes)];
    }
    return [...(await path(middle, high)), await rangeHash(low, middle, nodes)];
  };
  return path(0, size);
}

/**
 * Consistency proof between two sizes of one tree (RFC 6962, section 2.1.2). Empty when the sizes
 * are equal or the older tree is empty. Throws LOG_RANGE_BAD.
 */
export async function buildConsistencyProof(
  fromSize: number,
  toSize: number,
  nodes: NodeReader,
): Promise<Buffer[]> {
  checkSize(fromSize, toSize);
  if (fromSize === 0 || fromSize === toSize) return [];
  const path = async (low: number, high: number, whole: boolean): Promise<Buffer[]> => {
    if (fromSize === high) return whole ? [] : [await rangeHash(low, high, nodes)];
    const middle = low + largestPowerBelow(high - low);
    if (fromSize <= middle) {
      return [...(await path(low, middle, whole)), await rangeHash(middle, high, nodes)];
    }
    return [...(await path(middle, high, false)), await rangeHash(low, middle, nodes)];
  };
  return path(0, toSize, true);
}

/** Hash of a range whose start is a multiple of the power of two that its length needs. */
async function rangeHash(low: number, high: number, nodes: NodeReader): Promise<Buffer> {
  const level = Math.log2(high - low);
  if (Number.isInteger(level)) return Buffer.from(await nodes(level, low / (high - low)));
  const middle = low + largestPowerBelow(high - low);
  return hashNode(await rangeHash(low, middle, nodes), await rangeHash(middle, high, nodes));
}

function checkSize(value: number, most: number): void {
  if (!Number.isSafeInteger(value) || !Number.isSafeInteger(most) || value < 0 || value > most) {
    throw new LogError('LOG_RANGE_BAD', `${value} is not within a tree of ${most}`);
  }
}
