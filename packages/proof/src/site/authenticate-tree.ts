import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from '../log/tile-path.ts';
import { emptyRoot, rootOfHashes } from '../log/tree-hash.ts';
import type { Findings } from './site-problem.ts';
import { type Hashes, type StoredTree, tilesFrom } from './stored-tree.ts';

/**
 * The hashes that the signed root vouches for, by level and tile, and what at the site is not so.
 * A tile that fails is tried again as the entries below it give it, so that one wrong file is not
 * taken for many. Where nothing gives the signed root, `authentic` is what the files say.
 */
export function authenticateTree(
  stored: StoredTree,
  root: Uint8Array,
  found: Findings,
): { tiles: Hashes[][]; vouchedFor: boolean } {
  const { size, leaves, tiles } = stored;
  const byEntries = tilesFrom(
    leaves.map((one, at) => one ?? tiles[0]?.[at]),
    size,
  );
  const byTiles = tilesFrom(
    leaves.map((one, at) => tiles[0]?.[at] ?? one),
    size,
  );
  const readings = [tiles, byEntries, byTiles];
  const edges = findEdges(readings, size, root);
  if (edges === undefined) {
    found.problem('ROOT_WRONG', 'checkpoint', 'the files do not give the signed root');
    checkSelf(stored, byEntries, found);
    return { tiles: byEntries, vouchedFor: false };
  }
  const authentic: Hashes[][] = tiles.map(() => []);
  for (let level = tiles.length - 1; level >= 0; level -= 1) {
    for (let index = 0; tileWidth(level, index, size) > 0; index += 1) {
      const width = tileWidth(level, index, size);
      const expected = authentic[level + 1]?.[Math.floor(index / TILE_WIDTH)]?.[index % TILE_WIDTH];
      const fits = (one: Hashes) =>
        width < TILE_WIDTH
          ? same(one, edges[level])
          : one !== undefined && expected !== undefined && rootOfHashes(one).equals(expected);
      const right = readings.map((reading) => reading[level]?.[index]).find(fits);
      (authentic[level] ?? [])[index] = right ?? (width < TILE_WIDTH ? edges[level] : undefined);
      judgeTile(stored, level, index, authentic[level]?.[index], found);
    }
  }
  return { tiles: authentic, vouchedFor: true };
}

/** Says whether the stored tile, and at level 0 the bundle, are those of the authentic hashes. */
function judgeTile(
  stored: StoredTree,
  level: number,
  index: number,
  right: Hashes,
  found: Findings,
): void {
  const width = tileWidth(level, index, stored.size);
  const path = tilePath(level, index, width);
  const tile = stored.tiles[level]?.[index];
  if (tile !== undefined && !same(tile, right)) {
    const at = right === undefined ? -1 : tile.findIndex((hash, n) => !right[n]?.equals(hash));
    const where = at < 0 ? 'is not that of the signed tree' : `hash ${at} is not the tree's`;
    found.problem('TILE_WRONG', path, where, firstEntry(level, index, Math.max(0, at)));
  }
  if (level > 0) return;
  const leaves = stored.leaves[index];
  if (leaves === undefined) return;
  const known = right ?? tile;
  const wrong = leaves.flatMap((leaf, n) => (known?.[n]?.equals(leaf) === true ? [] : [n]));
  if (wrong.length === 0 && right !== undefined) return;
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more in this bundle` : '';
  const first = index * TILE_WIDTH + (wrong[0] ?? 0);
  found.problem('ENTRY_CHANGED', entriesPath(index, width), `is not what was logged${more}`, first);
}

/** Without a root to trust: where entries and tiles contradict each other. */
function checkSelf(stored: StoredTree, computed: Hashes[][], found: Findings): void {
  for (const [level, tiles] of stored.tiles.entries()) {
    for (const [index, tile] of tiles.entries()) {
      const other = computed[level]?.[index];
      if (tile === undefined || other === undefined || same(tile, other)) continue;
      const at = Math.max(
        0,
        tile.findIndex((hash, n) => !other[n]?.equals(hash)),
      );
      const path = tilePath(level, index, tile.length);
      const what = 'entries and hash tile contradict each other';
      found.problem('TILE_WRONG', path, what, firstEntry(level, index, at));
    }
  }
}

function firstEntry(level: number, index: number, at: number): number {
  return (index * TILE_WIDTH + at) * TILE_WIDTH ** level;
}

/**
 * The unfinished tile of each level, of which each is taken from one of the readings, such that all
 * together give the root; undefined when no choice does.
 */
function findEdges(
  readings: readonly Hashes[][][],
  size: number,
  root: Uint8Array,
): Hashes[] | undefined {
  const levels = readings[0]?.length ?? 0;
  const choices = Array.from({ length: levels }, (_, level) => {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    if (tileWidth(level, index, size) === 0) return [[] as Buffer[]];
    const known = readings.flatMap((reading) => reading[level]?.[index] ?? []).length;
    const all = readings.map((reading) => reading[level]?.[index]);
    const distinct = all.filter((one, at) => !all.slice(0, at).some((other) => same(one, other)));
    return known === 0 ? [] : distinct.filter((one) => one !== undefined);
  });
  const pick = (level: number, right: Buffer | undefined): Hashes[] | undefined => {
    if (level === levels) {
      return Buffer.compare(right ?? emptyRoot(), root) === 0 ? [] : undefined;
    }
    for (const hashes of choices[level] ?? []) {
      const all = right === undefined ? hashes : [...hashes, right];
      const above = hashes.length === 0 ? right : rootOfHashes(all);
      const rest = pick(level + 1, above);
      if (rest !== undefined) return [hashes, ...rest];
    }
    return undefined;
  };
  return pick(0, undefined);
}

export function same(one: Hashes, other: Hashes): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((hash, at) => other[at]?.equals(hash));
}
