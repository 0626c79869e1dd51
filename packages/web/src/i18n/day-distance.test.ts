import { expect, test } from 'vitest';
import { daysBetween, writeDays } from './day-distance.ts';

test('days are counted over months, years and changes of clocks', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2);
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysBetween('2026-11-29', '2025-11-29')).toBe(-365);
});

test('a distance is said in days while it is near, and in months and years beyond', () => {
  expect(writeDays(0, 'zh-CN')).toBe('今天');
  expect(writeDays(3, 'zh-CN')).toBe('3 天后');
  expect(writeDays(-12, 'zh-CN')).toBe('12 天前');
  expect(writeDays(1, 'en')).toBe('tomorrow');
  expect(writeDays(90, 'en')).toBe('in 2 months');
  expect(writeDays(-800, 'en')).toBe('2 years ago');
});
