import { SubjectRequestIn } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { type SubjectFields, subjectOf, WHOLE_PHONE } from './subject-fields.ts';

const ID = '0198c4d2-7a10-7c3e-9b54-000000000001';
const FIELDS: SubjectFields = {
  ...{ kind: 'erasure', phone: ' 138 0000 5128 ', account: ' ', identity: ' 回拨 ', note: '' },
  receivedOn: '2026-11-28',
};

test('what the form sends is what the contract takes, whichever kind it is', () => {
  const corrections = [{ recordId: ID, field: 'segment' as const, value: 'VIP' }];
  const all = { ...FIELDS, withMedia: true, corrections };
  for (const kind of ['copy', 'correction', 'erasure'] as const) {
    const sent = subjectOf({ ...all, kind });
    expect(SubjectRequestIn.parse(sent), kind).toEqual(sent);
  }
  expect(subjectOf(FIELDS)).toEqual({
    ...{ kind: 'erasure', phone: '138 0000 5128', identity: '回拨', receivedOn: '2026-11-28' },
  });
});

test('a number that the form takes is one that the archive takes, and no other', () => {
  for (const phone of [
    '13800005128',
    '+86 138-0000-5128',
    '1234567',
    '123456',
    '5128',
    'abc',
    '1a234567',
  ]) {
    const taken = SubjectRequestIn.safeParse({ ...subjectOf(FIELDS), phone }).success;
    expect(WHOLE_PHONE.test(phone), phone).toBe(taken);
  }
});
