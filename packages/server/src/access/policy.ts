import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { addMonths, dayOf, startOfDay } from '../core/zone.ts';
import { type RecordState, TIERS, type Tier } from '../record/vocabulary.ts';
import { type Action, CONTENT_ACTIONS, POLICY, type Role, type Rule } from './policy-table.ts';

/** Who asks. */
export interface Viewer {
  actorId: string;
  username: string;
  displayName: string;
  role: Role;
  /** 工号, for people who take calls. */
  agentId?: string;
  teamId?: string;
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

export type Decision =
  | { allowed: true; rule: string }
  | { allowed: false; rule: string; reason: { zh: string; en: string }; askWhom?: string };

/**
 * May this viewer do this, here? Deny by default. Without facts the answer is whether there is any
 * record, or thing, on which they may. A refusal names the rule that comes closest and whom to ask.
 */
export function decide(
  viewer: Viewer,
  action: Action,
  facts: RecordFacts | undefined,
  clock: Clock,
  timeZone: string,
): Decision {
  const rules = POLICY.filter((rule) => rule.role === viewer.role && rule.actions.includes(action));
  const [first] = rules;
  if (first === undefined) return refusal(viewer.role, action, 'role');
  if (facts === undefined) return { allowed: true, rule: first.id };
  if (facts.state === 'restricted') return refusal(viewer.role, action, 'restricted');
  if (facts.state !== 'archived') return refusal(viewer.role, action, 'state');
  const since = lastMonthStart(clock.now(), timeZone);
  const misses = rules.map((rule) => ({ rule, miss: missOf(rule, viewer, facts, since) }));
  const granting = misses.find(({ miss }) => miss === undefined);
  if (granting !== undefined) return { allowed: true, rule: granting.rule.id };
  return refusal(viewer.role, action, misses[0]?.miss ?? 'role');
}

/** The same rules as SQL over `call c`: which records this viewer may do `action` on. */
export function sqlCondition(
  viewer: Viewer,
  action: Action,
  now: Date,
  timeZone: string,
): RawBuilder<boolean> {
  const rules = POLICY.filter((rule) => rule.role === viewer.role && rule.actions.includes(action));
  const parts = rules.flatMap((rule) => {
    const scope = scopeSql(rule, viewer);
    if (scope === undefined) return [];
    const conditions: RawBuilder<boolean>[] = [...scope];
    if (rule.tiers.length === 1) conditions.push(sql`c.tier = ${rule.tiers[0]}`);
    else if (rule.tiers.length < TIERS.length) {
      conditions.push(sql`c.tier = any(${[...rule.tiers]}::text[])`);
    }
    if (rule.withinLastMonth) {
      conditions.push(sql`c.started_at >= ${lastMonthStart(now, timeZone)}`);
    }
    conditions.push(sql`not c.restricted`);
    return [sql<boolean>`(${sql.join(conditions, sql` and `)})`];
  });
  if (parts.length === 0) return sql`false`;
  return parts.length === 1 ? (parts[0] ?? sql`false`) : sql`(${sql.join(parts, sql` or `)})`;
}

/** What the pages offer this viewer; each request is decided again all the same. */
export function abilitiesFor(viewer: Viewer): { action: string; subject: string }[] {
  const actions = new Set(
    POLICY.filter((rule) => rule.role === viewer.role).flatMap((rule) => rule.actions),
  );
  return [...actions].map((action) => ({
    action,
    subject: CONTENT_ACTIONS.has(action) ? 'record' : 'archive',
  }));
}

/** Midnight of the same day of the previous month, clamped to its end, in the archive's zone. */
export function lastMonthStart(now: Date, timeZone: string): Date {
  return startOfDay(timeZone, addMonths(dayOf(timeZone, now), -1));
}

type Miss = 'role' | 'tier' | 'own' | 'team' | 'recency' | 'restricted' | 'state';

function missOf(rule: Rule, viewer: Viewer, facts: RecordFacts, since: Date): Miss | undefined {
  if (!rule.tiers.includes(facts.tier)) return 'tier';
  if (rule.scope === 'own') {
    if (viewer.agentId === undefined || !facts.agentIds.includes(viewer.agentId)) return 'own';
  }
  if (rule.scope === 'team') {
    if (viewer.teamId === undefined || viewer.teamId !== facts.teamId) return 'team';
  }
  if (rule.withinLastMonth && facts.startedAt < since) return 'recency';
  return undefined;
}

/** Undefined when the rule can cover nothing for this viewer. */
function scopeSql(rule: Rule, viewer: Viewer): RawBuilder<boolean>[] | undefined {
  if (rule.scope === 'all') return [];
  if (rule.scope === 'team') {
    return viewer.teamId === undefined ? undefined : [sql`c.team_id = ${viewer.teamId}`];
  }
  if (viewer.agentId === undefined) return undefined;
  return [
    sql`exists (select 1 from call_leg l where l.record_id = c.id
      and l.started_at = c.started_at and l.agent_id = ${viewer.agentId})`,
  ];
}

const REASONS: Record<Miss, { zh: string; en: string; askWhom?: string }> = {
  role: {
    zh: '您的角色没有这项权限。',
    en: 'Your role does not include this.',
    askWhom: 'admin',
  },
  tier: {
    zh: '该记录的存储层超出您角色的范围,需经双人审批授权。',
    en: 'The record is in a tier beyond your role; a grant by two approvers is needed.',
    askWhom: 'approver',
  },
  own: {
    zh: '只能查看本人接听的通话。',
    en: 'You may see calls that you took part in.',
    askWhom: 'team_lead',
  },
  team: {
    zh: '只能查看本班组的通话。',
    en: "You may see your team's calls.",
    askWhom: 'qa',
  },
  recency: {
    zh: '只能查看近 1 个月的通话。',
    en: 'You may see calls of the last month.',
    askWhom: 'qa',
  },
  restricted: {
    zh: '该记录已限制处理:客户要求删除,法定保存期尚未届满。',
    en: 'The record is restricted: erasure was asked for and the legal minimum still runs.',
    askWhom: 'compliance',
  },
  state: {
    zh: '该记录尚未归档,暂不可查看。',
    en: 'The record is not archived yet.',
    askWhom: 'operator',
  },
};

/** Roles that will read by grant, case or mandate: the role alone opens nothing. */
const BY_GRANT: readonly Role[] = [
  'crisis',
  'reviewer',
  'approver',
  'regulator',
  'auditor',
  'analyst',
];

function refusal(role: Role, action: Action, miss: Miss): Decision {
  if (miss === 'role' && CONTENT_ACTIONS.has(action) && BY_GRANT.includes(role)) {
    return {
      allowed: false,
      rule: `${role}.grant-required`,
      reason: {
        zh: '该角色须凭授权查看:请提交调阅申请,由两名审批人批准。',
        en: 'This role reads by grant only: request access, two approvers decide.',
      },
      askWhom: 'approver',
    };
  }
  const { askWhom, ...reason } = REASONS[miss];
  return {
    allowed: false,
    rule: `${role}.${miss}`,
    reason,
    ...(askWhom === undefined ? {} : { askWhom }),
  };
}
