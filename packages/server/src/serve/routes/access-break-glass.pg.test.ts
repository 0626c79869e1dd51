import type { AccessRequestsView, AccessRequestView } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  asked,
  core,
  devices,
  enrolled,
  get,
  openAccessScene,
  plays,
  post,
  scene,
  sign,
  tidyAccessScene,
} from './access-scene.testing.ts';

beforeAll(openAccessScene);
afterAll(() => scene.close());
afterEach(tidyAccessScene);

async function review(name: string, id: string) {
  const path = `/access/requests/${id}`;
  const { body } = await get<{ canonical: string }>(name, `${path}/challenge?review=justified`);
  const assertion = devices.get(name)?.sign(body.canonical);
  return post<AccessRequestView>(name, `${path}/review`, { assertion, finding: 'justified' });
}

it('break-glass takes two signatures, tells every approver, and blocks the next until reviewed', async () => {
  await enrolled('auditor');
  const { recordIds: _, ...rest } = asked();
  const emergency = { ...rest, recordId: core.id };
  const made = await post<AccessRequestView>('auditor', '/access/break-glass', emergency);
  expect(made.body).toMatchObject({ kind: 'break_glass', may: ['sign', 'withdraw'] });
  expect((await sign('auditor', made.body.id, 'sign')).body.state).toBe('pending');
  expect((await sign('one', made.body.id)).body.state).toBe('live');
  expect(await plays('auditor')).toBe(200);
  for (const name of ['one', 'two', 'three', 'twin', 'leaver']) {
    const { body } = await get<{ notices: { kind: string }[] }>(name, '/notices');
    const kinds = body.notices.map((one) => one.kind);
    expect([name, kinds.includes('break_glass.used')]).toEqual([name, true]);
    // Whoever signed it is not asked to review it.
    expect([name, kinds.includes('break_glass.to_review')]).toEqual([name, name !== 'one']);
  }
  const next = await post('auditor', '/access/break-glass', emergency);
  expect(next.body.code).toBe('BREAK_GLASS_TO_REVIEW');
  expect((await review('one', made.body.id)).body.code).toBe('SAME_PERSON');
  expect((await review('three', made.body.id)).body.awaitsReview).toBe(false);
  expect((await post('auditor', '/access/break-glass', emergency)).status).toBe(201);
});

it('a second approver does not use up a break-glass that its requester has not signed', async () => {
  const { recordIds: _, ...rest } = asked();
  const emergency = { ...rest, recordId: core.id };
  const made = await post<AccessRequestView>('auditor', '/access/break-glass', emergency);
  expect((await sign('one', made.body.id)).body.state).toBe('pending');
  expect((await sign('two', made.body.id)).body.code).toBe('SIGNERS_WRONG');
  const { body } = await get<AccessRequestView>('two', `/access/requests/${made.body.id}`);
  expect(body).toMatchObject({ state: 'pending' });
  expect(body.may).toEqual(['reject']);
  await post('auditor', `/access/requests/${made.body.id}/withdraw`);
});

it.each([
  ['says that it was reviewed', sql`update access_request set reviewed_at = now()`],
  ['never was in force', sql`update access_request set live_since = null`],
  [
    'has a decision of everybody',
    sql`insert into access_decision (id, request_id, actor_id, actor_role, person, decision, at)
      select gen_random_uuid(), r.id, s.actor_id, s.role, s.person_ref, 'withdrawn', now()
      from staff s, access_request r where s.person_ref is not null`,
  ],
])(
  'a break-glass whose row %s is reviewed all the same, by who had no part in it',
  async (_, forge) => {
    await enrolled('auditor');
    const { recordIds: _ids, ...rest } = asked();
    const emergency = { ...rest, recordId: core.id };
    const { id } = (await post<AccessRequestView>('auditor', '/access/break-glass', emergency))
      .body;
    expect((await sign('auditor', id, 'sign')).status).toBe(200);
    expect((await sign('one', id)).body.state).toBe('live');
    await post('auditor', `/access/requests/${id}/withdraw`);
    await forge.execute(scene.intake.database.db);
    const inInbox = async () =>
      (await get<AccessRequestsView>('three', '/access/requests?box=inbox')).body.requests
        .filter((one) => one.id === id)
        .map((one) => one.may);
    expect(await inInbox()).toEqual([['review']]);
    expect((await review('one', id)).body.code).toBe('SAME_PERSON');
    expect((await review('three', id)).body.awaitsReview).toBe(false);
    expect((await review('two', id)).body.code).toBe('REQUEST_NOT_PENDING');
    expect(await inInbox()).toEqual([]);
  },
);
