import { expect, test } from 'vitest';
import { instantOfDay } from './zone-days.ts';

test('a day begins at midnight of the archive’s zone, whatever the browser’s is', () => {
  expect(instantOfDay('2026-11-27', 'Asia/Shanghai')).toBe('2026-11-26T16:00:00.000Z');
  expect(instantOfDay('2026-11-27', 'America/New_York')).toBe('2026-11-27T05:00:00.000Z');
});

test('on days whose clocks change it is still that zone’s midnight', () => {
  expect(instantOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
  expect(instantOfDay('2026-10-26', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z');
});

test('where a clock change skips midnight, the day begins right after it', () => {
  expect(instantOfDay('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
});
