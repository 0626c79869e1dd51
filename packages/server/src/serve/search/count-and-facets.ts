import type { Facets } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../core/database.ts';
import { allOf, type Conditions } from './build-conditions.ts';

/** Counting stops here; the answer says so. */
export const COUNT_CAP = 10_000;

/** The matching calls under the same access limits as the rows, at most one more than the cap. */
function matching(conditions: Conditions): RawBuilder<unknown> {
  const columns = sql`c.tier, c.issue_type, c.agent_id, c.team_id, c.channel, c.segment`;
  if (conditions.tokens === undefined) {
    return sql`select ${columns} from call c where ${allOf(conditions.call)} limit ${COUNT_CAP + 1}`;
  }
  return sql`select ${columns} from (
      select t.started_at, t.id from call_text t
      where t.tokens @> ${conditions.tokens}::int4[] and ${allOf(conditions.text)}
      offset 0
    ) t join call c on c.started_at = t.started_at and c.id = t.id
    where ${allOf(conditions.call)} limit ${COUNT_CAP + 1}`;
}

export async function countMatches(
  db: Db,
  conditions: Conditions,
): Promise<{ total: number; totalCapped: boolean }> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from (${matching(conditions)}) s`.execute(db);
  const found = Number(rows[0]?.n ?? 0);
  return { total: Math.min(found, COUNT_CAP), totalCapped: found > COUNT_CAP };
}

const FACETS = {
  tier: 'tier',
  issueType: 'issue_type',
  agent: 'agent_id',
  team: 'team_id',
  channel: 'channel',
  segment: 'segment',
} as const;
const MOST_VALUES = 50;

/** Counts by value among the first matches up to the cap, most frequent first. */
export async function countFacets(
  db: Db,
  conditions: Conditions,
): Promise<{ facets: Facets; total: number; totalCapped: boolean }> {
  const parts = Object.entries(FACETS).map(
    ([name, column]) => sql`select ${name} as facet, ${sql.ref(column)} as value, count(*) as n
      from s where ${sql.ref(column)} is not null group by 2`,
  );
  const { rows } = await sql<{ facet: string; value: string | null; n: string }>`
    with s as materialized (${matching(conditions)})
    select 'total' as facet, null::text as value, count(*) as n from s
    union all ${sql.join(parts, sql` union all `)}`.execute(db);
  const of = (facet: string) =>
    rows
      .filter((row) => row.facet === facet)
      .map((row) => ({ value: row.value ?? '', count: Math.min(Number(row.n), COUNT_CAP) }))
      .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
      .slice(0, MOST_VALUES);
  const found = Number(rows.find((row) => row.facet === 'total')?.n ?? 0);
  const facets = Object.fromEntries(Object.keys(FACETS).map((name) => [name, of(name)]));
  return {
    facets: facets as Facets,
    total: Math.min(found, COUNT_CAP),
    totalCapped: found > COUNT_CAP,
  };
}
