import { expect, test } from 'vitest';
import { Seeded } from '../access/random.ts';
import { ACTS, nameOf, planPoints } from './points.ts';

const CALLS = new Map([
  ['fsync', 7],
  ['rename', 3],
  ['pread64', 5],
]);
const COUNTS = new Map(ACTS.map((act) => [act, CALLS]));
const take = (count: number, seed: number) => {
  const plan = planPoints(COUNTS, new Seeded(seed));
  return Array.from({ length: count }, () => plan.next().value);
};

test('a seed gives the same points, another gives others', () => {
  const names = (seed: number) => take(100, seed).map(nameOf);
  expect(names(5)).toEqual(names(5));
  expect(names(5)).not.toEqual(names(6));
});

test('every act is failed at every call and every ordinal, by errors and by kills', () => {
  const seen = new Set(take(3000, 1).map(nameOf));
  for (const [act, calls] of COUNTS) {
    for (const [call, count] of calls) {
      for (let ordinal = 1; ordinal <= count; ordinal += 1) {
        expect(seen).toContain(nameOf({ act, call, ordinal, fault: 'EIO' }));
        expect(seen).toContain(nameOf({ act, call, ordinal, fault: 'KILL' }));
      }
    }
  }
  expect(seen).toContain(nameOf({ act: 'intake', call: 'fsync', ordinal: 7, fault: 'ENOSPC' }));
  expect([...seen].filter((name) => name.includes('ENOSPC at pread64'))).toEqual([]);
});

test('a kill costs a start: one in eight', () => {
  const kills = take(3000, 1).filter(({ fault }) => fault === 'KILL').length;
  expect(kills / 3000).toBeGreaterThan(0.1);
  expect(kills / 3000).toBeLessThan(0.2);
});
