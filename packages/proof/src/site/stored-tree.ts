import { decodeBundle } from '../log/entry-bundle.ts';
import { splitHashes } from '../log/growing-tree.ts';
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from '../log/tile-path.ts';
import { HASH_BYTES, hashLeaf, rootOfHashes } from '../log/tree-hash.ts';
import type { SiteFiles } from './site-files.ts';
import type { Findings } from './site-problem.ts';

/** Hashes of a tile, in order; undefined where the file does not give them. */
export type Hashes = Buffer[] | undefined;

/** What the files of a site say of the tree of one size, before any of it is believed. */
export interface StoredTree {
  size: number;
  /** Entries of each bundle; undefined where the bundle is missing or malformed. */
  bundles: (Buffer[] | undefined)[];
  /** Leaf hashes of those entries. */
  leaves: Hashes[];
  /** Hash tiles as stored, by level and index. */
  tiles: Hashes[][];
}

/**
 * Reads the bundles and tiles of the tree of `size` entries. A bundle or tile is read from its own
 * width's file, else from a wider one. What cannot be read is found out here, with its file.
 */
export async function readStoredTree(
  files: SiteFiles,
  size: number,
  found: Findings,
): Promise<StoredTree> {
  const tree: StoredTree = { size, bundles: [], leaves: [], tiles: [] };
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const tiles: Hashes[] = [];
    for (let index = 0; tileWidth(level, index, size) > 0; index += 1) {
      tiles.push(await readTile(files, level, index, tileWidth(level, index, size), found));
    }
    tree.tiles.push(tiles);
  }
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const entries = await readBundle(files, index, tileWidth(0, index, size), found);
    tree.bundles.push(entries);
    tree.leaves.push(entries?.map(hashLeaf));
  }
  return tree;
}

async function readTile(
  files: SiteFiles,
  level: number,
  index: number,
  width: number,
  found: Findings,
): Promise<Hashes> {
  const own = tilePath(level, index, width);
  let path = own;
  let bytes = await files.read(own);
  if (bytes === undefined && width < TILE_WIDTH) {
    path = tilePath(level, index);
    bytes = await files.read(path);
    if (bytes !== undefined) found.problem('PARTIAL_MISSING', own, 'only the wider form is there');
  }
  if (bytes === undefined) {
    found.problem('TILE_MISSING', own, 'a hash tile of the signed tree is not there');
    return undefined;
  }
  const expected = (path === own ? width : TILE_WIDTH) * HASH_BYTES;
  if (bytes.length === expected) return splitHashes(bytes, width);
  found.problem('TILE_WRONG', path, `has ${bytes.length} bytes, not ${expected}`);
  return undefined;
}

async function readBundle(
  files: SiteFiles,
  index: number,
  width: number,
  found: Findings,
): Promise<Buffer[] | undefined> {
  const own = entriesPath(index, width);
  const first = index * TILE_WIDTH;
  let path = own;
  let bytes = await files.read(own);
  if (bytes === undefined && width < TILE_WIDTH) {
    path = entriesPath(index);
    bytes = await files.read(path);
    if (bytes !== undefined) found.problem('PARTIAL_MISSING', own, 'only the wider form is there');
  }
  if (bytes === undefined) {
    found.problem('BUNDLE_MISSING', own, 'an entry bundle of the signed tree is not there', first);
    return undefined;
  }
  const entries = wholeBundle(bytes);
  const expected = path === own ? width : TILE_WIDTH;
  if (entries?.length === expected) return entries.slice(0, width);
  const holds = entries === undefined ? 'is cut' : `holds ${entries.length} entries`;
  found.problem('BUNDLE_BAD', path, `${holds}, not ${expected}`, first);
  return undefined;
}

/** Every entry of a bundle; undefined when it is no bundle. */
export function wholeBundle(bytes: Uint8Array): Buffer[] | undefined {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at < source.length; count += 1) {
    if (at + 2 > source.length) return undefined;
    at += 2 + source.readUInt16BE(at);
    if (at > source.length) return undefined;
  }
  return count > TILE_WIDTH ? undefined : decodeBundle(bytes, count);
}

/**
 * The tiles that the level-0 hashes give, level by level; undefined where a child is unknown.
 * `level0` are the hashes that are to be believed for the moment.
 */
export function tilesFrom(level0: readonly Hashes[], size: number): Hashes[][] {
  const levels: Hashes[][] = [[...level0]];
  for (let level = 1; TILE_WIDTH ** level <= size; level += 1) {
    const below = levels[level - 1] ?? [];
    const tiles: Hashes[] = [];
    for (let index = 0; tileWidth(level, index, size) > 0; index += 1) {
      const width = tileWidth(level, index, size);
      const children = below.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
      const hashes = children.map((child) => child && rootOfHashes(child));
      tiles.push(hashes.includes(undefined) ? undefined : (hashes as Buffer[]));
    }
    levels.push(tiles);
  }
  return levels;
}
