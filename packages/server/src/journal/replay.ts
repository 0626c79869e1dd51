import { sql } from 'kysely';
import type { Db, Tx } from '../core/database.ts';
import type { Change } from './segment.ts';
import { type KeptTable, quotedList } from './tables.ts';

/**
 * Applies changes in their order; may be repeated. Rows that a later program no longer has a table for
 * are passed over.
 */
export async function replayChanges(
  db: Db,
  tables: readonly KeptTable[],
  changes: readonly Change[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`savepoint before`.execute(tx);
    try {
      await applyLast(tx, tables, changes);
    } catch {
      // Two rows took turns with a unique value within these: one change after another has no such clash.
      await sql`rollback to savepoint before`.execute(tx);
      for (const change of changes) await applyLast(tx, tables, [change]);
    }
  });
}

/** Only the last image of each row counts. */
async function applyLast(
  tx: Tx,
  tables: readonly KeptTable[],
  changes: readonly Change[],
): Promise<void> {
  const last = new Map<string, Map<string, Change>>();
  for (const change of changes) {
    const rows = last.get(change.table) ?? new Map<string, Change>();
    rows.set(change.key, change);
    last.set(change.table, rows);
  }
  const of = (table: KeptTable) => [...(last.get(table.name)?.values() ?? [])];
  for (const table of [...tables].reverse()) {
    const gone = of(table).filter((change) => change.gone);
    if (gone.length > 0) await deleteRows(tx, table, gone);
  }
  for (const table of tables) {
    const there = of(table).filter((change) => !change.gone);
    if (there.length > 0) await putRows(tx, table, there);
  }
}

const asArray = (rows: readonly Change[]) => `[${rows.map(({ body }) => body).join(',')}]`;

/** With its schema: the type of a table named `record` is another one without. */
const rowOf = ({ name }: KeptTable) => sql`null::${sql.id('public', name)}`;

async function deleteRows(tx: Tx, table: KeptTable, rows: readonly Change[]): Promise<void> {
  const same = table.key.map((column) => sql`t.${sql.ref(column)} = gone.${sql.ref(column)}`);
  await sql`delete from ${sql.table(table.name)} t
    using jsonb_populate_recordset(${rowOf(table)}, ${asArray(rows)}::jsonb) gone
    where ${sql.join(same, sql` and `)}`.execute(tx);
}

async function putRows(tx: Tx, table: KeptTable, rows: readonly Change[]): Promise<void> {
  const text = asArray(rows);
  if (table.name === 'call' || table.name === 'call_text') {
    await sql`select voxkeep_ensure_month(started_at) from (
      select distinct date_trunc('month', (row ->> 'started_at')::timestamptz, 'UTC') as started_at
      from jsonb_array_elements(${text}::jsonb) row) months`.execute(tx);
  }
  const rest = table.columns.filter((column) => !table.key.includes(column));
  const columns = sql.raw(quotedList(table.columns));
  const set = rest.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`);
  const otherwise = set.length === 0 ? sql`do nothing` : sql`do update set ${sql.join(set)}`;
  await sql`insert into ${sql.table(table.name)} (${columns}) overriding system value
    select ${columns} from jsonb_populate_recordset(
      ${rowOf(table)}, ${text}::jsonb)
    on conflict (${sql.raw(quotedList(table.key))}) ${otherwise}`.execute(tx);
}
