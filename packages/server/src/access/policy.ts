import { createMongoAbility, type MongoAbility, subject } from '@casl/ability';
import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { addMonths, dayOf, startOfDay } from '../core/zone.ts';
import type { LiveGrant, LiveMandate } from '../record/grant.ts';
import type { RecordState, Tier } from '../record/vocabulary.ts';
import type { ApiScope } from './api-scopes.ts';
import { conditionsOf, conditionsSql } from './conditions.ts';
import { type Granting, grantCovering, grantedSql, isGrantedSomewhere } from './granted.ts';
import {
  type Action,
  EVERY_GRANT,
  FIELD_OPENS,
  MANDATE_OPENS,
  POLICY,
  RECORD_ACTIONS,
  type Role,
  type Rule,
  shownAs,
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
  /** The same for all accounts of one person; a keyed hash, not the person's number. */
  personRef?: string;
  /** Of an outside auditor: the only engagement that there is for them. */
  engagementId?: string;
  /** Absent for a service that came with a key. */
  sessionId?: string;
  /** In force, or to come, for this account; their signatures were checked. */
  grants?: readonly LiveGrant[];
  mandates?: readonly LiveMandate[];
  /** What the key of a service is for; people have none. */
  scopes?: readonly ApiScope[];
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
  issueType?: string;
  segment?: string;
  industry?: string;
  /** Whose case it is: a person's, or a team's as a group. */
  case?: { actorId?: string; teamId?: string };
  /** The reviewer who holds it now. */
  leasedTo?: string;
}

/** `granting` is there where the role's own lines do not allow it. */
export type Decision = { allowed: true; rule: string; granting?: Granting } | Refusal;

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
  const now = clock.now();
  const rules = rulesOf(viewer.role, action);
  const [first] = rules;
  if (!RECORD_ACTIONS.has(action)) {
    return first === undefined
      ? refusal(viewer.role, action, 'role')
      : { allowed: true, rule: first.id };
  }
  if (facts === undefined) {
    if (first !== undefined) return { allowed: true, rule: first.id };
    return isGrantedSomewhere(viewer, action, now)
      ? { allowed: true, rule: `${viewer.role}.granted` }
      : refusal(viewer.role, action, 'role');
  }
  const since = lastMonthStart(now, timeZone);
  const line = abilityOf(viewer, since).relevantRuleFor(action, asSubject(facts));
  if (line?.reason !== undefined && !line.inverted) return { allowed: true, rule: line.reason };
  const granting = grantCovering(viewer, action, facts, now);
  if (granting !== undefined) return { allowed: true, rule: `${viewer.role}.granted`, granting };
  return refusal(viewer.role, action, nearestMiss(rules, viewer, facts, since));
}

/** The same conditions as SQL over `call c`: the records on which this viewer may do `action`. */
export function sqlCondition(
  viewer: Viewer,
  action: Action,
  now: Date,
  timeZone: string,
): RawBuilder<boolean> {
  const rules = rulesOf(viewer.role, action);
  if (!RECORD_ACTIONS.has(action)) return rules.length > 0 ? sql`true` : sql`false`;
  const since = lastMonthStart(now, timeZone);
  const parts = [
    ...rules.flatMap((rule) =>
      conditionsOf(rule, viewer, since).map((conditions) => conditionsSql(rule, conditions)),
    ),
    ...grantedSql(viewer, action, now),
  ];
  if (parts.length === 0) return sql`false`;
  return sql<boolean>`(${sql.join(parts, sql` or `)})`;
}

/** What the pages offer this viewer; each request is decided again all the same. */
export function abilitiesFor(viewer: Viewer, now: Date): { action: string; subject: string }[] {
  const actions = new Set<Action>(
    POLICY.filter(({ role }) => role === viewer.role).flatMap((rule) => rule.actions),
  );
  for (const action of [...EVERY_GRANT, ...Object.values(FIELD_OPENS), ...MANDATE_OPENS]) {
    if (isGrantedSomewhere(viewer, action, now)) actions.add(action);
  }
  return [...actions].map((action) => ({ ...shownAs(action) }));
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

const abilities = new WeakMap<Viewer, { since: number; ability: MongoAbility }>();

function abilityOf(viewer: Viewer, since: Date): MongoAbility {
  const known = abilities.get(viewer);
  if (known?.since === since.getTime()) return known.ability;
  const ability = createMongoAbility(
    POLICY.filter(({ role }) => role === viewer.role).flatMap((rule) =>
      conditionsOf(rule, viewer, since).map((conditions) => ({
        action: [...rule.actions],
        subject: 'record',
        conditions: { ...conditions },
        reason: rule.id,
      })),
    ),
  );
  abilities.set(viewer, { since: since.getTime(), ability });
  return ability;
}

const asSubject = (facts: RecordFacts) => subject('record', { ...facts });

/** What the closest rule lacked: the one that fails latest, for the most useful answer. */
function nearestMiss(rules: Rule[], viewer: Viewer, facts: RecordFacts, since: Date): Miss {
  const misses = rules.map((rule) => missOf(rule, viewer, facts, since));
  if (misses.length === 0) return 'role';
  const order: Miss[] = [
    'state',
    'restricted',
    'lease-required',
    'case',
    'tier',
    'own',
    'team',
    'recency',
  ];
  return order.findLast((miss) => misses.includes(miss)) ?? 'role';
}

function missOf(rule: Rule, viewer: Viewer, facts: RecordFacts, since: Date): Miss {
  if (!rule.states.includes(facts.state)) {
    return facts.state === 'restricted' ? 'restricted' : 'state';
  }
  if (!rule.tiers.includes(facts.tier)) return 'tier';
  if (rule.scope === 'lease' && facts.leasedTo !== viewer.actorId) return 'lease-required';
  if (rule.scope === 'case') return 'case';
  if (rule.scope === 'own' && !facts.agentIds.some((id) => id === viewer.agentId)) return 'own';
  if (rule.scope === 'team' && (facts.teamId ?? null) !== viewer.teamId) return 'team';
  return rule.withinLastMonth && facts.startedAt < since ? 'recency' : 'role';
}
