import { expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { GRANT_FIELDS, type LiveGrant, type LiveMandate } from '../record/grant.ts';
import { decide, type RecordFacts, type Viewer } from './policy.ts';
import { type Action, RECORD_ACTIONS, ROLES, type Role } from './policy-table.ts';

const ZONE = 'Asia/Shanghai';
const NOW = '2026-03-31T04:00:00Z';
const ID = '0198f1d2-0000-7000-8000-000000000001';
const STARTED = new Date('2020-05-05T00:00:00Z');

const grant = (more: Partial<LiveGrant> = {}): LiveGrant => ({
  ...{
    id: 'g',
    kind: 'records',
    holderId: 'p',
    holderRole: 'auditor',
    category: 'audit',
    fields: GRANT_FIELDS,
  },
  ...{ since: new Date('2026-03-31T03:00:00Z'), until: new Date('2026-03-31T05:00:00Z') },
  records: [{ id: ID, tier: 'core', startedAt: STARTED.toISOString() }],
  ...more,
});
const mandate = (scope: Partial<LiveMandate['scope']> = {}): LiveMandate => ({
  ...{ id: 'm', holderId: 'p', holderRole: 'regulator', category: 'regulator' },
  ...{ since: new Date('2026-03-01T00:00:00Z'), until: new Date('2026-05-01T00:00:00Z') },
  scope: { from: '2020-01-01T00:00:00Z', before: '2021-01-01T00:00:00Z', ...scope },
});
const facts = (more: Partial<RecordFacts> = {}): RecordFacts => ({
  ...{ id: ID, tier: 'core', state: 'archived', startedAt: STARTED, agentIds: ['009'] },
  ...more,
});
const ask = (
  role: Role,
  action: Action,
  about: RecordFacts,
  more: Partial<Viewer>,
  at: string = NOW,
) => {
  const viewer: Viewer = { actorId: 'p', username: 'p', displayName: 'P', role, ...more };
  return decide(viewer, action, about, fixedClock(at), ZONE);
};

/** Written from docs/access.md, "By grant". */
const GIVES: Partial<Record<Role, Action[]>> = {
  agent: ['search', 'view', 'stream', 'read_transcript'],
  team_lead: ['search', 'view', 'stream', 'read_transcript'],
  qa: ['attachment', 'original'],
  crisis: ['search', 'view', 'stream', 'read_transcript', 'attachment', 'original'],
  auditor: ['stream', 'read_transcript', 'attachment', 'original', 'download', 'export'],
};

it.each(ROLES)('gives %s by a grant of every field what its role may hold, and no more', (role) => {
  const alone = [...RECORD_ACTIONS].filter((action) => ask(role, action, facts(), {}).allowed);
  const with_ = [...RECORD_ACTIONS].filter(
    (action) => ask(role, action, facts(), { grants: [grant({ holderRole: role })] }).allowed,
  );
  expect(with_.toSorted()).toEqual([...new Set([...alone, ...(GIVES[role] ?? [])])].toSorted());
});

it('names the grant that allowed it', () => {
  const found = ask('auditor', 'stream', facts(), { grants: [grant()] });
  expect(found).toMatchObject({ allowed: true, rule: 'auditor.granted', granting: { id: 'g' } });
});

it.each([
  ['its end', {}, '2026-03-31T05:00:00.000Z', facts()],
  ['its beginning', {}, '2026-03-31T02:59:59.999Z', facts()],
  ['another account', { holderId: 'q' }, NOW, facts()],
  ['another role', { holderRole: 'qa' }, NOW, facts()],
  ['another record', {}, NOW, facts({ id: ID.replace(/1$/, '2') })],
  ['another field', { fields: ['transcript'] as const }, NOW, facts()],
  ['a move to a stricter tier', {}, NOW, facts({ tier: 'sensitive' })],
  ['disposal', {}, NOW, facts({ state: 'disposed' })],
])('a grant does not reach beyond %s', (_name, more, at, about) => {
  expect(ask('auditor', 'stream', about, { grants: [grant(more)] }, at).allowed).toBe(false);
});

it('holds until the last millisecond before its end', () => {
  const last = '2026-03-31T04:59:59.999Z';
  expect(ask('auditor', 'stream', facts(), { grants: [grant()] }, last).allowed).toBe(true);
});

it('opens restricted records to auditors only, and the original of a quarantined one', () => {
  const restricted = facts({ state: 'restricted' });
  const quarantined = facts({ state: 'quarantined' });
  for (const role of ROLES) {
    const has = { grants: [grant({ holderRole: role })] };
    expect(ask(role, 'stream', restricted, has).allowed).toBe(role === 'auditor');
    expect(ask(role, 'original', quarantined, has).allowed).toBe(role === 'auditor');
    expect(ask(role, 'stream', quarantined, has).allowed).toBe(false);
  }
});

it('a mandate opens its scope to its regulator, restricted records included, and nothing else', () => {
  const inside = facts({ industry: 'telecom', issueType: 'x' });
  const opened = (scope: Partial<LiveMandate['scope']>, about = inside, role: Role = 'regulator') =>
    [...RECORD_ACTIONS].filter(
      (action) => ask(role, action, about, { mandates: [mandate(scope)] }).allowed,
    );
  const all = ['search', 'view', 'stream', 'read_transcript', 'export'];
  expect(opened({})).toEqual(all);
  expect(opened({ industries: ['telecom'], issueTypes: ['x', 'y'] })).toEqual(all);
  expect(opened({}, { ...inside, state: 'restricted' })).toEqual(all);
  expect(opened({ industries: ['bank'] })).toEqual([]);
  expect(opened({ industries: ['telecom'], issueTypes: ['y'] })).toEqual([]);
  expect(opened({ industries: ['telecom'] }, facts())).toEqual([]);
  expect(opened({ before: STARTED.toISOString() })).toEqual([]);
  expect(opened({ from: STARTED.toISOString() })).toEqual(all);
  expect(opened({}, { ...inside, state: 'quarantined' })).toEqual([]);
  for (const role of ROLES.filter((one) => one !== 'regulator')) {
    expect(opened({}, inside, role)).toEqual(
      [...RECORD_ACTIONS].filter((action) => ask(role, action, inside, {}).allowed),
    );
  }
});
