import { encodeBundle, entriesPath, TILE_WIDTH, tilePath, tileWidth } from '@voxkeep/proof';
import type { Db } from '../core/database.ts';
import type { LedgerStore } from './ports.ts';
import { entryBytes, tileBytes } from './read-entries.ts';

export interface PublishTarget {
  size: number;
  /** With the cosignatures that it has. */
  checkpoint: string;
  /** The newest checkpoint that a quorum countersigned, of this size or a smaller one. */
  witnessed?: string;
}

/** Tiles written at the same time to one site. */
const PARALLEL = 8;

/**
 * Brings a site from its tree of `fromSize` to the target: tiles and entry bundles first, the
 * checkpoint last, so that whatever a checkpoint at the site promises is there. Partial tiles of
 * every size that was published anywhere are written and stay: who holds a checkpoint finds its
 * tiles at each site, now and later. May be repeated.
 */
export async function publishTree(
  db: Db,
  store: LedgerStore,
  fromSize: number,
  target: PublishTarget,
): Promise<void> {
  let from = fromSize;
  for (const size of await publishedSizes(db, fromSize, target.size)) {
    const writes = changedTiles(from, size);
    for (let at = 0; at < writes.length; at += PARALLEL) {
      await Promise.all(writes.slice(at, at + PARALLEL).map((one) => writeOne(db, store, one)));
    }
    from = size;
  }
  await store.put('checkpoint', Buffer.from(target.checkpoint));
  if (target.witnessed !== undefined) {
    await store.put('witnessed', Buffer.from(target.witnessed));
  }
}

/** To be called before a checkpoint of that size is shown to anyone. */
export async function notePublished(db: Db, size: number): Promise<void> {
  await db
    .insertInto('ledger_published')
    .values({ size })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Sizes in (from, to] whose partial tiles a site needs, and `to` itself. */
async function publishedSizes(db: Db, from: number, to: number): Promise<number[]> {
  const rows = await db
    .selectFrom('ledger_published')
    .select('size')
    .where('size', '>', String(from))
    .where('size', '<', String(to))
    .orderBy('size')
    .execute();
  return [...rows.map((row) => Number(row.size)), ...(to > from ? [to] : [])];
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
