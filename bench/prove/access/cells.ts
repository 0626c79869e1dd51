import {
  ARCHIVE_ACTIONS,
  FIELDS,
  type Field,
  RECORD_ACTIONS,
  ROLES,
  type Role,
  STATES,
  type State,
  TIERS,
  type Tier,
} from '../../../test/oracle/access-table.ts';
import type { Call, Cell, Grant, Mandate, Viewer } from '../../../test/oracle/judge-access.ts';
import { monthBefore } from '../../../test/oracle/month-before.ts';
import type { Seeded } from './random.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ME = 'person-1';
const AGENT = '001';
const TEAM = 'T01';

/** Moments at which a month back is easy to get wrong, and one that is not. */
const NOWS = [
  ...['2026-03-31T23:59:59.999+08:00', '2026-03-01T00:00:00+08:00', '2028-03-29T12:00:00+08:00'],
  ...['2026-01-01T00:00:00+08:00', '2026-05-31T08:00:00+08:00', '2026-11-17T15:30:00+08:00'],
].map((text) => new Date(text));

/** Of whom the record is, as the viewer sees it. */
const RELATIONS = [
  ...(['own', 'own-later-leg', 'team', 'own-and-team', 'other', 'nobody'] as const),
  ...(['own-case', 'team-case', 'other-case', 'leased', 'leased-to-other'] as const),
] as const;
type Relation = (typeof RELATIONS)[number];

const AGES = ['now', 'edge', 'before-edge', 'after-edge', 'two-months', 'years'] as const;
type Age = (typeof AGES)[number];

/** How a grant stands to the cell that it is tried on. */
const GRANTS = [
  ...(['live', 'just-begun', 'last-moment', 'ended', 'just-ended', 'to-come'] as const),
  ...(['other-record', 'other-field', 'other-person', 'other-role'] as const),
  ...(['seen-looser', 'seen-stricter', 'among-others'] as const),
] as const;
const MANDATES = [
  ...(['live', 'ended', 'to-come', 'other-person', 'other-role', 'other-industry'] as const),
  ...(['other-issue', 'before-scope', 'after-scope', 'first-of-scope', 'narrow'] as const),
  'no-industry-known',
] as const;

const viewerOf = (role: Role): Viewer => ({ actorId: ME, role, agentId: AGENT, teamId: TEAM });

function startOf(age: Age, now: Date, timeZone: string): Date {
  const edge = monthBefore(now, timeZone).getTime();
  const times: Record<Age, number> = {
    ...{ now: now.getTime(), edge, 'before-edge': edge - 1, 'after-edge': edge + 1 },
    ...{ 'two-months': edge - 30 * DAY_MS, years: edge - 1200 * DAY_MS },
  };
  return new Date(times[age]);
}

function callOf(tier: Tier, state: State, relation: Relation, startedAt: Date): Call {
  const whose: Record<Relation, Partial<Call>> = {
    ...{ own: { agentIds: [AGENT] }, 'own-later-leg': { agentIds: ['008', AGENT] } },
    ...{ team: { teamId: TEAM }, 'own-and-team': { agentIds: [AGENT], teamId: TEAM } },
    ...{ other: { agentIds: ['009'], teamId: 'T09' }, nobody: { agentIds: [] } },
    ...{ 'own-case': { case: { actorId: ME } }, 'team-case': { case: { teamId: TEAM } } },
    'other-case': { case: { actorId: 'person-2' } },
    ...{ leased: { leasedTo: ME }, 'leased-to-other': { leasedTo: 'person-2' } },
  };
  const known = { id: 'r1', issueType: '设备故障', industry: '电信', agentIds: ['009'] };
  return { ...known, tier, state, startedAt, ...whose[relation] };
}

/** Everything that roles alone decide, product for product. */
export function* cellsByRole(timeZone: string): Generator<Cell> {
  const rest = { grants: [], mandates: [], timeZone };
  for (const now of NOWS) {
    for (const role of ROLES) {
      for (const action of Object.keys(ARCHIVE_ACTIONS) as (keyof typeof ARCHIVE_ACTIONS)[]) {
        yield { viewer: viewerOf(role), action, now, ...rest };
      }
    }
  }
  const [now = new Date()] = NOWS;
  for (const role of ROLES) {
    const viewer = viewerOf(role);
    for (const action of RECORD_ACTIONS) {
      for (const tier of TIERS) {
        for (const state of STATES) {
          for (const relation of RELATIONS) {
            for (const age of ['now', 'before-edge'] as const) {
              const call = callOf(tier, state, relation, startOf(age, now, timeZone));
              yield { viewer, action, call, now, ...rest };
            }
          }
        }
      }
    }
  }
}

/** The edges of the month, at moments where they are easy to get wrong. */
export function* cellsByAge(timeZone: string): Generator<Cell> {
  for (const now of NOWS) {
    for (const role of ROLES) {
      for (const action of ['search', 'view', 'stream', 'read_transcript', 'trail'] as const) {
        for (const tier of TIERS) {
          for (const relation of ['own', 'team', 'other'] as const) {
            for (const age of AGES) {
              const call = callOf(tier, 'archived', relation, startOf(age, now, timeZone));
              const rest = { grants: [], mandates: [], timeZone };
              yield { viewer: viewerOf(role), action, call, now, ...rest };
            }
          }
        }
      }
    }
  }
}

/** Every grant against every role, action, tier and state. */
export function* cellsByGrant(timeZone: string): Generator<Cell> {
  const now = NOWS[3] ?? new Date();
  for (const role of ROLES) {
    for (const action of RECORD_ACTIONS) {
      for (const tier of TIERS) {
        for (const state of ['archived', 'restricted', 'quarantined', 'disposed'] as const) {
          const call = callOf(tier, state, 'other', startOf('years', now, timeZone));
          for (const field of FIELDS) {
            for (const kind of GRANTS) {
              const grants = [grantOf(kind, role, call, field, now)];
              yield { viewer: viewerOf(role), action, call, now, grants, mandates: [], timeZone };
            }
          }
        }
      }
    }
  }
}

/** Every mandate against every role, action, tier and state. */
export function* cellsByMandate(timeZone: string): Generator<Cell> {
  const now = NOWS[4] ?? new Date();
  for (const role of ROLES) {
    for (const action of RECORD_ACTIONS) {
      for (const tier of TIERS) {
        for (const state of ['archived', 'restricted', 'quarantined', 'disposed'] as const) {
          for (const kind of MANDATES) {
            const call = callOf(tier, state, 'other', startOf('two-months', now, timeZone));
            if (kind === 'no-industry-known') delete call.industry;
            const mandates = [mandateOf(kind, call, now)];
            yield { viewer: viewerOf(role), action, call, now, grants: [], mandates, timeZone };
          }
        }
      }
    }
  }
}

/** Anything with anything: people without ids, several grants and mandates at a time. */
export function* cellsAtRandom(random: Seeded, count: number, timeZone: string): Generator<Cell> {
  for (let made = 0; made < count; made += 1) {
    const now = random.pick(NOWS);
    const role = random.pick(ROLES);
    const { agentId, teamId, ...bare } = viewerOf(role);
    const viewer: Viewer = {
      ...bare,
      ...(random.chance(0.8) && agentId !== undefined ? { agentId } : {}),
      ...(random.chance(0.8) && teamId !== undefined ? { teamId } : {}),
    };
    const startedAt = startOf(random.pick(AGES), now, timeZone);
    const state = random.chance(0.6) ? 'archived' : random.pick(STATES);
    const call = callOf(random.pick(TIERS), state, random.pick(RELATIONS), startedAt);
    const holder = random.chance(0.8) ? role : random.pick(ROLES);
    const grants = Array.from({ length: random.below(4) }, () =>
      grantOf(random.pick(GRANTS), holder, call, random.pick(FIELDS), now),
    );
    const mandates = Array.from({ length: random.below(3) }, () =>
      mandateOf(random.pick(MANDATES), call, now),
    );
    const action = random.pick(RECORD_ACTIONS);
    yield { viewer, action, call, now, grants, mandates, timeZone };
  }
}

function grantOf(
  kind: (typeof GRANTS)[number],
  role: Role,
  call: Call,
  field: Field,
  now: Date,
): Grant {
  const at = (ms: number) => new Date(now.getTime() + ms);
  const others = FIELDS.filter((one) => one !== field);
  const tierBy = (steps: number) => TIERS[TIERS.indexOf(call.tier) + steps] ?? call.tier;
  const seen = (tier: Tier, id = call.id) => ({ id, tier });
  const grant: Grant = {
    ...{ holderId: ME, holderRole: role, fields: [field], records: [seen(call.tier)] },
    ...{ since: at(-MINUTE_MS), until: at(MINUTE_MS) },
  };
  const changes: Record<typeof kind, Partial<Grant>> = {
    ...{ live: {}, 'just-begun': { since: at(0) }, 'last-moment': { until: at(1) } },
    ...{
      ended: { since: at(-2 * MINUTE_MS), until: at(-MINUTE_MS) },
      'just-ended': { until: at(0) },
    },
    'to-come': { since: at(1), until: at(MINUTE_MS) },
    'other-record': { records: [seen(call.tier, 'r2')] },
    ...{ 'other-field': { fields: others }, 'other-person': { holderId: 'person-2' } },
    'other-role': { holderRole: role === 'qa' ? 'auditor' : 'qa' },
    'seen-looser': { records: [seen(tierBy(-1))] },
    'seen-stricter': { records: [seen(tierBy(1))] },
    'among-others': { records: [seen('basic', 'r2'), seen(call.tier)], fields: FIELDS },
  };
  return { ...grant, ...changes[kind] };
}

function mandateOf(kind: (typeof MANDATES)[number], call: Call, now: Date): Mandate {
  const at = (ms: number) => new Date(now.getTime() + ms);
  const from = (ms: number) => new Date(call.startedAt.getTime() + ms);
  const scope = { from: from(-DAY_MS), before: from(DAY_MS) };
  const mandate: Mandate = {
    ...{ holderId: ME, holderRole: 'regulator', since: at(-DAY_MS), until: at(DAY_MS), scope },
  };
  const changes: Record<typeof kind, Partial<Mandate>> = {
    ...{ live: {}, ended: { until: at(0) }, 'to-come': { since: at(1) } },
    ...{ 'other-person': { holderId: 'person-2' }, 'other-role': { holderRole: 'auditor' } },
    'other-industry': { scope: { ...scope, industries: ['金融', '医疗'] } },
    'other-issue': { scope: { ...scope, issueTypes: ['账单查询'] } },
    'before-scope': { scope: { ...scope, from: from(1) } },
    'after-scope': { scope: { ...scope, before: from(0) } },
    'first-of-scope': { scope: { from: from(0), before: from(1) } },
    narrow: { scope: { ...scope, industries: ['金融', '电信'], issueTypes: ['设备故障'] } },
    'no-industry-known': { scope: { ...scope, industries: ['电信'] } },
  };
  return { ...mandate, ...changes[kind] };
}
