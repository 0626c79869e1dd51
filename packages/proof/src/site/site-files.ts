import { entriesPath, TILE_WIDTH, tilePath } from '../log/tile-path.ts';

/** A site's ledger folder, wherever it is. */
export interface SiteFiles {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Every file's path, in any order. */
  list(): Promise<string[]>;
}

/** A tile or a bundle as its path names it. */
export interface NamedTile {
  path: string;
  kind: 'entries' | 'hashes';
  /** 0 for entries. */
  level: number;
  index: number;
  width: number;
}

const NAME = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** Reads a path below a ledger folder; undefined for what is neither tile nor bundle. */
export function namedTile(path: string): NamedTile | undefined {
  const [, at = '', groups = '', wide] = NAME.exec(path) ?? [];
  const kind = at === 'entries' ? 'entries' : 'hashes';
  const level = kind === 'entries' ? 0 : Number(at);
  const index = Number(groups.replace(/[x/]/g, ''));
  const width = wide === undefined ? TILE_WIDTH : Number(wide);
  if (groups === '' || level > 63 || width < 1 || width > TILE_WIDTH) return undefined;
  if (!Number.isSafeInteger(index)) return undefined;
  const name = { path, kind, level, index, width } as const;
  return pathOf(name) === path ? name : undefined;
}

export function pathOf(tile: Omit<NamedTile, 'path'>): string {
  const { kind, level, index, width } = tile;
  return kind === 'entries' ? entriesPath(index, width) : tilePath(level, index, width);
}
