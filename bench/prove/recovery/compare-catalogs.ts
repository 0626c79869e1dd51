import type pg from 'pg';

/** What a rebuilt catalog is not asked for, and why. */
const NOT_COMPARED = new Map([
  ['journal_fault', 'of the journal itself'],
  ['journal_gap', 'of the journal itself'],
  ['journal_outbox', 'of the journal itself'],
  ['journal_segment', 'of the journal itself'],
  ['journal_snapshot', 'of the journal itself'],
  ['journal_state', 'of the journal itself'],
  ['ledger_outbox', 'nothing waits'],
  ['ledger_published', 'how far each site was, before'],
  ['ledger_state', 'compared as a log'],
  ['ledger_tile', 'compared as a log'],
  ['ledger_witness', 'asked again'],
  ['staff_session', 'people sign in again'],
  ['sign_in_attempt', 'counted anew'],
  ['passkey_challenge', 'asked anew'],
  ['review_lease', 'taken anew'],
  ['notice_delivery', 'planned anew'],
  ['voxkeep_migration', 'the same program'],
  ['copy_fault', 'found again'],
  ['scrub_run', 'walked again'],
  ['stray_object', 'looked for again'],
  ['site_alarm', 'judged again'],
  ['site_sample', 'kept anew'],
  ['site_use', 'counted anew'],
  ['site_use_change', 'counted anew'],
  ['site_verified', 'counted anew'],
  ['eviction_run', 'walked again'],
  ['stray_object', 'seen for the first time again'],
  ['placement_policy', 'as the last snapshot had it'],
  ['evicted_copy', 'as the last snapshot had it'],
  ['pending_removal', 'planned again'],
  ['object_copy', 'compared for the sites that are left'],
  ['pending_copy', 'made anew for sites that begin anew'],
  ['site_tombstones', 'told to each site again, before it is used'],
]);

export interface Difference {
  table: string;
  onlyLive: number;
  onlyRebuilt: number;
  example: string;
}

/**
 * Every row of every table, as text, in both; and the ledger's entries byte by byte, but for old ones that
 * come back once the archive serves.
 */
export async function compareCatalogs(
  live: pg.Client,
  rebuilt: pg.Client,
  site: string,
): Promise<{ rows: number; tables: number; differences: Difference[] }> {
  const differences: Difference[] = [];
  let rows = 0;
  const names = await tablesOf(live);
  const others = await tablesOf(rebuilt);
  for (const name of names.filter((one) => !others.includes(one))) {
    differences.push({ table: name, onlyLive: -1, onlyRebuilt: 0, example: 'no such table' });
  }
  const compared = names.filter((one) => others.includes(one) && !NOT_COMPARED.has(one));
  const queries = new Map(
    compared.map((one) => [one, `select to_jsonb(t)::text as row from "${one}" t`]),
  );
  queries.set(
    'ledger_entry',
    `select index || ' ' || encode(bytes, 'hex') as row from ledger_entry
     where index < $1::bigint and index >= $2::bigint`,
  );
  queries.set(
    'object_copy',
    `select object_id || ' ' || to_jsonb(written_at) || coalesce(to_jsonb(locked_until)::text, '') as row
     from object_copy where site = '${site}'`,
  );
  const size = (await live.query('select count(*)::bigint as n from ledger_entry')).rows[0]?.n;
  const from = (await rebuilt.query('select entries_from from ledger_state')).rows[0]?.entries_from;
  for (const [table, query] of queries) {
    const values = query.includes('$1') ? [size, from] : [];
    const [mine, theirs] = await Promise.all(
      [live, rebuilt].map(async (client) => {
        const answer = await client.query(query, values);
        return answer.rows.map(({ row }: { row: string }) => row);
      }),
    );
    rows += mine?.length ?? 0;
    const inTheirs = new Set(theirs);
    const inMine = new Set(mine);
    const missing = (mine ?? []).filter((row) => !inTheirs.has(row));
    const added = (theirs ?? []).filter((row) => !inMine.has(row));
    if (missing.length + added.length > 0) {
      const example = (missing[0] ?? added[0] ?? '').slice(0, 160);
      differences.push({
        ...{ table, onlyLive: missing.length, onlyRebuilt: added.length, example },
      });
    }
  }
  return { rows, tables: queries.size, differences };
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
       and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  return rows.map(({ name }: { name: string }) => name);
}
