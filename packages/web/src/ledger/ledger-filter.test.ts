import { LedgerQuery } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { isAskable, readLedgerFilter } from './ledger-filter.ts';

test('an address asks only for what the archive understands', () => {
  const good = {
    ...{ actor: 'archive', record: '0198c4d2-7a10-7c3e-9b54-0000000030b9' },
    ...{ action: 'record.', outcome: 'refused' },
  };
  expect(readLedgerFilter(good)).toEqual(good);
  expect(LedgerQuery.safeParse(readLedgerFilter(good)).success).toBe(true);
  expect(
    readLedgerFilter({ actor: 'a b', action: 'play', outcome: 'maybe', from: 'today', to: ['x'] }),
  ).toEqual({});
});

test('what is half typed is told apart from what can be asked for', () => {
  expect(isAskable('action', 'record.')).toBe(true);
  expect(isAskable('action', 'record')).toBe(false);
  expect(isAskable('actor', '')).toBe(true);
});
