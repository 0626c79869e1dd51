import { OriginalView } from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Role } from '../../access/policy-table.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { OriginalsPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const RECORD = '0198a1b2-0000-7000-8000-000000000001';
const WAIT = '0198a1b2-0000-7000-8000-000000000002';
const NOTHING = '00000000-0000-0000-0000-000000000000';
const asked = { until: '2026-12-24', reason: '客户对核实过程有异议' };

let refusal: string | undefined;
const calls: unknown[][] = [];
const answer = async (...call: unknown[]): Promise<OriginalView> => {
  if (refusal !== undefined) throw new ArchiveError(refusal, 'refused');
  calls.push(call);
  return { recordId: RECORD, there: true, held: false, waits: [] };
};
const originals: OriginalsPort = {
  view: (recordId) => answer('view', recordId),
  asked: async () => ({ waits: [] }),
  ask: (wanted, { actor }) => answer('ask', wanted, actor.role),
  decide: (decision, { actor }) => answer('decide', decision, actor.role),
};

let scene: ServeScene;
beforeAll(async () => {
  scene = await serveScene({}, { deps: { originals } });
});
afterAll(() => scene.close());
beforeEach(() => {
  refusal = undefined;
  calls.length = 0;
});

const ROLES: Role[] = ['compliance', 'approver', 'auditor', 'qa', 'reviewer', 'operator', 'admin'];
const send = async (role: Role, method: string, path: string, body?: object) =>
  scene.send(
    method,
    `/api/v1${path}`,
    { ...(await scene.person(role)), 'content-type': 'application/json' },
    body === undefined ? undefined : JSON.stringify(body),
  );

test.each([
  [
    'GET',
    `/records/${RECORD}/original-wait`,
    undefined,
    200,
    ['compliance', 'approver', 'auditor'],
  ],
  ['GET', '/original-waits', undefined, 200, ['compliance', 'approver', 'auditor']],
  ['POST', `/records/${RECORD}/original-wait`, asked, 201, ['compliance']],
  ['POST', `/original-waits/${WAIT}/approve`, {}, 200, ['approver']],
  ['POST', `/original-waits/${WAIT}/reject`, { reason: '不必' }, 200, ['approver']],
] as const)(
  '%s %s is for its roles, and for nobody else',
  async (method, path, body, ok, roles) => {
    for (const role of ROLES) {
      const { status } = await send(role, method, path, body);
      expect([role, status]).toEqual([role, (roles as readonly Role[]).includes(role) ? ok : 403]);
    }
  },
);

test('what is asked and decided reaches the room with whoever did it', async () => {
  const made = await send('compliance', 'POST', `/records/${RECORD}/original-wait`, asked);
  OriginalView.parse(JSON.parse(made.text));
  await send('approver', 'POST', `/original-waits/${WAIT}/reject`, { reason: '不必' });
  await send('approver', 'POST', '/original-waits/none/approve', {});
  expect(calls).toEqual([
    ['ask', { ...asked, recordId: RECORD }, 'compliance'],
    ['decide', { id: WAIT, decision: 'rejected', reason: '不必' }, 'approver'],
    ['decide', { id: NOTHING, decision: 'approved' }, 'approver'],
  ]);
});

test('a day that is none, or no reason, is named and reaches nobody', async () => {
  const path = `/records/${RECORD}/original-wait`;
  for (const [body, field] of [
    [{ ...asked, until: '2026-02-30' }, 'body/until'],
    [{ ...asked, reason: ' ' }, 'body/reason'],
    [{ ...asked, for: 'ever' }, 'body/for'],
  ] as const) {
    const refused = await send('compliance', 'POST', path, body);
    expect([refused.status, problemIn(refused).field]).toEqual([400, field]);
  }
  expect(calls).toEqual([]);
});

test.each([
  ['ORIGINAL_WAIT_UNKNOWN', 404],
  ['ORIGINAL_NOT_WAITING', 409],
  ['ORIGINAL_WAIT_ASKED', 409],
  ['ORIGINAL_WAIT_DECIDED', 409],
  ['ORIGINAL_DAY_INVALID', 422],
  ['OWN_REQUEST', 403],
  ['SAME_PERSON', 403],
] as const)('%s is answered %i', async (code, status) => {
  refusal = code;
  const refused = await send('approver', 'POST', `/original-waits/${WAIT}/approve`, {});
  expect([refused.status, problemIn(refused).code]).toEqual([status, code]);
});
