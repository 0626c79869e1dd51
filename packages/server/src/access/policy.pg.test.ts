import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { GRANT_FIELDS, type LiveGrant, type LiveMandate } from '../record/grant.ts';
import { TIERS } from '../record/vocabulary.ts';
import { decide, lastMonthStart, type RecordFacts, sqlCondition, type Viewer } from './policy.ts';
import { ACTIONS, RECORD_ACTIONS, ROLES } from './policy-table.ts';

const ZONE = 'Asia/Shanghai';
const clock = fixedClock('2026-03-31T04:00:00Z');
const since = lastMonthStart(clock.now(), ZONE);
const person = (role: Viewer['role'], more: Partial<Viewer> = {}): Viewer => ({
  ...{ actorId: 'p', username: 'p', displayName: 'P', role, ...more },
});
const record = (more: Partial<RecordFacts> = {}): RecordFacts => ({
  ...{ id: '0198f1d2-0000-7000-8000-000000000001', tier: 'basic', state: 'archived' },
  ...{ startedAt: new Date('2026-03-20T00:00:00Z'), agentIds: ['001'], teamId: 'a', ...more },
});
const ask = (viewer: Viewer, action: (typeof ACTIONS)[number], facts = record()) =>
  decide(viewer, action, facts, clock, ZONE);

/** Of the record below or another one, in force or over, for this person or somebody else. */
const grants: fc.Arbitrary<LiveGrant> = fc.record({
  id: fc.constant('g'),
  kind: fc.constantFrom('records' as const, 'break_glass' as const),
  holderId: fc.constantFrom('p', 'p', 'p', 'other'),
  holderRole: fc.constantFrom('auditor', 'auditor', 'qa', 'crisis', 'agent'),
  since: fc.constant(new Date('2026-03-31T03:00:00Z')),
  until: fc.constantFrom('2026-03-31T05:00:00Z', '2026-03-31T04:00:00Z').map((at) => new Date(at)),
  category: fc.constant('audit' as const),
  fields: fc.subarray([...GRANT_FIELDS], { minLength: 1 }),
  records: fc
    .record({
      id: fc.constantFrom(record().id, record().id, '0198f1d2-0000-7000-8000-000000000002'),
      tier: fc.constantFrom(...TIERS),
      startedAt: fc
        .constantFrom(-1, 0, 1, 86_400_000)
        .map((ms) => new Date(since.getTime() + ms).toISOString()),
    })
    .map((one) => [one]),
});
const mandates: fc.Arbitrary<LiveMandate> = fc.record({
  id: fc.constant('m'),
  holderId: fc.constantFrom('p', 'p', 'other'),
  holderRole: fc.constant('regulator'),
  since: fc.constantFrom('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z').map((at) => new Date(at)),
  until: fc.constant(new Date('2026-05-01T00:00:00Z')),
  category: fc.constant('regulator' as const),
  scope: fc
    .record({
      industries: fc.constantFrom(['telecom'], ['bank', 'energy'], undefined),
      issueTypes: fc.constantFrom(['x'], ['z'], undefined),
      from: fc.constantFrom(since, new Date(since.getTime() + 1)).map((at) => at.toISOString()),
      before: fc.constant('2026-04-01T00:00:00.000Z'),
    })
    .map(({ industries, issueTypes, ...rest }) => ({
      ...rest,
      ...(industries === undefined ? {} : { industries }),
      ...(issueTypes === undefined ? {} : { issueTypes }),
    })),
});

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  await sql`select voxkeep_ensure_month(m) from generate_series('2026-01-15'::timestamptz,
    '2026-04-15', '1 month') m`.execute(database.db);
});
afterAll(() => database.close());

it('begins the last month at midnight of the clamped day in the zone of the archive', () => {
  expect(since.toISOString()).toBe('2026-02-27T16:00:00.000Z');
  const agent = person('agent', { agentId: '001' });
  const at = (ms: number) => record({ startedAt: new Date(since.getTime() + ms) });
  expect(ask(agent, 'stream', at(0)).allowed).toBe(true);
  expect(ask(agent, 'stream', at(-1))).toMatchObject({ allowed: false, rule: 'agent.recency' });
});

it('lets an agent read own basic calls only, and says which rule refuses', () => {
  const agent = person('agent', { agentId: '001' });
  expect(ask(agent, 'stream').allowed).toBe(true);
  expect(ask(agent, 'stream', record({ agentIds: ['002'] }))).toMatchObject({ rule: 'agent.own' });
  expect(ask(agent, 'stream', record({ agentIds: ['002', '001'] })).allowed).toBe(true);
  expect(ask(agent, 'view', record({ tier: 'core' }))).toMatchObject({ rule: 'agent.tier' });
  expect(ask(person('agent'), 'stream').allowed).toBe(false);
  expect(ask(agent, 'download')).toMatchObject({ allowed: false, rule: 'agent.role' });
});

it('gives quality inspectors every tier, and neither download, original nor deletion', () => {
  for (const tier of ['basic', 'core', 'sensitive'] as const) {
    expect(ask(person('qa'), 'stream', record({ tier })).allowed).toBe(true);
  }
  for (const action of ['download', 'original', 'delete', 'export'] as const) {
    expect(ask(person('qa'), action).allowed).toBe(false);
  }
});

it('shows operators, administrators and services no content whatever they ask for', () => {
  for (const role of ['operator', 'admin', 'service', 'approver', 'analyst'] as const) {
    for (const action of ['search', 'view', 'stream', 'read_transcript', 'trail'] as const) {
      expect(ask(person(role), action).allowed).toBe(false);
    }
  }
});

it('keeps compliance to metadata, and auditors to basic content without a grant', () => {
  expect(ask(person('compliance'), 'view', record({ tier: 'core' })).allowed).toBe(true);
  expect(ask(person('compliance'), 'read_transcript').allowed).toBe(false);
  expect(ask(person('auditor'), 'stream').allowed).toBe(true);
  expect(ask(person('auditor'), 'stream', record({ tier: 'core' }))).toMatchObject({
    ...{ allowed: false, rule: 'auditor.tier', askWhom: 'approver' },
  });
});

it('refuses everything on unfinished records, and on restricted ones but compliance’s own', () => {
  const answersFor = ['search', 'view', 'trail', 'hold', 'delete', 'restrict'];
  for (const role of ROLES) {
    for (const action of RECORD_ACTIONS) {
      for (const state of ['restricted', 'quarantined', 'sealed', 'disposed'] as const) {
        const asked = ask(person(role, { agentId: '001', teamId: 'a' }), action, record({ state }));
        const own = role === 'compliance' && state === 'restricted' && answersFor.includes(action);
        expect(asked.allowed).toBe(own);
      }
    }
  }
});

it('gives the same answer as SQL for any viewer, action and record', async () => {
  const viewers = fc.record({
    role: fc.constantFrom(...ROLES),
    grant: fc.option(grants, { nil: undefined }),
    mandate: fc.option(mandates, { nil: undefined }),
    agentId: fc.constantFrom('001', '002', undefined),
    teamId: fc.constantFrom('a', 'b', undefined),
  });
  const records = fc.record({
    tier: fc.constantFrom('basic' as const, 'core' as const, 'sensitive' as const),
    startedAt: fc.constantFrom(-1, 0, 1, 86_400_000).map((ms) => new Date(since.getTime() + ms)),
    agentIds: fc.subarray(['001', '002', '003'], { minLength: 1 }),
    teamId: fc.constantFrom('a', 'b', undefined),
    state: fc.constantFrom('archived' as const, 'restricted' as const),
    industry: fc.constantFrom('telecom', 'bank', undefined),
    issueType: fc.constantFrom('x', 'y'),
    case: fc.constantFrom(undefined, { actorId: 'p' }, { actorId: 'q' }, { teamId: 'a' }),
  });
  await fc.assert(
    fc.asyncProperty(viewers, fc.constantFrom(...ACTIONS), records, async (who, action, what) => {
      const { agentId, teamId, role, grant, mandate } = who;
      const viewer = person(role, {
        ...(grant === undefined ? {} : { grants: [grant] }),
        ...(mandate === undefined ? {} : { mandates: [mandate] }),
        ...(agentId === undefined ? {} : { agentId }),
        ...(teamId === undefined ? {} : { teamId }),
      });
      const { teamId: team, industry, case: whose, ...rest } = what;
      const { teamId: _, ...base } = record();
      const facts: RecordFacts = {
        ...{ ...base, ...rest },
        ...(team === undefined ? {} : { teamId: team }),
        ...(industry === undefined ? {} : { industry }),
        ...(whose === undefined ? {} : { case: whose }),
      };
      await database.db.transaction().execute(async (tx) => {
        await sql`delete from call`.execute(tx);
        await sql`delete from call_leg`.execute(tx);
        await sql`delete from record_case`.execute(tx);
        if (whose !== undefined) {
          await sql`insert into record_case values (${facts.id}, ${whose.actorId ?? null},
            ${whose.teamId ?? null}, 'z', now())`.execute(tx);
        }
        await sql`insert into call (id, started_at, duration_s, tier, issue_type, agent_id, team_id,
          channel, direction, finding_count, restricted, industry, fields) values (${facts.id},
          ${facts.startedAt}, 1, ${facts.tier}, ${facts.issueType}, ${facts.agentIds[0]},
          ${team ?? null}, 'voice', 'inbound', 0, ${facts.state === 'restricted'},
          ${industry ?? null}, '')`.execute(tx);
        for (const agent of facts.agentIds) {
          await sql`insert into call_leg values (${facts.id}, ${facts.startedAt}, ${agent})`.execute(
            tx,
          );
        }
        const condition = sqlCondition(viewer, action, clock.now(), ZONE);
        const { rows } = await sql`select 1 from call c where ${condition}`.execute(tx);
        expect(rows.length === 1).toBe(ask(viewer, action, facts).allowed);
      });
    }),
    { numRuns: 1000 },
  );
});
