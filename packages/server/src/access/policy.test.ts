import { expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { TIERS, type Tier } from '../record/vocabulary.ts';
import { abilitiesFor, decide, lastMonthStart, type RecordFacts, type Viewer } from './policy.ts';
import { ACTIONS, type Action, RECORD_ACTIONS, ROLES, type Role } from './policy-table.ts';

const ZONE = 'Asia/Shanghai';
const NOW = '2026-03-31T04:00:00Z';
const clock = fixedClock(NOW);
const viewer = (role: Role): Viewer => ({
  ...{ actorId: 'p', username: 'p', displayName: 'P', role, agentId: '001', teamId: 'a' },
});

type Whose = 'own' | 'team' | 'foreign';
type Age = 'recent' | 'old';
const record = (tier: Tier, whose: Whose, age: Age): RecordFacts => ({
  ...{ id: '0198f1d2-0000-7000-8000-000000000001', tier, state: 'archived' },
  startedAt: new Date(age === 'recent' ? '2026-03-20T00:00:00Z' : '2026-01-20T00:00:00Z'),
  agentIds: whose === 'own' ? ['009', '001'] : ['009'],
  teamId: whose === 'foreign' ? 'b' : 'a',
  ...(whose === 'foreign' ? {} : { case: whose === 'own' ? { actorId: 'p' } : { teamId: 'a' } }),
});

/**
 * The expectation, written from the table of roles and not from the policy's lines: which of
 * tier × whose × age a role may do each action on. What is not here is refused.
 */
const READ: Action[] = ['search', 'view', 'stream', 'read_transcript'];
const EXPECTED: Partial<
  Record<Role, { actions: Action[]; on: (tier: Tier, whose: Whose, age: Age) => boolean }[]>
> = {
  agent: [{ actions: READ, on: (t, w, a) => t === 'basic' && w === 'own' && a === 'recent' }],
  team_lead: [
    {
      actions: [...READ, 'propose_clip'],
      on: (t, w, a) => t === 'basic' && w !== 'foreign' && a === 'recent',
    },
  ],
  qa: [{ actions: [...READ, 'score'], on: () => true }],
  crisis: [
    {
      actions: [...READ, 'attachment', 'assign_case', 'link_ticket'],
      on: (t, w) => t === 'core' && w !== 'foreign',
    },
  ],
  compliance: [
    {
      actions: ['search', 'view', 'trail', 'hold', 'delete', 'restrict', 'reclassify'],
      on: () => true,
    },
  ],
  auditor: [
    { actions: ['search', 'view', 'trail'], on: () => true },
    { actions: ['stream', 'read_transcript'], on: (t) => t === 'basic' },
  ],
  trainer: [{ actions: [...READ, 'make_clip'], on: (t) => t === 'basic' }],
};
const ARCHIVE_ACTIONS: Partial<Record<Role, Action[]>> = {
  agent: ['own_scores', 'request_access'],
  team_lead: ['request_access'],
  qa: ['request_access'],
  crisis: ['request_access'],
  compliance: [
    'ledger',
    'audits',
    'retention',
    'request_mandate',
    'access_requests',
    'end_access',
    'enrol',
    'close_account',
    'engage',
  ],
  auditor: ['ledger', 'audits', 'access_requests', 'request_access', 'examine'],
  approver: ['approve', 'access_requests', 'end_access'],
  regulator: ['request_mandate'],
  trainer: ['clips'],
  analyst: ['aggregates'],
  operator: ['ingest', 'jobs', 'retry_job', 'status', 'key_ceremony'],
  admin: ['accounts', 'api_keys', 'configure', 'status', 'enrol'],
  service: ['ingest'],
};

it.each(ROLES)('decides for %s as the table says: every action, tier, ownership, age', (role) => {
  for (const action of ACTIONS) {
    for (const tier of TIERS) {
      for (const whose of ['own', 'team', 'foreign'] as const) {
        for (const age of ['recent', 'old'] as const) {
          const expected = RECORD_ACTIONS.has(action)
            ? (EXPECTED[role] ?? []).some(
                (line) => line.actions.includes(action) && line.on(tier, whose, age),
              )
            : (ARCHIVE_ACTIONS[role] ?? []).includes(action);
          const found = decide(viewer(role), action, record(tier, whose, age), clock, ZONE);
          expect([role, action, tier, whose, age, found.allowed]).toEqual([
            ...[role, action, tier, whose, age, expected],
          ]);
          if (!found.allowed) {
            expect(found.rule.startsWith(`${role}.`)).toBe(true);
            expect(found.reason.zh).toMatch(/\p{Script=Han}/u);
            expect(found.reason.en).not.toBe('');
            expect(ROLES).toContain(found.askWhom);
          }
        }
      }
    }
  }
});

it.each([
  ['2026-03-31T04:00:00Z', '2026-02-27T16:00:00.000Z', 'clamped to 28 February'],
  ['2024-03-31T04:00:00Z', '2024-02-28T16:00:00.000Z', 'clamped to 29 February in a leap year'],
  ['2026-01-15T04:00:00Z', '2025-12-14T16:00:00.000Z', 'over the new year'],
  ['2026-05-31T04:00:00Z', '2026-04-29T16:00:00.000Z', 'clamped to 30 April'],
  ['2026-03-14T15:59:59.999Z', '2026-02-13T16:00:00.000Z', 'the last millisecond of a day'],
  ['2026-03-14T16:00:00.000Z', '2026-02-14T16:00:00.000Z', 'the first millisecond of the next'],
])('begins the last month of %s at %s: %s', (now, start) => {
  expect(lastMonthStart(new Date(now), ZONE).toISOString()).toBe(start);
});

it('lets a call go out of reach at midnight of the zone, not of UTC', () => {
  const call = { ...record('basic', 'own', 'recent'), startedAt: new Date('2026-02-13T20:00:00Z') };
  const at = (now: string) => decide(viewer('agent'), 'stream', call, fixedClock(now), ZONE);
  expect(at('2026-03-14T15:59:59.999Z').allowed).toBe(true);
  expect(at('2026-03-14T16:00:00.000Z')).toMatchObject({ allowed: false, rule: 'agent.recency' });
});

it('counts calendar days where clocks change, too', () => {
  const start = lastMonthStart(new Date('2026-04-10T10:00:00Z'), 'Europe/Berlin');
  expect(start.toISOString()).toBe('2026-03-09T23:00:00.000Z');
});

it.each([
  ['qa', 'original', 'qa.grant-required', 'approver'],
  ['qa', 'delete', 'qa.disposal-only', 'compliance'],
  ['auditor', 'stream', 'auditor.tier', 'approver'],
  ['regulator', 'view', 'regulator.mandate-required', 'compliance'],
  ['crisis', 'original', 'crisis.grant-required', 'approver'],
  ['agent', 'download', 'agent.role', 'admin'],
  ['operator', 'stream', 'operator.role', 'admin'],
] as const)('refuses %s %s of a core record by %s and names %s', (role, action, rule, askWhom) => {
  const found = decide(viewer(role), action, record('core', 'own', 'recent'), clock, ZONE);
  expect(found).toMatchObject({ allowed: false, rule, askWhom });
});

it('takes the right away at once when a record moves up a tier', () => {
  const facts = record('basic', 'own', 'recent');
  expect(decide(viewer('agent'), 'stream', facts, clock, ZONE).allowed).toBe(true);
  const moved = { ...facts, tier: 'sensitive' as const };
  expect(decide(viewer('agent'), 'stream', moved, clock, ZONE)).toMatchObject({
    rule: 'agent.tier',
  });
});

it('offers the pages what the policy allows, and nothing else', () => {
  const pairs = (role: Role) =>
    abilitiesFor(viewer(role), clock.now()).map(({ action, subject }) => `${action} ${subject}`);
  expect(pairs('service')).toEqual(['create record']);
  expect(pairs('agent')).toContain('search record');
  expect(pairs('operator')).toEqual([
    ...['create record', 'read job', 'retry job', 'read status', 'manage key'],
  ]);
  expect(pairs('admin')).toContain('manage account');
  expect(pairs('regulator')).toEqual(['request_mandate access']);
});
