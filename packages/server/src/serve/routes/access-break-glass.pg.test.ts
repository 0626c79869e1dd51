import type { AccessRequestView } from '@voxkeep/contract';
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
  const path = `/access/requests/${made.body.id}`;
  const review = async (name: string) => {
    const challenge = `${path}/challenge?review=justified`;
    const { body } = await get<{ canonical: string }>(name, challenge);
    const assertion = devices.get(name)?.sign(body.canonical);
    return post<AccessRequestView>(name, `${path}/review`, { assertion, finding: 'justified' });
  };
  expect((await review('one')).body.code).toBe('SAME_PERSON');
  expect((await review('three')).body.awaitsReview).toBe(false);
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
