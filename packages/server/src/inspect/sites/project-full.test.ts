import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FreeAt, projectFull } from './project-full.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-20T00:00:00Z');
const GB = 1e9;

/** Six-hourly points of the last days; `free` of how many days ago. */
const points = (days: number, free: (ago: number) => number): FreeAt[] =>
  Array.from({ length: days * 4 + 1 }, (_, at) => {
    const ago = days - at / 4;
    return { at: new Date(NOW.getTime() - ago * DAY_MS), freeBytes: free(ago) };
  });
const daysUntil = (projected: ReturnType<typeof projectFull>) =>
  'fullAt' in projected ? (projected.fullAt.getTime() - NOW.getTime()) / DAY_MS : projected.unknown;

test('a site that fills by 10 GB a day with 500 GB free is full in fifty days', () => {
  const line = points(30, (ago) => 500 * GB + ago * 10 * GB);
  expect(daysUntil(projectFull(line, NOW))).toBeCloseTo(50, 6);
});

test('one import and one clean-up do not bend the line', () => {
  const bent = points(30, (ago) => {
    const imported = ago > 20 ? 900 * GB : 0;
    const cleaned = ago > 10 ? -300 * GB : 0;
    return 500 * GB + ago * 10 * GB + imported + cleaned;
  });
  expect(daysUntil(projectFull(bent, NOW))).toBeGreaterThan(15);
  expect(daysUntil(projectFull(bent, NOW))).toBeLessThan(60);
});

test('noise of a tenth moves it by little', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })), (noise) => {
      const line = points(30, (ago) => 500 * GB + ago * 10 * GB + (noise.next().value ?? 0) * GB);
      expect(Number(daysUntil(projectFull(line, NOW)))).toBeGreaterThan(45);
      expect(Number(daysUntil(projectFull(line, NOW)))).toBeLessThan(55);
    }),
    { numRuns: 30 },
  );
});

test.each<[string, FreeAt[], string]>([
  ['nothing was told', [], 'TOO_LITTLE_DATA'],
  ['two days were told', points(2, (ago) => ago * GB), 'TOO_LITTLE_DATA'],
  [
    'there are few points',
    points(30, (ago) => ago * GB).filter((_, at) => at % 40 === 0),
    'TOO_LITTLE_DATA',
  ],
  ['nothing changes', points(30, () => 500 * GB), 'NOT_GROWING'],
  ['it empties', points(30, (ago) => 500 * GB - ago * GB), 'NOT_GROWING'],
  ['it takes more than ten years', points(30, (ago) => 500 * GB + ago * 1e8), 'NOT_GROWING'],
])('says that it is not known when %s', (_, line, why) => {
  expect(daysUntil(projectFull(line, NOW))).toBe(why);
});

test('a site that is full is full now, not in the past', () => {
  const line = points(30, (ago) => ago * 10 * GB);
  expect(projectFull(line, new Date(NOW.getTime() + DAY_MS))).toEqual({
    fullAt: new Date(NOW.getTime() + DAY_MS),
  });
});
