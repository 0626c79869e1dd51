import type { Facets } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../core/database.ts';
import { allOf, type Conditions, hasTokens } from './build-conditions.ts';

/** Counting stops here; the answer says so. */
export const COUNT_CAP = 10_000;

/** The matching calls under the same access limits as the rows, at most one more than the cap. */
export function matching(conditions: Conditions): RawBuilder<unknown> {
  const columns = sql`c.tier, c.issue_type, c.agent_id, c.team_id, c.channel, c.segment`;
  const { call, text, tokens } = conditions;
  if (tokens === undefined) {
    return sql`select ${columns} from call c where ${allOf(call)} limit ${COUNT_CAP + 1}`;
  }
  if (conditions.few) {
    return sql`select ${columns} from (
        select * from call c where ${allOf(call)} offset 0
      ) c cross join lateral (
        select 1 from call_text t where t.started_at = c.started_at and t.id = c.id
          and ${hasTokens('t', tokens)} offset 0
      ) t limit ${COUNT_CAP + 1}`;
  }
  return sql`select ${columns} from call_text c
    where ${hasTokens('c', tokens)} and ${allOf(text)} limit ${COUNT_CAP + 1}`;
}

export interface Counts {
  total: number;
  totalCapped: boolean;
}

export async function countMatches(db: Db, conditions: Conditions): Promise<Counts> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from (${matching(conditions)}) s`.execute(db);
  return capped(Number(rows[0]?.n ?? 0));
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
): Promise<Counts & { facets: Facets }> {
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
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, MOST_VALUES);
  const facets: Facets = {
    tier: of('tier'),
    issueType: of('issueType'),
    agent: of('agent'),
    team: of('team'),
    channel: of('channel'),
    segment: of('segment'),
  };
  return { facets, ...capped(Number(rows.find((row) => row.facet === 'total')?.n ?? 0)) };
}

const capped = (found: number): Counts => ({
  total: Math.min(found, COUNT_CAP),
  totalCapped: found > COUNT_CAP,
});
