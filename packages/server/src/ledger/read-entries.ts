import {
  buildConsistencyProof,
  buildInclusionProof,
  HASH_BYTES,
  nodesOfTiles,
  TILE_WIDTH,
  type TileReader,
} from '@voxkeep/proof';
import type { Queryable } from '../core/database.ts';
import { decodeEntry, type LedgerEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';

/** An entry with its place in the log and the bytes that were hashed. */
export interface StoredEntry {
  index: number;
  entry: LedgerEntry;
  bytes: Buffer;
}

const MOST_ENTRIES = 500;

/** The trail of one resource, newest first, from below index `before` where it is given. */
export async function entriesForResource(
  db: Queryable,
  resource: string,
  page: { limit: number; before?: number },
): Promise<StoredEntry[]> {
  let query = db
    .selectFrom('ledger_entry')
    .select(['index', 'bytes'])
    .where('resource', '=', resource)
    .orderBy('index', 'desc')
    .limit(Math.max(1, Math.min(page.limit, MOST_ENTRIES)));
  if (page.before !== undefined) query = query.where('index', '<', String(page.before));
  return (await query.execute()).map(storedEntry);
}

/** The newest entries, newest first, of one actor or one action where given. */
export async function entriesNewestFirst(
  db: Queryable,
  page: { limit: number; before?: number; actorId?: string; action?: string },
): Promise<StoredEntry[]> {
  let query = db
    .selectFrom('ledger_entry')
    .select(['index', 'bytes'])
    .orderBy('index', 'desc')
    .limit(Math.max(1, Math.min(page.limit, MOST_ENTRIES)));
  if (page.before !== undefined) query = query.where('index', '<', String(page.before));
  if (page.actorId !== undefined) query = query.where('actor_id', '=', page.actorId);
  if (page.action !== undefined) query = query.where('action', '=', page.action);
  return (await query.execute()).map(storedEntry);
}

/** Rejects with LEDGER_INDEX_UNKNOWN. */
export async function readEntry(db: Queryable, index: number): Promise<StoredEntry> {
  const row = Number.isSafeInteger(index)
    ? await db
        .selectFrom('ledger_entry')
        .select(['index', 'bytes'])
        .where('index', '=', String(index))
        .executeTakeFirst()
    : undefined;
  if (row === undefined) throw ledgerError('LEDGER_INDEX_UNKNOWN', `no entry ${index}`);
  return storedEntry(row);
}

/** The checkpoint that was signed last, as a signed note, and the sizes that go with it. */
export async function latestCheckpoint(
  db: Queryable,
): Promise<{ checkpoint: string; size: number; durableSize: number; signedAt: Date } | undefined> {
  const row = await db.selectFrom('ledger_state').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    checkpoint: row.checkpoint,
    size: Number(row.size),
    durableSize: Number(row.durable_size),
    signedAt: row.signed_at,
  };
}

/**
 * Audit path of an entry in the tree of `size` entries, from the leaf up (RFC 6962, 2.1.1).
 * Rejects with LEDGER_INDEX_UNKNOWN when that tree does not exist or does not hold the entry.
 */
export async function inclusionProof(
  db: Queryable,
  index: number,
  size: number,
): Promise<Buffer[]> {
  await checkTree(db, size, index >= 0 && index < size);
  return buildInclusionProof(index, size, nodesOfTiles(tilesOf(db)));
}

/** Proof that the later tree continues the earlier one (RFC 6962, 2.1.2). Rejects the same way. */
export async function consistencyProof(
  db: Queryable,
  fromSize: number,
  toSize: number,
): Promise<Buffer[]> {
  await checkTree(db, toSize, fromSize >= 0 && fromSize <= toSize);
  return buildConsistencyProof(fromSize, toSize, nodesOfTiles(tilesOf(db)));
}

/** The catalog's hash tiles. */
export function tilesOf(db: Queryable): TileReader {
  return async (level, index) => {
    const row = await db
      .selectFrom('ledger_tile')
      .select('hashes')
      .where('level', '=', level)
      .where('index', '=', String(index))
      .executeTakeFirst();
    return row?.hashes ?? Buffer.alloc(0);
  };
}

/** The first `width` hashes of a tile, as they are written to a site. */
export async function tileBytes(
  db: Queryable,
  level: number,
  index: number,
  width: number,
): Promise<Buffer> {
  const tile = Buffer.from(await tilesOf(db)(level, index));
  if (tile.length < width * HASH_BYTES) {
    throw ledgerError('LEDGER_DAMAGED', `tile ${level}/${index} of the catalog is too short`);
  }
  return tile.subarray(0, width * HASH_BYTES);
}

/** The bytes of `count` entries from `first`. */
export async function entryBytes(db: Queryable, first: number, count: number): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select('bytes')
    .where('index', '>=', String(first))
    .where('index', '<', String(first + Math.min(count, TILE_WIDTH)))
    .orderBy('index')
    .execute();
  if (rows.length !== count) {
    throw ledgerError('LEDGER_DAMAGED', `entries from ${first} are missing in the catalog`);
  }
  return rows.map((row) => row.bytes);
}

async function checkTree(db: Queryable, size: number, inside: boolean): Promise<void> {
  const known = (await latestCheckpoint(db))?.size ?? 0;
  if (!inside || !Number.isSafeInteger(size) || size > known) {
    throw ledgerError('LEDGER_INDEX_UNKNOWN', `not within a signed tree of ${size}`);
  }
}

function storedEntry(row: { index: string; bytes: Buffer }): StoredEntry {
  return { index: Number(row.index), entry: decodeEntry(row.bytes), bytes: row.bytes };
}
