import { nodesOfTiles, treeRoot } from '../log/build-proof.ts';
import { isEarlierName, isSuccessorName } from '../log/log-name.ts';
import { entriesPath, TILE_WIDTH, tileWidth } from '../log/tile-path.ts';
import type { Findings } from './site-problem.ts';
import type { Hashes, StoredTree } from './stored-tree.ts';

/** From where on a log has another name than the entries before. */
export interface Succession {
  /** The log that had lost entries. */
  previous: string;
  /** Its entries that were taken over, and the index of the entry that says so. */
  size: number;
}

interface Said extends Succession {
  name: unknown;
  root: unknown;
  file: string;
  index: number;
}

/**
 * Every entry by which a log goes on under another name: it cites a checkpoint of the log before, which
 * has to be the beginning of this very tree, and the names have to lead to `origin`. Each is noticed.
 */
export async function checkSuccessions(
  stored: StoredTree,
  tiles: Hashes[][],
  origin: string,
  found: Findings,
): Promise<Succession[]> {
  const said = successionsIn(stored);
  for (const [at, one] of said.entries()) {
    const name = said[at + 1]?.previous ?? origin;
    const wrong = faultOf(one, name, at) ?? (await rootFault(one, tiles));
    if (wrong !== undefined) found.problem('SUCCESSION_BAD', one.file, wrong, one.index);
    else {
      const what = `${one.previous} had lost entries; ${name} goes on from its first ${one.size}`;
      found.notice('SUCCEEDED', one.file, what, one.index);
    }
  }
  if (said.length === 0 && isSuccessorName(origin) && !stored.bundles.includes(undefined)) {
    found.problem('SUCCESSION_BAD', 'checkpoint', `nothing says which log ${origin} goes on from`);
  }
  return said;
}

function faultOf(one: Said, name: string, at: number): string | undefined {
  const { previous, size, index } = one;
  if (size !== index) return `goes on from ${size} entries, of which there are ${index}`;
  if (one.name !== name) return `says that the log is ${one.name} from here on, which is ${name}`;
  if (!isEarlierName(previous, name)) return `${previous} is no earlier name of ${name}`;
  if (at === 0 && isSuccessorName(previous))
    return `nothing says which log ${previous} goes on from`;
  return undefined;
}

async function rootFault(one: Said, tiles: Hashes[][]): Promise<string | undefined> {
  if (tiles.some((level) => level.includes(undefined))) return undefined;
  const nodes = nodesOfTiles(async (level, index) => Buffer.concat(tiles[level]?.[index] ?? []));
  const root = await treeRoot(one.size, nodes);
  if (root.toString('hex') === one.root) return undefined;
  return 'the tree that it cites is not the beginning of this one';
}

function successionsIn(stored: StoredTree): Said[] {
  return stored.bundles.flatMap((entries, bundle) =>
    (entries ?? []).flatMap((bytes, at) => {
      if (!bytes.includes('ledger.succeed')) return [];
      const file = entriesPath(bundle, tileWidth(0, bundle, stored.size));
      const one = parse(bytes);
      return one === undefined ? [] : [{ ...one, file, index: bundle * TILE_WIDTH + at }];
    }),
  );
}

function parse(bytes: Buffer): Omit<Said, 'file' | 'index'> | undefined {
  try {
    const { action, resource, detail } = JSON.parse(bytes.toString('utf8'));
    if (action !== 'ledger.succeed') return undefined;
    const { previous, size, root } = detail ?? {};
    return { previous: String(previous), size: Number(size), root, name: resource };
  } catch {
    // Told as ENTRY_INVALID.
    return undefined;
  }
}
