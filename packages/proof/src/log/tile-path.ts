import { LogError } from './log-error.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** Path of a hash tile (C2SP tlog-tiles): `tile/0/x001/234`, `tile/0/000.p/17` when partial. */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  checkNumber(level, 63);
  return `tile/${level}/${indexPath(index)}${partial(width)}`;
}

/** Path of an entry bundle (C2SP tlog-tiles): `tile/entries/x001/234`. */
export function entriesPath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index)}${partial(width)}`;
}

/** How many hashes the tile of that level and index has in a tree of `size` entries. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
  return Math.max(0, Math.min(TILE_WIDTH, hashes));
}

function indexPath(index: number): string {
  checkNumber(index, Number.MAX_SAFE_INTEGER);
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

function partial(width: number): string {
  checkNumber(width - 1, TILE_WIDTH - 1);
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}

function checkNumber(value: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most) {
    throw new LogError('LOG_RANGE_BAD', `${value} names no tile`);
  }
}
