import { TILE_WIDTH } from '@voxkeep/proof';

/** A tile or an entry bundle as its address names it. */
export interface TileName {
  kind: 'entries' | 'hashes';
  /** Of hashes; 0 for entries. */
  level: number;
  index: number;
  /** Hashes or entries in it. */
  width: number;
}

const NAME =
  /^(entries|0|[1-9]|[1-5]\d|6[0-3])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?$/;

/** Reads `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]` (C2SP tlog-tiles); undefined for anything else. */
export function parseTileName(path: string): TileName | undefined {
  const [, level = '', groups = '', width] = NAME.exec(path) ?? [];
  if (groups === '' || (groups.length > 3 && groups.startsWith('x000/'))) return undefined;
  return {
    kind: level === 'entries' ? 'entries' : 'hashes',
    level: level === 'entries' ? 0 : Number(level),
    index: Number(groups.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
}
