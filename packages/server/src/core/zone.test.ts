import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMonths, dayOf, formatDay, nextTimeOfDay, parseDay, startOfDay } from './zone.ts';

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

it.each([
  ['the same day', '2026-11-20T01:00:00Z', { hour: 23, minute: 30 }, '2026-11-20T15:30:00.000Z'],
  ['the next day', '2026-11-20T01:00:00Z', { hour: 2, minute: 0 }, '2026-11-20T18:00:00.000Z'],
  [
    'not the very instant',
    '2026-11-20T18:00:00Z',
    { hour: 2, minute: 0 },
    '2026-11-21T18:00:00.000Z',
  ],
  ['beyond the year', '2026-12-31T15:59:59Z', { hour: 0, minute: 0 }, '2026-12-31T16:00:00.000Z'],
])('the next time of day is on %s', (_, after, time, expected) => {
  expect(nextTimeOfDay('Asia/Shanghai', new Date(after), time).toISOString()).toBe(expected);
});

it('a time that the clocks leave out comes later by as much; of two the first counts, once', () => {
  const next = (after: string) =>
    nextTimeOfDay('Europe/Berlin', new Date(after), { hour: 2, minute: 30 }).toISOString();
  expect(next('2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
  expect(next('2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(next('2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
});

it('the next time of day comes within 25 hours, and shows that time where the clocks have it', () => {
  const instants = fc.date({
    min: new Date('2015-01-01'),
    max: new Date('2040-01-01'),
    noInvalidDate: true,
  });
  const zones = fc.constantFrom('Asia/Shanghai', 'UTC', 'Europe/Berlin', 'America/New_York');
  const times = fc.record({ hour: fc.integer({ min: 4, max: 23 }), minute: fc.nat(59) });
  fc.assert(
    fc.property(instants, zones, times, (after, zone, time) => {
      const next = nextTimeOfDay(zone, after, time);
      const waitMs = next.getTime() - after.getTime();
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(25 * 3_600_000);
      const format = {
        timeZone: zone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      } as const;
      const two = (value: number) => String(value).padStart(2, '0');
      const shown = new Intl.DateTimeFormat('en-GB', format).format(next);
      expect(shown).toBe(`${two(time.hour)}:${two(time.minute)}`);
    }),
    { numRuns: 300 },
  );
});
