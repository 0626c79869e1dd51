import { type RawBuilder, sql } from 'kysely';
import { type RecordState, TIERS, type Tier } from '../record/vocabulary.ts';
import type { Viewer } from './policy.ts';
import type { Rule } from './policy-table.ts';

/** What a rule demands of a record, for this viewer now. Read by CASL and by the SQL alike. */
export interface Conditions {
  state: { $in: RecordState[] };
  tier?: { $in: Tier[] };
  agentIds?: string;
  teamId?: string;
  leasedTo?: string;
  'case.actorId'?: string;
  'case.teamId'?: string;
  startedAt?: { $gte: Date };
}

/** Each of these covers records; none when the rule can cover nothing for this viewer. */
export function conditionsOf(rule: Rule, viewer: Viewer, since: Date): Conditions[] {
  const conditions: Conditions = { state: { $in: [...rule.states] } };
  if (rule.tiers.length < TIERS.length) conditions.tier = { $in: [...rule.tiers] };
  if (rule.scope === 'own') {
    if (viewer.agentId === undefined) return [];
    conditions.agentIds = viewer.agentId;
  }
  if (rule.scope === 'team') {
    if (viewer.teamId === undefined) return [];
    conditions.teamId = viewer.teamId;
  }
  if (rule.scope === 'lease') conditions.leasedTo = viewer.actorId;
  if (rule.withinLastMonth) conditions.startedAt = { $gte: since };
  if (rule.scope !== 'case') return [conditions];
  const group = viewer.teamId === undefined ? [] : [{ 'case.teamId': viewer.teamId }];
  return [{ 'case.actorId': viewer.actorId }, ...group].map((one) => ({ ...conditions, ...one }));
}

/** The same over `call c`. */
export function conditionsSql(rule: Rule, conditions: Conditions): RawBuilder<unknown> {
  // Rows of `call` are archived records; what waits elsewhere is in no search.
  if (!rule.states.includes('archived')) return sql`false`;
  const parts: RawBuilder<unknown>[] = [
    rule.states.includes('restricted') ? sql`true` : sql`not c.restricted`,
  ];
  const { tier, agentIds, teamId, startedAt } = conditions;
  if (tier?.$in.length === 1) parts.push(sql`c.tier = ${tier.$in[0]}`);
  else if (tier !== undefined) parts.push(sql`c.tier = any(${tier.$in}::text[])`);
  if (teamId !== undefined) parts.push(sql`c.team_id = ${teamId}`);
  if (startedAt !== undefined) parts.push(sql`c.started_at >= ${startedAt.$gte}`);
  if (agentIds !== undefined) {
    // The bound is repeated: the planner does not carry it over to the legs by itself.
    const bound = startedAt === undefined ? sql`` : sql`and l.started_at >= ${startedAt.$gte}`;
    parts.push(sql`exists (select 1 from call_leg l where l.record_id = c.id
      and l.started_at = c.started_at and l.agent_id = ${agentIds} ${bound})`);
  }
  for (const owner of ['actor', 'team'] as const) {
    const id = conditions[`case.${owner}Id`];
    if (id === undefined) continue;
    parts.push(sql`exists (select 1 from record_case k where k.record_id = c.id
      and k.${sql.ref(`${owner}_id`)} = ${id})`);
  }
  return sql`(${sql.join(parts, sql` and `)})`;
}
