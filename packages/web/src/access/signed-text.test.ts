import type { AccessRequestView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { isEnrolmentOf, isReviewOf, saysTheSame } from './signed-text.ts';

const ZONE = 'Asia/Shanghai';
const ID = '0198c4d2-7a10-7c3e-9b54-00000000000';
const REQUEST: AccessRequestView = {
  ...{ id: `${ID}1`, kind: 'records', state: 'pending', needs: 2, decisions: [], may: [] },
  requester: { id: `${ID}2`, name: '范静', role: 'auditor' },
  purpose: { category: 'dispute', text: '纠纷' },
  ...{ fields: ['media', 'transcript'], minutes: 60, recordCount: 1, awaitsReview: false },
  records: [
    {
      ...{ id: `${ID}3`, tier: 'core', issueType: '客户纠纷', agentId: '1001' },
      startedAt: '2026-11-01T00:00:00Z',
    },
  ],
  ...{ createdAt: '2026-11-27T00:00:00Z', decideBy: '2026-11-28T00:00:00Z' },
};
const SAID = {
  ...{ format: 'voxkeep/access-request/v1', requestId: `${ID}1`, kind: 'records' },
  requester: { account: `${ID}2`, role: 'auditor', person: 'p' },
  purpose: { category: 'dispute', commitment: 'c' },
  ...{ decideBy: '2026-11-28T00:00:00.000Z', fields: ['transcript', 'media'], minutes: 60 },
  records: [{ id: `${ID}3`, tier: 'core', startedAt: '2026-11-01T00:00:00.000Z' }],
};

test('a text that says what the page shows may be signed', () => {
  expect(saysTheSame(JSON.stringify(SAID), REQUEST, ZONE)).toBe(true);
});

test('one more call, another tier, another field, a longer time or another person is found', () => {
  const more = { ...SAID.records[0], id: `${ID}4` };
  for (const change of [
    { records: [...SAID.records, more] },
    { records: [more] },
    { records: [{ ...SAID.records[0], tier: 'basic' }] },
    { records: [] },
    { fields: ['media', 'transcript', 'original'] },
    { fields: ['media'] },
    { minutes: 240 },
    { requester: { ...SAID.requester, account: `${ID}9` } },
    { purpose: { category: 'training' } },
    { decideBy: '2027-11-28T00:00:00.000Z' },
    { requestId: `${ID}9` },
    { kind: 'break_glass' },
    { format: 'voxkeep/passkey/v1' },
  ]) {
    const text = JSON.stringify({ ...SAID, ...change });
    expect(saysTheSame(text, REQUEST, ZONE), JSON.stringify(change)).toBe(false);
  }
  for (const text of ['', 'null', '7', '{']) expect(saysTheSame(text, REQUEST, ZONE)).toBe(false);
});

const DAYS = { from: '2026-06-30T16:00:00.000Z', before: '2026-09-30T16:00:00.000Z' };

test('a mandate’s holder, scope and validity are those on the page', () => {
  const { records: _, fields: _fields, minutes: _minutes, ...base } = SAID;
  const mandate: AccessRequestView = {
    ...REQUEST,
    ...{ kind: 'mandate', fields: [], recordCount: 0, records: [] },
    holder: { id: `${ID}5`, name: '季明远', role: 'regulator' },
    scope: { from: '2026-07-01', to: '2026-09-30', industries: ['finance'] },
    ...{ validFrom: '2026-11-28T00:00:00Z', validTo: '2026-12-28T00:00:00Z' },
  };
  const said = {
    ...{ ...base, kind: 'mandate', holder: { account: `${ID}5` } },
    scope: { industries: ['finance'], ...DAYS },
    ...{ validFrom: '2026-11-28T00:00:00.000Z', validTo: '2026-12-28T00:00:00.000Z' },
  };
  expect(saysTheSame(JSON.stringify(said), mandate, ZONE)).toBe(true);
  for (const change of [
    { holder: { account: `${ID}6` } },
    { scope: {} },
    { scope: { ...DAYS } },
    { scope: { industries: ['finance', 'insurance'], ...DAYS } },
    { scope: { industries: ['finance'], issueTypes: ['客户纠纷'], ...DAYS } },
    { scope: { industries: ['finance'], ...DAYS, from: '2020-06-30T16:00:00.000Z' } },
    { scope: { industries: ['finance'], ...DAYS, before: '2026-10-01T16:00:00.000Z' } },
    { validTo: '2029-12-28T00:00:00.000Z' },
  ]) {
    const text = JSON.stringify({ ...said, ...change });
    expect(saysTheSame(text, mandate, ZONE), JSON.stringify(change)).toBe(false);
  }
});

test('a review is signed for its own request and finding only', () => {
  const text = JSON.stringify({
    ...{ format: 'voxkeep/break-glass-review/v1', requestId: `${ID}1`, finding: 'justified' },
  });
  expect(isReviewOf(text, `${ID}1`, 'justified')).toBe(true);
  expect(isReviewOf(text, `${ID}1`, 'not_justified')).toBe(false);
  expect(isReviewOf(text, `${ID}2`, 'justified')).toBe(false);
  expect(isReviewOf(JSON.stringify(SAID), `${ID}1`, 'justified')).toBe(false);
});

test('an enrolment is that passkey’s, its owner’s and in that role; a request is none', () => {
  const passkey = { id: 'k1', owner: { id: 'a1', name: '', role: 'qa' as const } };
  const said = {
    format: 'voxkeep/passkey/v1',
    passkeyId: 'k1',
    owner: { account: 'a1', role: 'qa' },
  };
  const is = (more: object) => {
    const statement = JSON.stringify({ ...said, ...more });
    return isEnrolmentOf(statement, { ...passkey, statement });
  };
  expect(is({})).toBe(true);
  expect(is({ owner: { account: 'a1', role: 'approver' } })).toBe(false);
  expect(is({ owner: { account: 'a2', role: 'qa' } })).toBe(false);
  expect(is({ passkeyId: 'k2' })).toBe(false);
  expect(is({ format: 'voxkeep/access-request/v1' })).toBe(false);
  // A key that is not the one whose fingerprint was shown.
  const shown = { ...passkey, statement: JSON.stringify({ ...said, publicKey: 'a' }) };
  expect(isEnrolmentOf(JSON.stringify({ ...said, publicKey: 'b' }), shown)).toBe(false);
  expect(isEnrolmentOf(JSON.stringify(said), passkey)).toBe(false);
});
