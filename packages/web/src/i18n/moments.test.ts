import { expect, test } from 'vitest';
import { writeDuration, writeListTime, writeRelative } from './moments.ts';

const NOW = Date.parse('2026-11-25T02:00:00Z');
const before = (ms: number) => new Date(NOW - ms).toISOString();

test('what happened within a minute is 刚刚, just now', () => {
  expect(writeRelative(before(4_000), NOW, 'zh-CN')).toBe('刚刚');
  expect(writeRelative(before(-30_000), NOW, 'en')).toBe('just now');
});

test('a number stands free beside Chinese', () => {
  expect(writeRelative(before(180_000), NOW, 'zh-CN')).toBe('3 分钟前');
  expect(writeRelative(before(86_400_000), NOW, 'zh-CN')).toBe('昨天');
  expect(writeRelative(before(7_200_000), NOW, 'en')).toBe('2 hours ago');
});

test('today and yesterday are those of the archive’s zone, not of the browser', () => {
  // 10:00 in Shanghai on the 25th; 23:30 on the 24th there is 15:30 UTC of the 24th.
  const late = '2026-11-24T15:30:00Z';
  expect(writeListTime(late, NOW, 'Asia/Shanghai', 'zh-CN')).toBe('昨天 23:30');
  expect(writeListTime('2026-11-24T16:30:00Z', NOW, 'Asia/Shanghai', 'zh-CN')).toBe('今天 00:30');
  expect(writeListTime('2026-11-23T15:59:00Z', NOW, 'Asia/Shanghai', 'en')).toBe(
    '2026-11-23 23:59',
  );
});

test('a length is the same number of seconds in the list and on the page', () => {
  expect(writeDuration(26_700)).toBe('0:27');
  expect(writeDuration(3_599_600)).toBe('1:00:00');
});
