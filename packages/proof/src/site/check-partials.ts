import { entriesPath, TILE_WIDTH, tilePath } from '../log/tile-path.ts';
import { HASH_BYTES, hashLeaf } from '../log/tree-hash.ts';
import { type NamedTile, namedTile, type SiteFiles } from './site-files.ts';
import type { Findings } from './site-problem.ts';
import { type Hashes, wholeBundle } from './stored-tree.ts';

/** Files of a ledger folder that are neither tile nor bundle. */
const OTHERS = new Set(['checkpoint', 'witnessed']);

interface KnownTree {
  size: number;
  tiles: Hashes[][];
  /** The bundles of the newest tree, and their leaf hashes. */
  bundles: (Buffer[] | undefined)[];
  leaves: Hashes[];
  /** Of earlier logs, which had lost entries: how many of each are in this tree. */
  taken: readonly number[];
}

/**
 * Tiles and bundles of earlier sizes: each is the beginning of the tree's, and of no published size
 * one alone is there. `tiles` are the hashes of the tree, by level and index. Where an earlier log had lost
 * entries, files of those may be left over: they agree with the tree up to there.
 */
export async function checkPartials(
  files: SiteFiles,
  paths: readonly string[],
  tree: KnownTree,
  found: Findings,
): Promise<void> {
  const named: NamedTile[] = [];
  for (const path of paths) {
    const tile = namedTile(path);
    if (tile !== undefined) named.push(tile);
    else if (!OTHERS.has(path)) found.notice('FILE_UNKNOWN', path, 'is no part of a log');
  }
  const within = named.filter((tile) => endOf(tile) <= tree.size);
  const leftOver = new Set<NamedTile>();
  for (const tile of within) {
    if (tile.width === TILE_WIDTH || isTold(found, tile.path)) continue;
    if (await checkOne(files, tile, tree, found)) leftOver.add(tile);
  }
  const live = within.filter((tile) => !leftOver.has(tile));
  await checkPairs(files, live, found);
  const beyond = named.filter((tile) => endOf(tile) > tree.size);
  const largest = beyond.reduce((most, tile) => Math.max(most, endOf(tile)), 0);
  if (largest > 0) {
    const what = `covers ${tree.size} entries, and there are tiles up to ${largest}`;
    found.notice('BEYOND_CHECKPOINT', 'checkpoint', what);
  }
}

const isTold = (found: Findings, path: string) => found.problems.some((one) => one.file === path);

/** Size of the smallest tree that has the tile. */
function endOf({ level, index, width }: NamedTile): number {
  return (index * TILE_WIDTH + width) * TILE_WIDTH ** level;
}

/** Resolves to whether it is left over of a log before. */
async function checkOne(
  files: SiteFiles,
  tile: NamedTile,
  tree: KnownTree,
  found: Findings,
): Promise<boolean> {
  const right = tree.tiles[tile.level]?.[tile.index]?.slice(0, tile.width);
  const bytes = await files.read(tile.path);
  if (right === undefined || bytes === undefined) return false;
  const parts = tile.kind === 'hashes' ? cut(bytes) : wholeBundle(bytes);
  if (parts?.length !== tile.width) {
    found.problem('PARTIAL_WRONG', tile.path, `does not hold ${tile.width}`, firstOf(tile, 0));
    return false;
  }
  const isRight = tile.kind === 'hashes' ? sameHash : sameEntry(tree, tile.index);
  const at = parts.findIndex((part, n) => !isRight(part, right[n], n));
  if (at < 0) return false;
  if (isLeftOver(tile, at, tree.taken)) {
    const lost = 'is of entries that the log before had lost';
    found.notice('LEFT_OVER', tile.path, lost, firstOf(tile, at));
    return true;
  }
  const what = tile.kind === 'hashes' ? `hash ${at} is not the tree's` : 'is not what was logged';
  found.problem('PARTIAL_WRONG', tile.path, what, firstOf(tile, at));
  return false;
}

/** Whether a tile has the first entry that is not the log's before, and is wrong from there on only. */
export function isLeftOver(tile: NamedTile, wrongAt: number, taken: readonly number[]): boolean {
  return taken.some((size) => firstOf(tile, 0) <= size && size < firstOf(tile, wrongAt + 1));
}

/** The first part of a partial file that is not that of the tree's hashes; undefined where there is none. */
export function firstWrong(bytes: Uint8Array, tile: NamedTile, right: Hashes): number | undefined {
  const hashes = tile.kind === 'hashes' ? cut(bytes) : wholeBundle(bytes)?.map(hashLeaf);
  const at = hashes?.findIndex((hash, n) => !sameHash(hash, right?.[n])) ?? -1;
  return at < 0 ? undefined : at;
}

const sameHash = (hash: Buffer, right: Buffer | undefined) => right?.equals(hash) === true;

/** An entry that is the newest bundle's own needs no hash of its own: that one was hashed. */
function sameEntry({ bundles, leaves }: KnownTree, index: number) {
  return (entry: Buffer, right: Buffer | undefined, at: number): boolean => {
    if (right === undefined) return false;
    const known = leaves[index]?.[at]?.equals(right) === true ? bundles[index]?.[at] : undefined;
    return known?.equals(entry) === true || hashLeaf(entry).equals(right);
  };
}

function firstOf({ level, index }: NamedTile, at: number): number {
  return (index * TILE_WIDTH + at) * TILE_WIDTH ** level;
}

function cut(bytes: Uint8Array): Buffer[] | undefined {
  if (bytes.length % HASH_BYTES !== 0) return undefined;
  const source = Buffer.from(bytes);
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    source.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/** A published size has its bundle, its tile and the tile above, or none of them. */
async function checkPairs(
  files: SiteFiles,
  named: readonly NamedTile[],
  found: Findings,
): Promise<void> {
  const there = new Set(named.map(({ path }) => path));
  const demanded = new Set<string>();
  for (const { kind, level, index, width } of named) {
    if (level > 0 || width === TILE_WIDTH) continue;
    demanded.add(kind === 'entries' ? tilePath(0, index, width) : entriesPath(index, width));
    const above = index % TILE_WIDTH;
    if (above > 0) demanded.add(tilePath(1, Math.floor(index / TILE_WIDTH), above));
  }
  for (const path of demanded) {
    if (there.has(path) || isTold(found, path)) continue;
    // It may have been written since the folder was listed.
    if ((await files.read(path)) !== undefined) continue;
    found.problem('PARTIAL_MISSING', path, 'what belongs to it is there');
  }
}
