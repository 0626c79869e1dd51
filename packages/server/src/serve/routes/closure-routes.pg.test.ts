import type { ClosuresView, ClosureView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueApiKey } from '../../access/index.ts';
import { restrictLate } from '../../retire/restrictions/index.ts';
import {
  ACCOUNT,
  type Headers,
  PHONE,
  type SubjectScene,
  subjectScene,
} from '../subject-scene.testing.ts';

let subject: SubjectScene;
let service: Headers;
const told = {
  ...{ reference: 'CRM-2026-0007', sourceSystem: 'crm', account: ACCOUNT, phone: PHONE },
  closedOn: '2026-11-10',
};

beforeAll(async () => {
  subject = await subjectScene();
  const { signIn } = subject.scene.serve;
  const issue = { name: 'crm', createdBy: 'test', expiresInDays: 1 };
  const { key } = await issueApiKey(signIn, { ...issue, scopes: ['closure'] });
  service = { authorization: `Bearer ${key}` };
});
afterAll(() => subject.scene.close());

const tell = (who: Headers, body: object = told) =>
  subject.post<ClosureView>(who, '/account-closures', body);

it('restricts the calls of the account and of its number, and no others', async () => {
  const written = ['+86 137-1234-5678', PHONE];
  const own = [
    await subject.call({ account: ACCOUNT }),
    await subject.call({ account: ACCOUNT, phone: '13500000000' }),
    // After it was closed, too: the call is about this account.
    await subject.call({ account: ACCOUNT }, { startedAt: new Date('2026-11-15T02:00:00Z') }),
    await subject.call({ phone: written[0] ?? '' }),
    // Still that day, as the archive's zone has it.
    await subject.call({ phone: PHONE }, { startedAt: new Date('2026-11-10T15:59:59Z') }),
  ];
  const others = [
    await subject.call({ phone: PHONE, account: 'KH-another' }),
    await subject.call({ phone: PHONE }, { startedAt: new Date('2026-11-10T16:00:00Z') }),
    await subject.call({ phone: '13712345679', account: 'KH-7000778' }),
  ];
  const first = await tell(service);
  expect([first.status, first.body]).toMatchObject([201, { state: 'running', restricted: 0 }]);
  await subject.drain();
  for (const id of own) expect(await subject.stateOf(id)).toEqual(['restricted', true]);
  for (const id of others) expect(await subject.stateOf(id)).toEqual(['archived', false]);
  const { body } = await subject.get<ClosureView>(service, `/account-closures/${told.reference}`);
  expect(body).toMatchObject({ state: 'done', restricted: own.length, accountMasked: '****0777' });
  expect(subject.anchors).toHaveLength(own.length * 2);
  expect(subject.anchors).toContainEqual([own[0], 'account_closure', '2026-11-10']);
  expect(subject.anchors).toContainEqual([own[0], 'relationship_end', '2026-11-10']);
});

it('told again the same is known already, with other content refused, and nothing is done twice', async () => {
  const { entries } = subject.scene.intake;
  entries.length = 0;
  const again = await tell(service);
  expect([again.status, again.body.state]).toEqual([200, 'done']);
  for (const other of [{ account: 'KH-other' }, { closedOn: '2026-11-11' }, { phone: undefined }]) {
    const refused = await tell(service, { ...told, ...other });
    expect([refused.status, refused.body.code]).toEqual([409, 'CLOSURE_CONFLICT']);
  }
  await subject.drain();
  expect(entries.filter(({ action }) => action.startsWith('record.'))).toEqual([]);
  const rows = await subject.db.selectFrom('account_closure').select('id').execute();
  expect(rows).toHaveLength(1);
});

it('two that tell the same at once make one closure', async () => {
  const twice = { ...told, reference: 'twice', account: 'KH-twice' };
  const answers = await Promise.all([tell(service, twice), tell(subject.people.officer, twice)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
  expect(answers[0]?.body.id).toBe(answers[1]?.body.id);
  await subject.drain();
});

it('a call that arrives later follows in the transaction in which it is archived', async () => {
  const late = async (customer: { phone?: string; account?: string }, at: string) => {
    const startedAt = new Date(at);
    const id = await subject.call(customer, { startedAt });
    await subject.db
      .transaction()
      .execute((tx) => restrictLate(subject.work, tx, { recordId: id, startedAt, ...customer }));
    return subject.stateOf(id);
  };
  const follows = ['restricted', true];
  const stays = ['archived', false];
  expect(await late({ account: ACCOUNT }, '2026-11-19T02:00:00Z')).toEqual(follows);
  expect(await late({ phone: PHONE }, '2026-11-09T02:00:00Z')).toEqual(follows);
  expect(await late({ phone: PHONE, account: ACCOUNT }, '2026-11-09T02:00:00Z')).toEqual(follows);
  expect(await late({ phone: PHONE }, '2026-11-19T02:00:00Z')).toEqual(stays);
  expect(await late({ phone: PHONE, account: 'KH-x' }, '2026-11-09T02:00:00Z')).toEqual(stays);
  expect(await late({}, '2026-11-09T02:00:00Z')).toEqual(stays);
});

it('names the field of what is no closure', async () => {
  const wrong = async (more: object) => {
    const { status, body } = await tell(service, { ...told, reference: 'wrong', ...more });
    return [status, body.code, body.field];
  };
  expect(await wrong({ closedOn: '2026-11-21' })).toEqual([
    ...[422, 'CLOSURE_DAY_INVALID', 'body/closedOn'],
  ]);
  expect(await wrong({ phone: '137****5678' })).toEqual([400, 'REQUEST_INVALID', 'body/phone']);
  expect(await wrong({ phone: '5678' })).toEqual([400, 'REQUEST_INVALID', 'body/phone']);
  expect(await wrong({ account: ' ' })).toEqual([400, 'REQUEST_INVALID', 'body/account']);
});

it('is for compliance and for keys that are for that', async () => {
  expect((await tell(subject.people.officer)).status).toBe(200);
  expect((await tell(subject.people.qa)).body.code).toBe('FORBIDDEN');
  expect((await tell(subject.scene.service)).body.code).toBe('FORBIDDEN');
  expect((await subject.get(service, '/account-closures')).status).toBe(403);
  const { body } = await subject.get<ClosuresView>(
    subject.people.officer,
    '/account-closures?limit=1',
  );
  expect(body.closures).toHaveLength(1);
  const unknown = await subject.get(service, '/account-closures/none');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'CLOSURE_UNKNOWN']);
});
