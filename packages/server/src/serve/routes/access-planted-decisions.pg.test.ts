import type { AccessRequestsView, AccessRequestView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { reconcileRequests } from '../../access/requests/index.ts';
import {
  ask,
  core,
  enrolled,
  get,
  headers,
  openAccessScene,
  plays,
  post,
  scene,
  sign,
  tidyAccessScene,
} from './access-scene.testing.ts';
import { requestDeps } from './request-deps.ts';

beforeAll(openAccessScene);
afterAll(() => scene.close());
afterEach(tidyAccessScene);

const catalog = () => scene.intake.database.db;
const mended = () =>
  scene.intake.entries
    .filter(({ action }) => action === 'access.mend')
    .map(({ detail }) => detail?.['found']);
const me = async (name: string) =>
  (await get<{ actor: { id: string } }>(name, '/session')).body.actor.id;
const signaturesOf = (id: string) =>
  catalog()
    .selectFrom('access_decision')
    .selectAll()
    .where('request_id', '=', id)
    .orderBy('at')
    .execute();
/** A superuser's rows: `more` takes the place of columns of the first signature there is. */
async function plant(id: string, more: Record<string, unknown>): Promise<void> {
  const [first] = await signaturesOf(id);
  if (first === undefined) throw new Error('nothing to copy');
  const assertion = JSON.stringify(first.assertion);
  const row = { ...first, id: crypto.randomUUID(), assertion, ...more };
  await catalog()
    .insertInto('access_decision')
    .values(row as never)
    .execute();
}
const personOf = async (name: string): Promise<string> => {
  const found = await catalog()
    .selectFrom('staff')
    .select('person_ref')
    .where('actor_id', '=', await me(name))
    .executeTakeFirstOrThrow();
  return found.person_ref ?? '';
};
/** Signs first, and is taken. */
async function signsFirst(name: string, id: string): Promise<void> {
  const { status, body } = await sign(name, id);
  expect([status, body.code, body.decisions?.length]).toEqual([200, undefined, 1]);
}
const restart = () => reconcileRequests(requestDeps(scene.serve));
const newApprover = async (name: string): Promise<string> => {
  headers.set(name, await scene.person('approver', { name, agentId: `agent-${name}` }));
  await enrolled(name);
  return me(name);
};

it.each([
  ['with a copied signature', {}],
  ['without a signature', { assertion: null }],
])(
  'a decision that was planted %s in an approver’s name does not keep them from signing',
  async (_, more) => {
    const request = await ask();
    await sign('one', request.id);
    const theirs = { actor_id: await me('two'), person: await personOf('two') };
    await plant(request.id, { ...theirs, ...more });
    const { body } = await get<AccessRequestView>('two', `/access/requests/${request.id}`);
    expect(body.may).toContain('approve');
    expect(body.decisions.map(({ person }) => person.id)).toEqual([await me('one')]);
    expect((await sign('two', request.id)).body.state).toBe('live');
    expect(await plays('auditor')).toBe(200);
  },
);

it('a locked approver’s signature counts again once they are unlocked, unless it was taken off', async () => {
  const account = await newApprover('fourth');
  const [kept, taken] = [await ask(), await ask()];
  for (const { id } of [kept, taken]) await signsFirst('fourth', id);
  await post('admin', `/accounts/${account}/lock`);
  expect((await sign('one', taken.id)).body.state).toBe('pending');
  const entry = scene.intake.entries.findLast(({ action }) => action === 'access.approve');
  expect(entry?.detail).toMatchObject({ signatures: 1, takenOff: 1, complete: false });
  expect((await post('admin', `/accounts/${account}/unlock`)).status).toBe(204);
  expect((await sign('one', kept.id)).body.state).toBe('live');
  headers.set('fourth', await scene.person('approver', { name: 'fourth' }));
  expect((await sign('fourth', taken.id)).body.state).toBe('live');
});

it('the first signature of somebody who is no approver any more does not count', async () => {
  const account = await newApprover('fifth');
  const request = await ask();
  await signsFirst('fifth', request.id);
  expect((await post('admin', `/accounts/${account}/role`, { role: 'qa' })).status).toBe(204);
  expect((await sign('one', request.id)).body.state).toBe('pending');
  expect((await post('admin', `/accounts/${account}/role`, { role: 'approver' })).status).toBe(204);
  expect(await plays('auditor')).toBe(403);
  expect((await sign('two', request.id)).body.state).toBe('live');
});

it('a restart puts nothing in force on a signature that was taken off and put back', async () => {
  const account = await newApprover('sixth');
  const request = await ask();
  await signsFirst('sixth', request.id);
  const [theirs] = await signaturesOf(request.id);
  await post('admin', `/accounts/${account}/lock`);
  expect((await sign('one', request.id)).body.state).toBe('pending');
  await plant(request.id, { ...theirs, assertion: JSON.stringify(theirs?.assertion) });
  await sql`update access_request set state = 'approved', live_since = now(),
    ends_at = now() + interval '1 hour' where id = ${request.id}`.execute(catalog());
  await restart();
  expect(await plays('auditor')).toBe(403);
  expect(mended()).toEqual(['not_in_force']);
});

it('a restart puts in force what two people signed, whatever was planted beside it', async () => {
  const request = await ask();
  const { warrants } = scene.serve;
  const admit = warrants.admit.bind(warrants);
  warrants.admit = () => Promise.reject(new Error('the power went'));
  await sign('one', request.id);
  await sign('two', request.id);
  warrants.admit = admit;
  await plant(request.id, { person: 'forged' });
  expect(await plays('auditor')).toBe(403);
  await restart();
  expect(await plays('auditor')).toBe(200);
  expect(mended()).toEqual([]);
});

it('a grant that is ended by rows, with a decision that nobody made, is on the ledger', async () => {
  const { id } = await ask();
  for (const name of ['one', 'two']) await sign(name, id);
  await plant(id, { decision: 'revoked', assertion: null });
  await sql`update access_request set state = 'revoked' where id = ${id}`.execute(catalog());
  await get('compliance', '/access/requests?box=all');
  expect(await plays('auditor')).toBe(403);
  expect(mended()).toEqual(['ended_by_decision']);
});

it.each([
  ['words that do not open', sql`sealed_purpose = '\\x00'`],
  ['a text that is none', sql`canonical = 'x'`],
  ['a text of another form', sql`canonical = '{}'`],
  ['moments that no date can say', sql`created_at = 'infinity', decide_by = 'infinity'`],
])('a row with %s hides no grant, and stops no start', async (_, change) => {
  const live = await ask();
  for (const name of ['one', 'two']) await sign(name, live.id);
  const other = await ask();
  await sql`update access_request set ${change} where id = ${live.id}`.execute(catalog());
  await sql`update access_request set ${change}, state = 'rejected' where id = ${other.id}`.execute(
    catalog(),
  );
  for (const path of ['/access/requests?box=all', '/access/requests?box=all&state=live']) {
    const { status, body } = await get<AccessRequestsView>('compliance', path);
    expect([status, body.requests?.some((one) => one.id === live.id)]).toEqual([200, true]);
  }
  const own = await get<{ grants: AccessRequestView[] }>('auditor', '/access/grants');
  expect(own.body.grants?.map((one) => one.id)).toEqual([live.id]);
  await restart();
  const gone = await post('one', `/access/requests/${live.id}/revoke`, { reason: '隐藏' });
  expect(gone.status).toBe(200);
  expect(await plays('auditor')).toBe(403);
});

it('what is listed as live is what the key room has in force, not what rows say', async () => {
  const live = await ask();
  for (const name of ['one', 'two']) await sign(name, live.id);
  for (let at = 0; at < 30; at += 1) {
    const { id } = await ask({ recordIds: [core.id] });
    await sql`update access_request set state = 'approved', live_since = now(),
      ends_at = now() + interval '1 hour' where id = ${id}`.execute(catalog());
  }
  const path = '/access/requests?box=all&state=live&limit=5';
  const { body } = await get<AccessRequestsView>('compliance', path);
  expect(body.requests.map((one) => [one.id, one.state])).toEqual([[live.id, 'live']]);
});
