import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMonths, dayOf, formatDay, parseDay, startOfDay } from './zone.ts';

it('begins a day of Shanghai eight hours before that of UTC', () => {
  const start = startOfDay('Asia/Shanghai', { year: 2025, month: 8, day: 10 });
  expect(start.toISOString()).toBe('2025-08-09T16:00:00.000Z');
});

it('clamps the same day of another month to its end', () => {
  expect(addMonths({ year: 2026, month: 3, day: 31 }, -1)).toEqual({
    year: 2026,
    month: 2,
    day: 28,
  });
  expect(addMonths({ year: 2026, month: 1, day: 31 }, -2)).toEqual({
    year: 2025,
    month: 11,
    day: 30,
  });
  expect(addMonths({ year: 2024, month: 1, day: 31 }, 1)).toEqual({
    year: 2024,
    month: 2,
    day: 29,
  });
});

it('gives every day back that it was given, in zones with and without summer time', () => {
  const days = fc.date({
    min: new Date('1995-01-01'),
    max: new Date('2060-01-01'),
    noInvalidDate: true,
  });
  const zones = fc.constantFrom('Asia/Shanghai', 'UTC', 'Europe/Berlin', 'America/New_York');
  fc.assert(
    fc.property(days, zones, (date, zone) => {
      const day = dayOf(zone, date);
      const start = startOfDay(zone, day);
      expect(dayOf(zone, start)).toEqual(day);
      expect(dayOf(zone, new Date(start.getTime() - 1))).not.toEqual(day);
    }),
    { numRuns: 200 },
  );
});

it('knows a day from what only looks like one', () => {
  expect(parseDay('2025-02-30')).toBeUndefined();
  expect(formatDay(parseDay('2025-08-10') ?? { year: 0, month: 0, day: 0 })).toBe('2025-08-10');
});
