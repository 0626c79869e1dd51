import {
  encodeBundle,
  entriesPath,
  partialFolder,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '@voxkeep/proof';
import type { Db } from '../core/database.ts';
import type { LedgerStore } from './ports.ts';
import { entryBytes, tileBytes } from './read-entries.ts';

export interface PublishTarget {
  size: number;
  checkpoint: string;
}

/** Tiles written at the same time to one site. */
const PARALLEL = 8;

/**
 * Brings a site from its tree of `fromSize` to the target: tiles and entry bundles first, the
 * checkpoint last, so that whatever a checkpoint at the site promises is there. May be repeated.
 * Partial tiles go once a full one has replaced them, and the checkpoint that says so is written.
 */
export async function publishTree(
  db: Db,
  store: LedgerStore,
  fromSize: number,
  target: PublishTarget,
): Promise<void> {
  const writes = changedTiles(fromSize, target.size);
  for (let at = 0; at < writes.length; at += PARALLEL) {
    await Promise.all(writes.slice(at, at + PARALLEL).map((one) => writeOne(db, store, one)));
  }
  await store.put('checkpoint', Buffer.from(target.checkpoint));
  for (const { kind, index, width } of writes) {
    if (width < TILE_WIDTH) continue;
    const full = kind === 'entries' ? entriesPath(index) : tilePath(kind, index);
    // Left-over partial tiles cost room and nothing else.
    await store.deleteFolder(partialFolder(full)).catch(() => undefined);
  }
}

interface TileWrite {
  kind: 'entries' | number;
  index: number;
  width: number;
}

/** Every tile and bundle that the tree of `toSize` has and the one of `fromSize` had not. */
export function changedTiles(fromSize: number, toSize: number): TileWrite[] {
  const writes: TileWrite[] = [];
  for (let level = 0; TILE_WIDTH ** level <= toSize; level += 1) {
    const before = Math.floor(fromSize / TILE_WIDTH ** level);
    const after = Math.floor(toSize / TILE_WIDTH ** level);
    if (after === before) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index += 1) {
      const width = tileWidth(level, index, toSize);
      if (level === 0) writes.push({ kind: 'entries', index, width });
      writes.push({ kind: level, index, width });
    }
  }
  return writes;
}

async function writeOne(db: Db, store: LedgerStore, write: TileWrite): Promise<void> {
  const { kind, index, width } = write;
  if (kind === 'entries') {
    const entries = await entryBytes(db, index * TILE_WIDTH, width);
    await store.put(entriesPath(index, width), encodeBundle(entries));
  } else {
    await store.put(tilePath(kind, index, width), await tileBytes(db, kind, index, width));
  }
}
