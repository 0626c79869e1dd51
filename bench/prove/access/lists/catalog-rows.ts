import type pg from 'pg';
import type { Tier } from '../../../../test/oracle/access-table.ts';
import type { Call } from '../../../../test/oracle/judge-access.ts';
import { monthBefore } from '../../../../test/oracle/month-before.ts';
import type { Seeded } from '../random.ts';

export const AGENTS = ['001', '002', '003', '004', '005', '006'];
export const TEAMS = ['T01', 'T02', 'T03', 'T04'];

/** Gives catalog rows that have none the record that they are of, so that they can be asked for. */
export async function giveRecords(sql: pg.Pool): Promise<void> {
  await sql.query(`insert into public."record" (id, state, source_system, idempotency_key, media_digest,
      media_bytes, started_at, received_at, archived_at, tier)
    select id, 'archived', 'generated', decode(md5(id::text), 'hex'), decode(md5(id::text), 'hex'),
      1, started_at, started_at, started_at, tier
    from call on conflict do nothing`);
}

/** Everything that the catalog says of who may see what. */
export async function readCalls(sql: pg.Pool): Promise<Call[]> {
  const { rows } = await sql.query<{
    id: string;
    tier: Tier;
    state: Call['state'];
    started_at: Date;
    agents: string[];
    team_id: string | null;
    issue_type: string;
    industry: string | null;
    case_actor: string | null;
    case_team: string | null;
  }>(`select c.id, c.tier, r.state, c.started_at, c.team_id, c.issue_type, c.industry,
      k.actor_id case_actor, k.team_id case_team,
      array(select l.agent_id from call_leg l where l.record_id = c.id) || c.agent_id agents
    from call c join public."record" r on r.id = c.id left join record_case k on k.record_id = c.id`);
  return rows.map((row) => ({
    ...{ id: row.id, tier: row.tier, state: row.state, startedAt: row.started_at },
    ...{ agentIds: row.agents, issueType: row.issue_type },
    ...(row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.industry === null ? {} : { industry: row.industry }),
    ...(row.case_actor === null ? {} : { case: { actorId: row.case_actor } }),
    ...(row.case_team === null ? {} : { case: { teamId: row.case_team } }),
  }));
}

/**
 * Another archive: a part of the rows gets another team, other agents, another state or case, and with
 * `ages` another beginning. Tiers stay: their keys lie in the pool of their tier.
 */
export async function shuffle(
  sql: pg.Pool,
  random: Seeded,
  calls: readonly Call[],
  given: {
    part: number;
    ages: boolean;
    now: Date;
    timeZone: string;
    caseActors: readonly string[];
  },
): Promise<void> {
  const edge = monthBefore(given.now, given.timeZone).getTime();
  for (const { id, startedAt: before } of random.some(calls, given.part)) {
    const [agent, later] = [random.pick(AGENTS), random.pick(AGENTS)];
    const team = random.chance(0.15) ? null : random.pick(TEAMS);
    const ageMs = random.pick([-1, 0, 1, 86_400_000, 5 * 86_400_000, -40 * 86_400_000]);
    const startedAt = given.ages ? new Date(edge + ageMs) : before;
    const restricted = random.chance(0.12);
    await sql.query('select voxkeep_ensure_month($1)', [startedAt]);
    for (const table of ['call', 'call_text']) {
      await sql.query(
        `update ${table} set agent_id = $2, team_id = $3, started_at = $4,
           restricted = $5 where id = $1`,
        [id, agent, team, startedAt, restricted],
      );
    }
    await sql.query('delete from call_leg where record_id = $1', [id]);
    await sql.query(
      `insert into call_leg (record_id, started_at, agent_id)
       select $1, $2, a from unnest($3::text[]) a`,
      [id, startedAt, [...new Set(random.chance(0.3) ? [agent, later] : [agent])]],
    );
    await sql.query('update call_ticket set started_at = $2 where record_id = $1', [id, startedAt]);
    await sql.query(`update public."record" set started_at = $2, state = $3 where id = $1`, [
      id,
      startedAt,
      restricted ? 'restricted' : 'archived',
    ]);
    await sql.query('delete from record_case where record_id = $1', [id]);
    if (random.chance(0.6)) continue;
    const person = random.chance(0.5) ? random.pick(given.caseActors) : null;
    await sql.query(
      `insert into record_case (record_id, actor_id, team_id, assigned_by, assigned_at)
       values ($1, $2, $3, 'proof', $4)`,
      [id, person, person === null ? random.pick(TEAMS) : null, given.now],
    );
  }
}
