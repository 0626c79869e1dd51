import { sql } from 'kysely';
import type { Queryable } from '../core/database.ts';

/**
 * What a rebuilt catalog does without: the ledger and the journal come from the sites themselves, people
 * sign in again, what is under way is begun again, and what is counted is counted anew. What no row knows
 * is seen for the first time again.
 */
export const LEFT_BEHIND: readonly string[] = [
  'ledger_entry',
  'ledger_outbox',
  'ledger_published',
  'ledger_state',
  'ledger_tile',
  'ledger_witness',
  'journal_fault',
  'journal_gap',
  'journal_outbox',
  'journal_segment',
  'journal_snapshot',
  'journal_state',
  'notice_delivery',
  'passkey_challenge',
  'review_lease',
  'sign_in_attempt',
  'site_alarm',
  'site_tombstones',
  'site_use',
  'site_use_change',
  'site_verified',
  'staff_session',
  'stray_object',
  'voxkeep_migration',
];

export interface KeptTable {
  name: string;
  columns: string[];
  /** Of the primary key, in its order. */
  key: string[];
  /** Its changes go into the journal; else only snapshots have it. */
  journaled: boolean;
}

/** The tables of a rebuilt catalog, those first that others refer to. */
export async function keptTables(db: Queryable): Promise<KeptTable[]> {
  const { rows } = await sql<KeptTable & { refers: string[] }>`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and a.attgenerated = '') as columns,
      (select array_agg(a.attname::text order by array_position(p.conkey, a.attnum))
        from pg_constraint p join pg_attribute a on a.attrelid = p.conrelid
          and a.attnum = any (p.conkey) where p.conrelid = c.oid and p.contype = 'p') as key,
      exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'journal')
        as journaled,
      array(select f.confrelid::regclass::text from pg_constraint f
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as refers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
      and not c.relname = any (${[...LEFT_BEHIND]}::text[])
    order by c.relname`.execute(db);
  const ordered: KeptTable[] = [];
  for (let rest = rows; rest.length > 0; ) {
    const ready = rest.filter(({ refers }) =>
      refers.every((name) => !rest.some((one) => one.name === name)),
    );
    if (ready.length === 0) throw new TypeError('tables that refer to each other');
    ordered.push(...ready.map(({ refers: _, ...table }) => table));
    rest = rest.filter((table) => !ready.includes(table));
  }
  return ordered;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ');
