import type { AccessRequestsView, AccessRequestView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { askForRecords, type RecordsAsked } from '../../access/requests/ask.ts';
import { mendRows, reconcileRequests } from '../../access/requests/index.ts';
import { findStaff, viewerOf } from '../../access/staff-row.ts';
import { archivedCall } from '../archived-call.testing.ts';
import {
  ask,
  asked,
  basic,
  core,
  devices,
  enrolled,
  get,
  headers,
  openAccessScene,
  plays,
  post,
  register,
  scene,
  sign,
  tidyAccessScene,
} from './access-scene.testing.ts';
import { requestDeps } from './request-deps.ts';

beforeAll(openAccessScene);
afterAll(() => scene.close());
afterEach(tidyAccessScene);

const live = async () => {
  const request = await ask();
  for (const name of ['one', 'two']) await sign(name, request.id);
  expect(await plays('auditor')).toBe(200);
  return request;
};
const mended = () =>
  scene.intake.entries
    .filter(({ action }) => action === 'access.mend')
    .map(({ detail }) => detail?.['found']);
const breakGlass = async (name: string, recordId: string) => {
  const { recordIds: _, ...rest } = asked();
  const made = await post<AccessRequestView>(name, '/access/break-glass', { ...rest, recordId });
  return made.body;
};

it.each([
  ['deleted', (id: string) => sql`delete from access_request where id = ${id}`],
  [
    'given to another',
    (id: string) => sql`update access_request
    set requester_id = 'x', holder_id = 'x', requester_person = 'x' where id = ${id}`,
  ],
  [
    'over by its row',
    (id: string) => sql`update access_request
    set ends_at = now() - interval '1 hour', state = 'pending' where id = ${id}`,
  ],
])('a grant whose row is %s is still seen by who oversees, and ended by them', async (_, forge) => {
  const { id } = await live();
  await forge(id).execute(scene.intake.database.db);
  const all = await get<AccessRequestsView>('compliance', '/access/requests?box=all&state=live');
  expect(all.body.requests).toMatchObject([{ id, state: 'live', recordCount: 1, may: ['revoke'] }]);
  expect(mended()).toEqual(['restored']);
  const own = await get<{ grants: AccessRequestView[] }>('auditor', '/access/grants');
  expect(own.body.grants.map((one) => one.id)).toEqual([id]);
  expect(
    (await post('compliance', `/access/requests/${id}/revoke`, { reason: '隐藏' })).status,
  ).toBe(200);
  expect(await plays('auditor')).toBe(403);
  expect(mended()).toEqual(['restored']);
});

it('a grant whose row is gone is given back by its id', async () => {
  const { id } = await live();
  await sql`delete from access_request where id = ${id}`.execute(scene.intake.database.db);
  expect((await post('auditor', `/access/requests/${id}/withdraw`)).status).toBe(200);
  expect(await plays('auditor')).toBe(403);
});

it('a row that says that a grant has ended ends it, and the ledger says who did not', async () => {
  const { id } = await live();
  const { db } = scene.intake.database;
  await sql`update access_request set state = 'revoked' where id = ${id}`.execute(db);
  await mendRows(requestDeps(scene.serve));
  expect(await plays('auditor')).toBe(403);
  expect(mended()).toEqual(['ended_by_row']);
});

it('the first signature of somebody who is locked by now does not count', async () => {
  headers.set(
    'fourth',
    await scene.person('approver', { name: 'fourth', agentId: 'agent-fourth' }),
  );
  await enrolled('fourth');
  const { body: me } = await get<{ actor: { id: string } }>('fourth', '/session');
  const request = await ask();
  expect((await sign('fourth', request.id)).body.decisions).toHaveLength(1);
  await post('admin', `/accounts/${me.actor.id}/lock`);
  expect((await sign('one', request.id)).body.state).toBe('pending');
  expect(await plays('auditor')).toBe(403);
  expect((await sign('two', request.id)).body.state).toBe('live');
});

it.each(['requester', 'holder'] as const)(
  'a mandate that names another person for its %s is signed by nobody',
  async (party) => {
    const mandate = {
      holderId: (await get<{ holders: { id: string }[] }>('compliance', '/access/mandate-holders'))
        .body.holders[0]?.id,
      scope: { from: '2026-01-01', to: '2026-12-31' },
      ...{
        validFrom: new Date().toISOString(),
        validTo: new Date(Date.now() + 3_600_000).toISOString(),
      },
      ...{ purpose: { category: 'regulator', text: '监管检查' }, reference: '函〔2026〕1号' },
    };
    const made = await post<AccessRequestView>('compliance', '/access/mandates', mandate);
    expect([made.status, made.body.code]).toEqual([201, undefined]);
    const { db } = scene.intake.database;
    const { canonical } = await db
      .selectFrom('access_request')
      .select('canonical')
      .where('id', '=', made.body.id)
      .executeTakeFirstOrThrow();
    const terms = JSON.parse(canonical) as Record<typeof party, { person: string }>;
    const forged = canonical.replace(terms[party].person, 'f'.repeat(32));
    await db
      .updateTable('access_request')
      .set({ canonical: forged })
      .where('id', '=', made.body.id)
      .execute();
    expect((await sign('one', made.body.id)).body.code).toBe('REQUEST_UNKNOWN');
  },
);

it('signatures that were planted neither open nor use up what two people sign', async () => {
  const { db } = scene.intake.database;
  const request = await ask();
  await sign('one', request.id);
  for (const person of ['forged', 'forged too']) {
    await sql`insert into access_decision (id, request_id, actor_id, actor_role, person, decision, at, assertion)
      select gen_random_uuid(), request_id, actor_id, actor_role, ${person}, decision, at, assertion
      from access_decision where request_id = ${request.id} limit 1`.execute(db);
  }
  expect((await sign('two', request.id)).body.state).toBe('live');
  expect(await plays('auditor')).toBe(200);
});

/** Two people’s break-glass of two records, each with its requester’s signature. */
async function twoBreakGlass(): Promise<[string, string, { id: string }]> {
  headers.set('second', await scene.person('auditor', { name: 'second', agentId: 'agent-second' }));
  await enrolled('auditor');
  await enrolled('second');
  const other = await archivedCall(scene, { durationS: 2, tier: 'core' });
  const first = (await breakGlass('auditor', core.id)).id;
  const second = (await breakGlass('second', other.id)).id;
  expect((await sign('auditor', first, 'sign')).status).toBe(200);
  expect((await sign('second', second, 'sign')).status).toBe(200);
  return [first, second, other];
}
async function review(id: string, by: string): Promise<void> {
  const path = `/access/requests/${id}`;
  const { body } = await get<{ canonical: string }>(by, `${path}/challenge?review=justified`);
  const assertion = devices.get(by)?.sign(body.canonical);
  const done = await post(by, `${path}/review`, { finding: 'justified', assertion });
  expect([done.status, done.body.code]).toEqual([200, undefined]);
}

it('of two break-glass at the same moment one opens; the other waits, and no restart opens it', async () => {
  const [first, second, other] = await twoBreakGlass();
  scene.intake.entries.length = 0;
  const answers = await Promise.all([sign('one', first), sign('two', second)]);
  const codes = answers.map(({ body }) => body.code ?? body.state).toSorted();
  expect(codes).toEqual(['BREAK_GLASS_TO_REVIEW', 'live']);
  const approvals = scene.intake.entries.filter(({ action }) => action === 'access.approve');
  expect(approvals.map(({ detail }) => detail?.['complete'])).toEqual([true]);
  const opened = async () => [await plays('auditor'), await plays('second', other.id)];
  expect((await opened()).toSorted()).toEqual([200, 403]);
  const [winner, loser] = (await opened())[0] === 200 ? [first, second] : [second, first];
  const state = async () =>
    (await get<AccessRequestView>('one', `/access/requests/${loser}`)).body.state;
  expect(await state()).toBe('pending');
  await review(winner, 'three');
  await reconcileRequests(requestDeps(scene.serve));
  expect([await state(), (await opened()).toSorted()]).toEqual(['pending', [200, 403]]);
  expect((await sign('three', loser)).body.state).toBe('live');
  await review(loser, 'one');
});

it('a break-glass that a crash kept from opening is not opened by a restart', async () => {
  const { warrants } = scene.serve;
  const made = await breakGlass('auditor', core.id);
  expect((await sign('auditor', made.id, 'sign')).status).toBe(200);
  const admit = warrants.admit.bind(warrants);
  warrants.admit = () => Promise.reject(new Error('the power went'));
  await sign('one', made.id);
  warrants.admit = admit;
  await reconcileRequests(requestDeps(scene.serve));
  expect(await plays('auditor')).toBe(403);
  expect(mended()).toEqual(['not_in_force']);
  const { body } = await get<AccessRequestView>('one', `/access/requests/${made.id}`);
  expect(body.state).toBe('revoked');
  expect(await warrants.unreviewed()).toEqual([]);
});

it('nobody drowns who decides, nor with what is sent at the same time', async () => {
  headers.set('eager', await scene.person('auditor', { name: 'eager' }));
  for (let at = 0; at < 47; at += 1) await ask({ recordIds: [basic.id] }, 'eager');
  const eager = await findStaff(scene.serve.signIn, { username: 'eager' });
  if (eager === undefined) throw new Error('no such account');
  const input = { ...asked(), kind: 'records' } as unknown as RecordsAsked;
  const tries = Array.from({ length: 8 }, (_, at) =>
    askForRecords(requestDeps(scene.serve), viewerOf(eager), input, String(at)),
  );
  const done = await Promise.allSettled(tries);
  const codes = done.map((one) =>
    one.status === 'fulfilled' ? 'taken' : (one.reason as { code: string }).code,
  );
  const refused = Array.from({ length: 5 }, () => 'TOO_MANY_PENDING');
  expect(codes.toSorted()).toEqual([...refused, 'taken', 'taken', 'taken']);
  expect((await post('eager', '/access/requests', asked())).status).toBe(409);
  for (let at = 0; at < 5; at += 1) await register('eager');
  await expect(register('eager')).rejects.toThrow();
});
