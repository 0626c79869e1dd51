import { encodeBundle, entriesPath, TILE_WIDTH, tilePath, tileWidth } from '@voxkeep/proof';
import type { Db } from '../core/database.ts';
import { entriesFrom } from './entries-back.ts';
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
/** Of a site that gets the old entries of a rebuilt archive behind: it has them all from this index on. */
export const RESTORED_TO = 'restored-to';
/** What such a site has instead of a checkpoint, which would promise the old ones too. */
const CHECKPOINT_UNTIL_WHOLE = 'checkpoint.restoring';

/** What a site has of the tree: all of its first `size` entries, or only the newer ones of them. */
export interface PublishedTree {
  size: number;
  whole: boolean;
}

/**
 * Brings a site to the target: tiles and entry bundles first, the checkpoint last, so that whatever a
 * checkpoint at the site promises is there. Partial tiles of every size that was published anywhere
 * are written and stay: who holds a checkpoint finds its tiles at each site, now and later. A site that
 * begins anew while old entries are still to come back gets the newer ones, under another checkpoint's
 * name, until it has all. May be repeated. Resolves to what the site has then.
 */
export async function publishTree(
  db: Db,
  store: LedgerStore,
  before: PublishedTree,
  target: PublishTarget,
): Promise<PublishedTree> {
  const { size } = target;
  const to = await entriesFrom(db);
  if (to > before.size || (to > 0 && !before.whole)) {
    await writeTiles(db, store, before.whole ? 0 : before.size, { size, to });
    await store.put(CHECKPOINT_UNTIL_WHOLE, Buffer.from(target.checkpoint));
    if (before.whole) await store.put(RESTORED_TO, Buffer.from(`${to}\n`));
    return { size, whole: false };
  }
  // What came behind is there already, unless the site was silent for a while.
  const from = before.whole || (await restoredTo(store)) === 0 ? before.size : 0;
  await writeTiles(db, store, from, { size, to: 0 });
  await store.put('checkpoint', Buffer.from(target.checkpoint));
  if (target.witnessed !== undefined) {
    await store.put('witnessed', Buffer.from(target.witnessed));
  }
  return { size, whole: true };
}

/** Undefined where the site is none of those. */
export async function restoredTo(store: LedgerStore): Promise<number | undefined> {
  const text = (await store.get(RESTORED_TO))?.toString().trim();
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** All that the tree of `size` has and the one of `from` had not, where it is not of old entries alone. */
async function writeTiles(
  db: Db,
  store: LedgerStore,
  from: number,
  { size, to }: { size: number; to: number },
): Promise<void> {
  let at = from;
  for (const next of await publishedSizes(db, from, size)) {
    const writes = changedTiles(at, next).filter((one) => lastOf(one) > to);
    for (let first = 0; first < writes.length; first += PARALLEL) {
      const some = writes.slice(first, first + PARALLEL);
      await Promise.all(some.map((one) => writeOne(db, store, one)));
    }
    at = next;
  }
}

/** The entry after the last one below a tile. */
function lastOf({ kind, index }: TileWrite): number {
  return (index + 1) * TILE_WIDTH ** (kind === 'entries' ? 1 : kind + 1);
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
