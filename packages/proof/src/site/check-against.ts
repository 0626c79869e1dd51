import { nodesOfTiles, treeRoot } from '../log/build-proof.ts';
import { isEarlierName } from '../log/log-name.ts';
import { TILE_WIDTH } from '../log/tile-path.ts';
import { firstWrong, isLeftOver } from './check-partials.ts';
import type { Succession } from './check-successions.ts';
import { openSiteNote, type SiteNote } from './open-site-note.ts';
import { type NamedTile, namedTile, type SiteFiles } from './site-files.ts';
import { Findings } from './site-problem.ts';
import { type Hashes, readStoredTree } from './stored-tree.ts';

/** What the log looks like elsewhere: another site's folder, or a checkpoint alone. */
export interface Elsewhere {
  /** As people name it: a folder, an address, a file. */
  name: string;
  /** Its checkpoint. */
  note: Uint8Array;
  /** Undefined for a checkpoint alone. */
  files?: SiteFiles;
}

interface OwnTree {
  origin: string;
  /** The logs that this one goes on from. */
  successions: readonly Succession[];
  size: number;
  tiles: Hashes[][];
  files: SiteFiles;
  paths: readonly string[];
}

/** Whether the tree here and a tree that was signed elsewhere are one history, and who has less. */
export async function checkAgainst(
  elsewhere: Elsewhere,
  own: OwnTree,
  keys: { vkey: string; witnesses: readonly string[] },
  found: Findings,
): Promise<void> {
  const other = openSiteNote(elsewhere.name, elsewhere.note, keys, found);
  if (other === undefined) return;
  const { origin, size } = other.checkpoint;
  let common = Math.min(size, own.size);
  if (isEarlierName(origin, own.origin)) {
    common = Math.min(size, await checkEarlier(other, own, elsewhere, found));
  } else if (size <= own.size) {
    await checkRoot(other, own, elsewhere, found);
  } else {
    const what = `covers ${own.size} entries, ${elsewhere.name} has ${size}`;
    found.problem('BEHIND', 'checkpoint', what, own.size);
    await checkPrefix(elsewhere, size, own.size, own, found);
  }
  if (elsewhere.files !== undefined) {
    await checkPublishedSizes(elsewhere.files, common, own, found);
  }
}

/**
 * What a log signed that this one goes on from is the beginning of this one; what was seen of it beyond
 * that is lost. Resolves to how many of its entries were taken over.
 */
export async function checkEarlier(
  other: SiteNote,
  own: OwnTree,
  elsewhere: Elsewhere | undefined,
  found: Findings,
): Promise<number> {
  const { origin, size } = other.checkpoint;
  const taken = own.successions.find(({ previous }) => previous === origin)?.size;
  if (taken !== undefined && size <= taken) {
    await checkRoot(other, own, elsewhere, found);
    return taken;
  }
  const from = taken === undefined ? 'none of it' : `only the first ${taken} of them`;
  const what = `${other.file} has ${size} entries of ${origin}; this log has ${from}`;
  found.problem('LOST', 'checkpoint', what, taken);
  if (taken !== undefined) await checkPrefix(elsewhere, size, taken, own, found);
  return taken ?? 0;
}

/** A signed tree that is not larger has to be the beginning of the one here. */
export async function checkRoot(
  other: SiteNote,
  own: OwnTree,
  elsewhere: Elsewhere | undefined,
  found: Findings,
): Promise<void> {
  const { size, root } = other.checkpoint;
  const tile = (level: number, index: number) => own.tiles[level]?.[index];
  if (own.tiles.some((level) => level.includes(undefined))) return;
  const nodes = nodesOfTiles(async (level, index) => Buffer.concat(tile(level, index) ?? []));
  if ((await treeRoot(size, nodes)).equals(root)) return;
  const first = elsewhere && (await firstDifference(elsewhere, size, own));
  const what = `the first ${size} entries are not those that ${other.file} signs`;
  found.problem('FORKED', 'checkpoint', what, first);
}

async function checkPrefix(
  elsewhere: Elsewhere | undefined,
  size: number,
  common: number,
  own: OwnTree,
  found: Findings,
): Promise<void> {
  if (elsewhere?.files === undefined) return;
  const first = await firstDifference(elsewhere, size, own);
  if (first === undefined || first >= common) return;
  found.problem(
    'FORKED',
    'checkpoint',
    `entry ${first} is another one at ${elsewhere.name}`,
    first,
  );
}

/** Index of the first entry that is another one elsewhere; undefined where only a note is known. */
async function firstDifference(
  elsewhere: Elsewhere,
  size: number,
  own: OwnTree,
): Promise<number | undefined> {
  if (elsewhere.files === undefined) return undefined;
  const theirs = await readStoredTree(elsewhere.files, size, new Findings());
  for (let index = 0; index * TILE_WIDTH < Math.min(size, own.size); index += 1) {
    const mine = own.tiles[0]?.[index] ?? [];
    const other = theirs.leaves[index] ?? theirs.tiles[0]?.[index] ?? [];
    for (let at = 0; at < Math.min(mine.length, other.length); at += 1) {
      if (!mine[at]?.equals(other[at] ?? Buffer.alloc(0))) return index * TILE_WIDTH + at;
    }
  }
  return undefined;
}

/** Both sites have both the partial tiles of whatever either of them published. */
async function checkPublishedSizes(
  files: SiteFiles,
  size: number,
  own: OwnTree,
  found: Findings,
): Promise<void> {
  const here = new Set(own.paths);
  for (const path of await files.list()) {
    const tile = namedTile(path);
    if (tile === undefined || tile.width === TILE_WIDTH || here.has(path)) continue;
    const end = (tile.index * TILE_WIDTH + tile.width) * TILE_WIDTH ** tile.level;
    if (end > size || found.problems.some((one) => one.file === path)) continue;
    if ((await own.files.read(path)) !== undefined) continue;
    if (await isLeftOverThere(files, tile, own)) continue;
    found.problem('PARTIAL_MISSING', path, 'is there at the other site');
  }
}

/** What the other site has left of a lost log is not missing here. */
async function isLeftOverThere(files: SiteFiles, tile: NamedTile, own: OwnTree): Promise<boolean> {
  const taken = own.successions.map((one) => one.size);
  const bytes = taken.length === 0 ? undefined : await files.read(tile.path);
  if (bytes === undefined) return false;
  const at = firstWrong(bytes, tile, own.tiles[tile.level]?.[tile.index]);
  return at !== undefined && isLeftOver(tile, at, taken);
}
