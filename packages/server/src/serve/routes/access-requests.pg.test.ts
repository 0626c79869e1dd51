import type { AccessRequestsView, AccessRequestView } from '@voxkeep/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { TestAuthenticator } from '../../keys/warrants/authenticator.testing.ts';
import { problemIn } from '../serve-scene.testing.ts';
import {
  ask,
  asked,
  core,
  devices,
  enrolled,
  get,
  handled,
  minutesOn,
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

it('an auditor reads a core record only between the second approval and the end', async () => {
  expect(await plays('auditor')).toBe(403);
  const request = await ask();
  expect(request).toMatchObject({ state: 'pending', needs: 2, recordCount: 1, may: ['withdraw'] });
  const inbox = await get<AccessRequestsView>('one', '/access/requests?box=inbox');
  expect(inbox.body.requests[0]).toMatchObject({ id: request.id, may: ['approve', 'reject'] });
  expect(inbox.body.requests[0]?.purpose.text).toBe('客户投诉，需要核对原话');
  expect((await sign('one', request.id)).body.state).toBe('pending');
  expect(await plays('auditor')).toBe(403);
  expect((await sign('two', request.id)).body).toMatchObject({ state: 'live' });
  expect(await plays('auditor')).toBe(200);
  expect(await plays('qa')).toBe(200);
  expect((await get('auditor', `/records/${handled.id}/transcript`)).status).toBe(403);
  const { body } = await get<{ grants: AccessRequestView[] }>('auditor', '/access/grants');
  expect(body.grants.map((one) => one.id)).toContain(request.id);
  const read = scene.intake.entries.find(
    (one) => one.action === 'record.transcript' && one.outcome === 'ok',
  );
  expect(read).toMatchObject({
    ...{ outcome: 'ok', purpose: { category: 'dispute' }, detail: { by: request.id } },
  });
  minutesOn(30);
  expect(await plays('auditor')).toBe(403);
});

it('shows a request to who asked and who oversees, and to nobody else', async () => {
  const { id } = await ask();
  for (const name of ['auditor', 'one', 'compliance']) {
    expect((await get(name, `/access/requests/${id}`)).status).toBe(200);
  }
  for (const name of ['qa', 'agent', 'admin', 'operator', 'regulator']) {
    expect((await get(name, `/access/requests/${id}`)).body.code).toBe('REQUEST_UNKNOWN');
  }
  expect(problemIn(await scene.send('GET', `/api/v1/access/requests/${id}`)).status).toBe(401);
});

it('who asks learns of a record by asking only what they may see of it', async () => {
  const other = await ask({ recordIds: [core.id], fields: ['media'] }, 'agent');
  expect(other.records).toMatchObject([{ id: core.id, issueType: '', agentId: '' }]);
  const overseen = await get<AccessRequestView>('one', `/access/requests/${other.id}`);
  expect(overseen.body.records[0]?.issueType).not.toBe('');
  for (const name of ['one', 'two']) await sign(name, other.id);
  const live = await get<AccessRequestView>('agent', `/access/requests/${other.id}`);
  expect(live.body.records[0]?.issueType).not.toBe('');
});

it.each([
  ['auditor', { recordIds: [] }, 'REQUEST_INVALID', 'body/recordIds'],
  [
    'auditor',
    { recordIds: ['0198a1b2-0000-7000-8000-0000000000ff'] },
    'RECORD_UNKNOWN',
    'body/recordIds/0',
  ],
  ['auditor', { recordIds: undefined }, 'REQUEST_EMPTY', 'body'],
  ['auditor', { fields: ['everything'] }, 'REQUEST_INVALID', 'body/fields/0'],
  ['auditor', { minutes: 241 }, 'REQUEST_INVALID', 'body/minutes'],
  [
    'auditor',
    { purpose: { category: 'dispute', text: ' ' } },
    'REQUEST_INVALID',
    'body/purpose/text',
  ],
  ['qa', { fields: ['original', 'download'] }, 'FIELD_NOT_GRANTABLE', 'body/fields/1'],
  ['agent', { fields: ['original'] }, 'FIELD_NOT_GRANTABLE', 'body/fields/0'],
])('refuses to %s a request that is %j with %s', async (name, more, code, field) => {
  const answer = await post<{ field?: string }>(name, '/access/requests', asked(more));
  expect([answer.body.code, answer.body.field]).toEqual([code, field]);
});

it('freezes what a search finds at that moment', async () => {
  const made = await ask({ recordIds: undefined, search: { tier: ['core'] } });
  expect(made.records.map((one) => one.id).sort()).toEqual([core.id, handled.id].sort());
});

it('one rejection ends a request, and says why to whoever asked', async () => {
  const request = await ask();
  await sign('one', request.id);
  const path = `/access/requests/${request.id}`;
  expect((await post('two', `${path}/reject`, { reason: '理由不充分' })).status).toBe(200);
  expect((await sign('three', request.id)).body.code).toBe('REQUEST_NOT_PENDING');
  const { body } = await get<AccessRequestView>('auditor', path);
  expect(body.state).toBe('rejected');
  expect(body.decisions.at(-1)).toMatchObject({ decision: 'rejected', reason: '理由不充分' });
});

it('neither one person twice, nor a second account, nor who took the call can approve', async () => {
  const request = await ask({ recordIds: [handled.id] });
  expect((await sign('one', request.id)).status).toBe(200);
  expect((await sign('one', request.id)).body.code).toBe('ALREADY_DECIDED');
  // The auditor's own second account has a passkey of its own, rightly enrolled.
  await enrolled('twin');
  expect((await sign('twin', request.id)).body.code).toBe('OWN_REQUEST');
  expect((await sign('three', request.id)).body.code).toBe('HANDLED_RECORD');
  expect(await plays('auditor', handled.id)).toBe(403);
  expect((await sign('two', request.id)).body.state).toBe('live');
  await post('auditor', `/access/requests/${request.id}/withdraw`);
});

it('a signature counts for its own request, device and account only', async () => {
  const first = await ask();
  const second = await ask();
  const { body } = await get<{ canonical: string }>(
    'one',
    `/access/requests/${first.id}/challenge`,
  );
  const device = devices.get('one') as TestAuthenticator;
  const approve = (name: string, assertion: unknown) =>
    post(name, `/access/requests/${second.id}/approve`, { assertion });
  expect((await approve('one', device.sign(body.canonical))).body.code).toBe('SIGNATURE_INVALID');
  const own = await get<{ canonical: string }>('one', `/access/requests/${second.id}/challenge`);
  const good = device.sign(own.body.canonical);
  expect((await approve('two', good)).body.code).toBe('SAME_PERSON');
  const stranger = new TestAuthenticator().sign(own.body.canonical);
  expect((await approve('one', stranger)).body.code).toBe('PASSKEY_NOT_ENROLLED');
  const unverified = device.sign(own.body.canonical, { userVerified: false });
  expect((await approve('one', unverified)).body.code).toBe('SIGNATURE_INVALID');
  expect((await approve('one', good)).status).toBe(200);
});

it('goes on waiting when the first approver’s passkey was revoked before the second signed', async () => {
  const request = await ask();
  const id = await enrolled('leaver');
  expect((await sign('leaver', request.id)).body.state).toBe('pending');
  expect((await post('compliance', `/access/passkeys/${id}/revoke`)).status).toBe(200);
  const after = await sign('one', request.id);
  expect([after.status, after.body.state]).toEqual([200, 'pending']);
  expect(after.body.decisions.map((one) => one.decision)).toEqual(['approved']);
  expect((await sign('two', request.id)).body.state).toBe('live');
});
