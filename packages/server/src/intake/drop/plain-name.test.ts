import { expect, it } from 'vitest';
import { plainCallId, plainFileName } from './plain-name.ts';

it.each([
  '04-id-number',
  'DEMO-20261120-0204',
  'q-20261120103015-1763605815.42',
  '0198a1b2-1234-7abc-8def-001234567890',
])('lets %s stand in a receipt', (text) => {
  expect(plainFileName(text)).toBe(text);
  expect(plainCallId(text)).toBe(text);
});

it.each([
  'out-13800138000-1763605815.42',
  'in_138-0013-2641',
  '86138001380001',
  '010-8888-2641',
  '88882641',
  '110101198703162721',
  '6222021234567890',
  '张三来电',
  'li@example.com',
  '../../etc/passwd',
  'two words',
  '',
])('withholds %j, which may be somebody', (text) => {
  expect(plainFileName(text)).toBeUndefined();
});

it.each(['out-13800138000', '王先生', 'li@example.com'])('withholds the call id %s', (text) => {
  expect(plainCallId(text)).toBeUndefined();
});
