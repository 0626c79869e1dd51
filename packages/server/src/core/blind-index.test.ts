import { expect, it } from 'vitest';
import { phoneDigits, phoneIndexes, tokenHash, tokenHashes } from './blind-index.ts';

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

it.each([
  ['+86 138-0013-2641', '13800132641'],
  ['8613800132641', '13800132641'],
  ['0086 138 0013 2641', '13800132641'],
  ['１３８００１３２６４１', '13800132641'],
  ['(010) 8888-2641', '01088882641'],
  ['+86 10 8888 2641', '01088882641'],
  ['+86 (0755) 8888-2641', '075588882641'],
  ['+86 755 8888 2641', '075588882641'],
  ['400-810-2641', '4008102641'],
  ['95588', '95588'],
])('knows %s as %s', (written, digits) => {
  expect(phoneDigits(written)).toBe(digits);
});

it('gives numbers that share their last four, or their mask, the same index for just that', () => {
  const one = phoneIndexes(key, '13800132641');
  const two = phoneIndexes(key, '13899992641');
  const three = phoneIndexes(key, '13900132641');
  expect(two?.masked).toBe(one?.masked);
  expect(three?.last4).toBe(one?.last4);
  expect(three?.masked).not.toBe(one?.masked);
  expect(new Set([one?.full, two?.full, three?.full]).size).toBe(3);
  expect(new Set([one?.full, one?.last4, one?.masked]).size).toBe(3);
  expect(phoneIndexes(other, '13800132641')?.full).not.toBe(one?.full);
});

it('has no index for what is no number', () => {
  expect(phoneIndexes(key, '无')).toBeUndefined();
  expect(phoneIndexes(key, '95588')?.masked).toBeUndefined();
});

it('hashes a token the same at any time under one key, and otherwise under another', () => {
  expect(tokenHash(key, '退款')).toBe(tokenHash(Buffer.from(key), '退款'));
  expect(tokenHash(other, '退款')).not.toBe(tokenHash(key, '退款'));
  expect(tokenHashes(key, ['b', 'a', 'b'])).toEqual(tokenHashes(key, ['a', 'b']));
});
