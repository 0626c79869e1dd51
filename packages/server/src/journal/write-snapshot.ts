import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import { exactBytes } from './exact-bytes.ts';
import { snapshotFolder } from './keys-of-journal.ts';
import { type JournalSeal, type JournalStore, journalError, type RowStreams } from './ports.ts';
import { headKey, type SnapshotHead, type SnapshotPart, sealHead } from './snapshot-head.ts';
import { type KeptTable, keptTables, quoted, quotedList } from './tables.ts';
import { putEverywhere } from './write-segment.ts';

export interface SnapshotWriter {
  db: Db;
  pool: pg.Pool;
  stores: readonly JournalStore[];
  seal: JournalSeal;
  rows: RowStreams;
  clock: Clock;
  audit: Audit;
  schema: number;
}

/**
 * Writes the whole catalog as one moment shows it, sealed, to every site; its digest goes on the
 * ledger. Each part goes to the first site that answers and from there to the others, compared on the
 * way. A snapshot that is broken off is none. Rejects with JOURNAL_UNREACHABLE, retry later.
 */
export async function writeSnapshot(
  writer: SnapshotWriter,
  signal?: AbortSignal,
): Promise<SnapshotHead> {
  const { db, pool, clock, audit, schema, stores } = writer;
  const startedAt = clock.now();
  // Read first: what is committed later than this is in a segment of this number or a later one.
  const state = await db.selectFrom('journal_state').selectAll().executeTakeFirstOrThrow();
  const id = newUuidV7(clock);
  const { timeline } = state;
  const fromSegment = Number(state.next_segment);
  await db
    .insertInto('journal_snapshot')
    .values({
      ...{ id, timeline, from_segment: fromSegment, started_at: startedAt },
      ...{ table_rows: 0, sealed_bytes: 0 },
    })
    .execute();
  const missing = new Map<string, string[]>();
  const parts: SnapshotPart[] = [];
  const tables = await keptTables(db);
  const first = await firstInReach(stores);
  let months: string[] = [];
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const partitions = await client.query(
      `select replace(substr(c.relname, 7), 'm', '-') as month from pg_inherits i
         join pg_class c on c.oid = i.inhrelid where i.inhparent = 'call'::regclass order by 1`,
    );
    months = partitions.rows.map(({ month }: { month: string }) => month);
    for (const table of tables) {
      signal?.throwIfAborted();
      const { part, lacking } = await writeTable(writer, client, table, {
        ...{ timeline, id, first },
      });
      parts.push(part);
      missing.set(`${snapshotFolder(timeline, id)}${part.part}`, lacking);
    }
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
  const head: SnapshotHead = {
    ...{ id, timeline, schema, startedAt, fromSegment, months, parts },
    previous: state.previous.toString('hex'),
  };
  const sealed = await sealHead(writer.seal, head);
  missing.set(headKey(head), await putEverywhere(stores, headKey(head), sealed));
  const sha256 = createHash('sha256').update(sealed).digest();
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const bytes = parts.reduce((sum, part) => sum + part.sealedBytes, sealed.length);
  const endedAt = clock.now();
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('journal_snapshot')
      .set({ ended_at: endedAt, table_rows: rows, sealed_bytes: bytes, sha256 })
      .where('id', '=', id)
      .execute();
    // From here on the timeline stands on its own.
    await tx
      .updateTable('journal_state')
      .set({ continues: null })
      .where('timeline', '=', timeline)
      .execute();
    const gaps = [...missing].flatMap(([key, sites], at) =>
      // In this order they are filled: the head, which makes it a snapshot, last.
      sites.map((site) => ({ site, key, since: new Date(endedAt.getTime() + at) })),
    );
    if (gaps.length > 0) await tx.insertInto('journal_gap').values(gaps).execute();
    await audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'journal.snapshot', outcome: 'ok', resource: id },
      detail: { rows, bytes, fromSegment, sha256: sha256.toString('hex') },
    });
  });
  return head;
}

/** The first site that answers takes what is read; the others take it from there. */
async function firstInReach(stores: readonly JournalStore[]): Promise<JournalStore> {
  let failure: unknown;
  for (const store of stores) {
    try {
      for await (const _ of store.list('snapshots/')) break;
      return store;
    } catch (error) {
      failure = error;
    }
  }
  const message = 'no site answers';
  throw journalError('JOURNAL_UNREACHABLE', message, { retry: 'later', cause: failure });
}

async function writeTable(
  writer: SnapshotWriter,
  client: pg.PoolClient,
  table: KeptTable,
  at: { timeline: number; id: string; first: JournalStore },
): Promise<{ part: SnapshotPart; lacking: string[] }> {
  const { seal, stores } = writer;
  const { timeline, id, first } = at;
  const part = `${table.name}.rows`;
  const key = `${snapshotFolder(timeline, id)}${part}`;
  let rows = 0;
  let sealedBytes = 0;
  const digest = createHash('sha256');
  const select = `select ${quotedList(table.columns)} from ${quoted(table.name)}`;
  const plain = passing(writer.rows.copyOut(client, select), (piece) => {
    // In COPY's text format every row ends with a line end, and nothing else is one.
    for (const byte of piece) if (byte === LINE_END) rows += 1;
  });
  const sealed = passing(seal.seal(key, packed(plain)), (piece) => {
    digest.update(piece);
    sealedBytes += piece.length;
  });
  await first.put(key, sealed);
  const sha256 = digest.digest();
  const others = stores.filter((store) => store !== first);
  const copies = await Promise.allSettled(
    others.map((store) => store.put(key, exactBytes(first.get(key), sha256, key))),
  );
  const lacking = others.filter((_, index) => copies[index]?.status === 'rejected');
  return {
    part: {
      ...{ table: table.name, columns: table.columns, rows, part },
      ...{ sealedBytes, sha256: sha256.toString('hex') },
    },
    lacking: lacking.map((store) => store.name),
  };
}

const LINE_END = 0x0a;

function packed(plain: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  const gzip = createGzip({ level: 3 });
  // What fails on the way in is what reading it rejects with.
  pipeline(Readable.from(plain), gzip).catch((error: Error) => gzip.destroy(error));
  return gzip;
}

async function* passing<Piece extends Uint8Array>(
  source: AsyncIterable<Piece>,
  see: (piece: Piece) => void,
): AsyncGenerator<Piece> {
  for await (const piece of source) {
    see(piece);
    yield piece;
  }
}
