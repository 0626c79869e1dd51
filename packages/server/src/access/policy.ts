import { createMongoAbility, type MongoAbility, subject } from '@casl/ability';
import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { addMonths, dayOf, startOfDay } from '../core/zone.ts';
import { type RecordState, TIERS, type Tier } from '../record/vocabulary.ts';
import {
  type Action,
  POLICY,
  RECORD_ACTIONS,
  type Role,
  type Rule,
  SHOWN_AS,
} from './policy-table.ts';
import { type Miss, type Refusal, refusal } from './refusal.ts';

/** Who asks. */
export interface Viewer {
  actorId: string;
  username: string;
  displayName: string;
  role: Role;
  /** 工号, for people who take calls. */
  agentId?: string;
  teamId?: string;
  /** Absent for a service that came with a key. */
  sessionId?: string;
}

/** What the policy has to know of a record. */
export interface RecordFacts {
  id: string;
  tier: Tier;
  state: RecordState;
  startedAt: Date;
  /** Of every leg. */
  agentIds: readonly string[];
  teamId?: string;
}

export type Decision = { allowed: true; rule: string } | Refusal;

/**
 * May this viewer do this, here? Deny by default. Without facts the answer is whether there is any
 * record, or thing, on which they may. A refusal names what came closest and whom to ask.
 */
export function decide(
  viewer: Viewer,
  action: Action,
  facts: RecordFacts | undefined,
  clock: Clock,
  timeZone: string,
): Decision {
  const rules = rulesOf(viewer.role, action);
  const [first] = rules;
  if (first === undefined) return refusal(viewer.role, action, 'role');
  if (facts === undefined || !RECORD_ACTIONS.has(action)) return { allowed: true, rule: first.id };
  const since = lastMonthStart(clock.now(), timeZone);
  const granting = abilityOf(viewer, since).relevantRuleFor(action, asSubject(facts));
  if (granting?.reason !== undefined && !granting.inverted) {
    return { allowed: true, rule: granting.reason };
  }
  return refusal(viewer.role, action, nearestMiss(rules, viewer, facts, since));
}

/** The same conditions as SQL over `call c`: the records on which this viewer may do `action`. */
export function sqlCondition(
  viewer: Viewer,
  action: Action,
  now: Date,
  timeZone: string,
): RawBuilder<boolean> {
  const since = lastMonthStart(now, timeZone);
  const parts = rulesOf(viewer.role, action).flatMap((rule) => {
    const conditions = conditionsOf(rule, viewer, since);
    if (conditions === undefined) return [];
    if (!RECORD_ACTIONS.has(action)) return [sql<boolean>`true`];
    return [sql<boolean>`(${sql.join(conditionsSql(conditions), sql` and `)})`];
  });
  const [first, ...more] = parts;
  if (first === undefined) return sql`false`;
  return more.length === 0 ? first : sql`(${sql.join(parts, sql` or `)})`;
}

/** What the pages offer this viewer; each request is decided again all the same. */
export function abilitiesFor(viewer: Viewer): { action: string; subject: string }[] {
  const actions = POLICY.filter(({ role }) => role === viewer.role).flatMap((rule) => rule.actions);
  return [...new Set(actions)].map((action) => ({ ...SHOWN_AS[action] }));
}

let memo: { zone: string; minute: number; start: Date } | undefined;

/** Midnight of the same day of the previous month, clamped to its end, in the archive's zone. */
export function lastMonthStart(now: Date, timeZone: string): Date {
  // A page of a search asks two hundred times; days begin on whole minutes in every zone.
  const minute = Math.floor(now.getTime() / 60_000);
  if (memo?.minute !== minute || memo.zone !== timeZone) {
    const start = startOfDay(timeZone, addMonths(dayOf(timeZone, now), -1));
    memo = { zone: timeZone, minute, start };
  }
  return new Date(memo.start);
}

const rulesOf = (role: Role, action: Action): Rule[] =>
  POLICY.filter((rule) => rule.role === role && rule.actions.includes(action));

/** What a rule demands of a record, for this viewer now. Read by CASL and by the SQL alike. */
interface Conditions {
  state: 'archived';
  tier?: { $in: Tier[] };
  agentIds?: string;
  teamId?: string;
  startedAt?: { $gte: Date };
}

/** Undefined when the rule can cover nothing for this viewer. */
function conditionsOf(rule: Rule, viewer: Viewer, since: Date): Conditions | undefined {
  const conditions: Conditions = { state: 'archived' };
  if (rule.tiers.length < TIERS.length) conditions.tier = { $in: [...rule.tiers] };
  if (rule.scope === 'own') {
    if (viewer.agentId === undefined) return undefined;
    conditions.agentIds = viewer.agentId;
  }
  if (rule.scope === 'team') {
    if (viewer.teamId === undefined) return undefined;
    conditions.teamId = viewer.teamId;
  }
  if (rule.withinLastMonth) conditions.startedAt = { $gte: since };
  return conditions;
}

function conditionsSql(conditions: Conditions): RawBuilder<unknown>[] {
  // Rows of `call` are archived records; of these only the restricted ones are not to be shown.
  const parts: RawBuilder<unknown>[] = [sql`not c.restricted`];
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
  return parts;
}

const abilities = new WeakMap<Viewer, { since: number; ability: MongoAbility }>();

function abilityOf(viewer: Viewer, since: Date): MongoAbility {
  const known = abilities.get(viewer);
  if (known?.since === since.getTime()) return known.ability;
  const ability = createMongoAbility(
    POLICY.filter(({ role }) => role === viewer.role).flatMap((rule) => {
      const conditions = conditionsOf(rule, viewer, since);
      if (conditions === undefined) return [];
      return [
        {
          action: [...rule.actions],
          subject: 'record',
          conditions: { ...conditions },
          reason: rule.id,
        },
      ];
    }),
  );
  abilities.set(viewer, { since: since.getTime(), ability });
  return ability;
}

const asSubject = (facts: RecordFacts) => subject('record', { ...facts });

/** What the closest rule lacked: the one that fails latest, for the most useful answer. */
function nearestMiss(rules: Rule[], viewer: Viewer, facts: RecordFacts, since: Date): Miss {
  if (facts.state === 'restricted') return 'restricted';
  if (facts.state !== 'archived') return 'state';
  const order: Miss[] = ['tier', 'own', 'team', 'recency'];
  const misses = rules.map((rule) => missOf(rule, viewer, facts, since));
  return order.findLast((miss) => misses.includes(miss)) ?? 'role';
}

function missOf(rule: Rule, viewer: Viewer, facts: RecordFacts, since: Date): Miss {
  if (!rule.tiers.includes(facts.tier)) return 'tier';
  if (rule.scope === 'own' && !facts.agentIds.some((id) => id === viewer.agentId)) return 'own';
  if (rule.scope === 'team' && (facts.teamId ?? null) !== viewer.teamId) return 'team';
  return rule.withinLastMonth && facts.startedAt < since ? 'recency' : 'role';
}
