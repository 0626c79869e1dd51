import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import type { Continued } from './continued.ts';
import { snapshotFolder } from './keys-of-journal.ts';
import { type JournalSeal, type JournalStore, journalError, type RowStreams } from './ports.ts';
import type { SnapshotHead, SnapshotPart } from './snapshot-head.ts';
import { quoted, quotedList } from './tables.ts';

/** Tables read at once. */
const AT_ONCE = 3;
/** That each of them may take to sort by. */
const INDEX_MEMORY = '512MB';
/** Tables of no more rows come whole, whatever the share. */
const SMALL_ROWS = 10_000;

export interface SnapshotLoader {
  pool: pg.Pool;
  store: JournalStore;
  seal: JournalSeal;
  rows: RowStreams;
  /** As in `RebuildOptions`. */
  only?(table: string): string | undefined;
  /** Of each large table only the first rows are loaded, this part of them; by default all. */
  share?: number;
  onTable?(done: LoadedTable): void;
  onIndex?(name: string): void;
}

export interface LoadedTable {
  table: string;
  rows: number;
  /** Rows of all tables so far, of the total. */
  ofRows: number;
  total: number;
  /** What its rows took, and then its indexes. */
  loadMs: number;
  indexMs: number;
}

/** So many rows of a part are loaded. Others refer to staff, which comes whole. */
export const rowsOf = ({ table, rows }: SnapshotPart, share = 1): number =>
  rows <= SMALL_ROWS || table === 'staff' ? rows : Math.min(rows, Math.ceil(rows * share));

/**
 * Fills an empty catalog of the snapshot's schema. A table is loaded whole or not at all, and gets its
 * indexes then, while others are loaded; a run that was broken off goes on with what is missing. Resolves
 * to how many rows that makes. Rejects with JOURNAL_DAMAGED when a part is not what the snapshot names
 * (of one that is loaded in part: has too few rows), or as the store does.
 */
export async function loadSnapshot(loader: SnapshotLoader, head: SnapshotHead): Promise<number> {
  const { pool } = loader;
  await pool.query(
    `create table if not exists voxkeep_recovery
       (step text primary key, table_name text, definition text)`,
  );
  await beginSnapshot(pool, head);
  const done = await pool.query("select step from voxkeep_recovery where step like 'table %'");
  const loaded = new Set(done.rows.map(({ step }: { step: string }) => step.slice(6)));
  const total = head.parts.reduce((sum, part) => sum + rowsOf(part, loader.share), 0);
  let ofRows = 0;
  // Those that others refer to come first; the large ones side by side after them.
  const waiting = head.parts.filter((part) => !loaded.has(part.table));
  await setKeepingAside(pool, waiting);
  const run = async (part: SnapshotPart) => {
    const { table } = part;
    const began = performance.now();
    const rows = await loadTable(loader, head, part);
    const loaded = performance.now();
    await makeIndexes(pool, table, loader.onIndex);
    ofRows += rows;
    const took = { loadMs: loaded - began, indexMs: performance.now() - loaded };
    loader.onTable?.({ table, rows, ofRows, total, ...took });
  };
  const staff = waiting.filter((part) => part.table === 'staff');
  for (const part of staff) await run(part);
  const queue = waiting
    .filter((part) => part.table !== 'staff')
    .sort((a, b) => b.sealedBytes - a.sealedBytes);
  const lane = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) await run(part);
  };
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
  const failed = lanes.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  // Of tables whose rows were there already.
  for (const { table } of head.parts) await makeIndexes(pool, table, loader.onIndex);
  await pool.query('analyze');
  return total;
}

/** What was loaded of another snapshot is no beginning of this one. */
async function beginSnapshot(pool: pg.Pool, { id, parts }: SnapshotHead): Promise<void> {
  await inTransaction(pool, async (client) => {
    const step = `snapshot ${id}`;
    const { rows } = await client.query(
      "select step from voxkeep_recovery where step like 'snapshot %'",
    );
    if (rows.some((row: { step: string }) => row.step === step)) return;
    if (rows.length > 0) {
      await client.query(`truncate ${quotedList(parts.map(({ table }) => table))} cascade`);
    }
    await client.query(
      "delete from voxkeep_recovery where step like 'snapshot %' or step like 'table %'",
    );
    await client.query('insert into voxkeep_recovery (step) values ($1)', [step]);
  });
}

async function loadTable(
  { pool, store, seal, rows, share, only }: SnapshotLoader,
  head: SnapshotHead,
  part: SnapshotPart,
): Promise<number> {
  const wanted = rowsOf(part, share);
  const key = `${snapshotFolder(head.timeline, head.id)}${part.part}`;
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('begin');
    // Emptied in the transaction that fills it, a table needs no log of its own. Others refer to staff.
    const empty = part.table === 'staff' ? 'delete from' : 'truncate';
    await client.query(`${empty} ${quoted(part.table)}`);
    const digest = createHash('sha256');
    const sealed = async function* () {
      for await (const piece of store.get(key)) {
        digest.update(piece);
        yield piece;
      }
    };
    const plain = createGunzip();
    const unpacked = pipeline(Readable.from(seal.open(key, sealed())), plain);
    unpacked.catch((error: Error) => plain.destroy(error));
    const into = `${quoted(part.table)} (${quotedList(part.columns)})`;
    const isWhole = wanted === part.rows;
    const where = only?.(part.table);
    const read = isWhole ? plain : firstRows(plain, wanted);
    const loaded = await rows.copyIn(client, into, read, where);
    const isAll = where === undefined ? loaded === wanted : loaded <= wanted;
    if (!isAll || (isWhole && digest.digest('hex') !== part.sha256)) {
      throw journalError('JOURNAL_DAMAGED', `${key} is not what its snapshot names`);
    }
    await client.query('insert into voxkeep_recovery (step) values ($1)', [`table ${part.table}`]);
    await client.query('commit');
    failed = false;
    return wanted;
  } finally {
    if (failed) await client.query('rollback').catch(() => undefined);
    client.release(failed);
  }
}

const LINE_END = 0x0a;

/** In COPY's text format every row ends with a line end, and nothing else is one. */
async function* firstRows(text: AsyncIterable<Buffer>, rows: number): AsyncGenerator<Buffer> {
  let left = rows;
  for await (const piece of text) {
    let end = 0;
    while (left > 0) {
      const at = piece.indexOf(LINE_END, end);
      if (at < 0) break;
      end = at + 1;
      left -= 1;
    }
    yield left > 0 ? piece : piece.subarray(0, end);
    if (left === 0) return;
  }
}

/**
 * Indexes are made once all rows are there, which is several times faster than row by row; and rows that
 * come from the journal do not go into it again.
 */
async function setKeepingAside(pool: pg.Pool, parts: readonly SnapshotPart[]): Promise<void> {
  const tables = parts.map(({ table }) => table);
  await inTransaction(pool, async (client) => {
    for (const table of tables)
      await client.query(`alter table ${quoted(table)} disable trigger user`);
    const { rows } = await client.query(
      `select t.relname as table, i.indexrelid::regclass::text as name,
         replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as definition
       from pg_index i join pg_class t on t.oid = i.indrelid
       where t.relname = any ($1) and t.relnamespace = current_schema()::regnamespace
         and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
       union all
       select t.relname, c.conname, 'alter table ' || c.conrelid::regclass || ' add constraint '
         || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
       from pg_constraint c join pg_class t on t.oid = c.conrelid
       where t.relname = any ($1) and t.relnamespace = current_schema()::regnamespace
         and c.contype in ('p', 'u') and t.relname <> 'staff'`,
      [tables],
    );
    for (const { table, name, definition } of rows as SetAside[]) {
      const constraint = /^alter table (\S+) add constraint/.exec(definition)?.[1];
      await client.query(
        `insert into voxkeep_recovery (step, table_name, definition) values ($1, $2, $3)
         on conflict do nothing`,
        [`${constraint === undefined ? 'index' : 'key'} ${name}`, table, definition],
      );
      await client.query(
        constraint === undefined
          ? `drop index ${name}`
          : `alter table ${constraint} drop constraint ${quoted(name)}`,
      );
    }
  });
}

interface SetAside {
  table: string;
  name: string;
  definition: string;
}

/** Makes those of a table again that were set aside, its keys first; may be repeated. */
async function makeIndexes(
  pool: pg.Pool,
  table: string,
  onIndex?: (name: string) => void,
): Promise<void> {
  const { rows } = await pool.query(
    `select step, definition from voxkeep_recovery where table_name = $1
     order by step like 'index %', step`,
    [table],
  );
  for (const { step, definition } of rows as { step: string; definition: string }[]) {
    onIndex?.(step);
    await inTransaction(pool, async (client) => {
      await client.query(`set local maintenance_work_mem = '${INDEX_MEMORY}'`);
      await client.query(definition);
      await client.query('delete from voxkeep_recovery where step = $1', [step]);
    });
  }
}

/** What comes next cannot be done twice upon the same rows: a run that begins again loads all of them. */
export async function passNoReturn(pool: pg.Pool): Promise<void> {
  await pool.query(
    "update voxkeep_recovery set step = 'snapshot gone' where step like 'snapshot %'",
  );
}

/**
 * From now on the catalog is an archive's own: its changes go into the journal, in a timeline after the
 * one it came from, which names what it goes on from.
 */
export async function finishRebuild(pool: pg.Pool, continued: Continued): Promise<void> {
  const timeline = Math.max(...continued.parts.map((part) => part.timeline)) + 1;
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query(
      `select distinct t.tgrelid::regclass::text as name from pg_trigger t
         join pg_class c on c.oid = t.tgrelid
       where t.tgname = 'journal' and not c.relispartition`,
    );
    for (const { name } of rows as { name: string }[]) {
      await client.query(`alter table ${name} enable trigger user`);
    }
    await client.query('truncate journal_outbox, journal_segment, journal_gap, journal_snapshot');
    await client.query(
      "update journal_state set timeline = $1, next_segment = 1, previous = '', continues = $2",
      [timeline, JSON.stringify(continued)],
    );
    await client.query('drop table voxkeep_recovery');
  });
}

async function inTransaction(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
    failed = false;
  } finally {
    if (failed) await client.query('rollback').catch(() => undefined);
    client.release(failed);
  }
}
