import {
  buildConsistencyProof,
  buildInclusionProof,
  HASH_BYTES,
  nodesOfTiles,
  TILE_WIDTH,
  type TileReader,
  treeRoot,
} from '@voxkeep/proof';
import { sql } from 'kysely';
import type { Queryable } from '../core/database.ts';
import { assertAllBack, entriesFrom, restoring } from './entries-back.ts';
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

/** What a search of the ledger may ask for; filters combine with AND. */
export interface EntryFilter {
  actorId?: string;
  resource?: string;
  /** An action, or the beginning of one up to its dot: `record.` */
  action?: string;
  outcome?: string;
  /** Numbered at this instant or later, and before the other one. */
  from?: Date;
  to?: Date;
}

/** Entries, newest first, from below index `before` where it is given; at most 500. */
export async function searchEntries(
  db: Queryable,
  filter: EntryFilter,
  page: { limit: number; before?: number },
): Promise<StoredEntry[]> {
  const { actorId, resource, action, outcome, from, to } = filter;
  let query = db
    .selectFrom('ledger_entry')
    .select(['index', 'bytes'])
    .orderBy('index', 'desc')
    .limit(Math.max(1, Math.min(page.limit, MOST_ENTRIES)));
  if (page.before !== undefined) query = query.where('index', '<', String(page.before));
  if (actorId !== undefined) query = query.where('actor_id', '=', actorId);
  if (resource !== undefined) query = query.where('resource', '=', resource);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (action?.endsWith('.') === true) {
    query = query.where((is) => is.fn<boolean>('starts_with', ['action', is.val(action)]));
  } else if (action !== undefined) query = query.where('action', '=', action);
  // Times grow with the index, so an instant is a place in the log.
  if (from !== undefined) query = query.where('index', '>=', firstFrom(from));
  if (to !== undefined) query = query.where('index', '<', firstFrom(to));
  return (await query.execute()).map(storedEntry);
}

/** The index of the first entry that was numbered at that instant or later; else beyond them all. */
function firstFrom(at: Date) {
  return sql<string>`coalesce((select index from ledger_entry where sequenced_at >= ${at}
    order by sequenced_at, index limit 1), ${Number.MAX_SAFE_INTEGER}::bigint)`;
}

/** Rejects with LEDGER_INDEX_UNKNOWN; with LEDGER_RESTORING while it is still to come back. */
export async function readEntry(db: Queryable, index: number): Promise<StoredEntry> {
  const row = Number.isSafeInteger(index)
    ? await db
        .selectFrom('ledger_entry')
        .select(['index', 'bytes'])
        .where('index', '=', String(index))
        .executeTakeFirst()
    : undefined;
  if (row === undefined && index >= 0 && index < (await entriesFrom(db))) {
    throw restoring(`entry ${index} is still to come back from the sites`);
  }
  if (row === undefined) throw ledgerError('LEDGER_INDEX_UNKNOWN', `no entry ${index}`);
  return storedEntry(row);
}

/** Indices of entries that were numbered before somebody asked. */
export async function indicesOf(
  db: Queryable,
  outboxIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['index', 'outbox_id'])
    .where('outbox_id', 'in', [...outboxIds])
    .execute();
  return new Map(rows.map((row) => [row.outbox_id ?? '', Number(row.index)]));
}

/** The checkpoint that was signed last, as a signed note, and the sizes that go with it. */
export async function latestCheckpoint(
  db: Queryable,
): Promise<
  | { origin: string; checkpoint: string; size: number; durableSize: number; signedAt: Date }
  | undefined
> {
  const row = await db.selectFrom('ledger_state').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    origin: row.origin,
    checkpoint: row.checkpoint,
    size: Number(row.size),
    durableSize: Number(row.durable_size),
    signedAt: row.signed_at,
  };
}

/**
 * The newest checkpoint that may be shown: durable at the first site and one other, with the
 * cosignatures that it has. `witnessed` is the newest one that a quorum of witnesses countersigned.
 * Undefined before anything is durable.
 */
export async function servedCheckpoint(
  db: Queryable,
): Promise<{ size: number; checkpoint: string; witnessed: string | undefined } | undefined> {
  const row = await db.selectFrom('ledger_state').selectAll().executeTakeFirst();
  if (row === undefined || row.durable_checkpoint === null) return undefined;
  const witnessed = row.witnessed_checkpoint ?? undefined;
  const size = Number(row.durable_size);
  const same = witnessed !== undefined && Number(row.witnessed_size) === size;
  return { size, checkpoint: same ? witnessed : row.durable_checkpoint, witnessed };
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

/** Root of the tree of the first `size` entries, whether it was ever signed or not. Rejects the same way. */
export async function rootOfFirst(db: Queryable, size: number): Promise<Buffer> {
  await checkTree(db, size, size >= 0);
  return treeRoot(size, nodesOfTiles(tilesOf(db)));
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

/** The catalog's hash tiles. Rejects with LEDGER_RESTORING for one that is still to come back. */
export function tilesOf(db: Queryable): TileReader {
  return async (level, index) => {
    const row = await db
      .selectFrom('ledger_tile')
      .select('hashes')
      .where('level', '=', level)
      .where('index', '=', String(index))
      .executeTakeFirst();
    if (row === undefined) await assertAllBack(db);
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

/** The bytes of `count` entries from `first`. Rejects with LEDGER_RESTORING, LEDGER_DAMAGED. */
export async function entryBytes(db: Queryable, first: number, count: number): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select('bytes')
    .where('index', '>=', String(first))
    .where('index', '<', String(first + Math.min(count, TILE_WIDTH)))
    .orderBy('index')
    .execute();
  if (rows.length !== count) {
    if (first < (await entriesFrom(db))) await assertAllBack(db);
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
