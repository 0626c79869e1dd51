import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LoadTimes, projectRto } from './project-rto.ts';

const table = (more: Partial<LoadTimes>): LoadTimes => ({
  ...{ rows: 1000, rowsOfSnapshot: 1000, loadMs: 100, indexMs: 0 },
  ...more,
});
const rebuild = { totalMs: 10_000, tablesMs: 2000, copiesMs: 0 };

test('what was restored whole takes what it took', () => {
  expect(projectRto({ ...rebuild, copiesMs: 500, tables: [table({})] })).toBe(10_000);
  expect(projectRto({ ...rebuild, tables: [] })).toBe(10_000);
});

test('only what grows with the rows is multiplied', () => {
  const tables = [table({ rowsOfSnapshot: 100_000 })];
  expect(projectRto({ ...rebuild, tables })).toBe(8000 + 100 * 2000);
  expect(projectRto({ ...rebuild, copiesMs: 50, tables })).toBe(7950 + 100 * 2050);
});

test('a small table that came whole does not make the large one cheaper', () => {
  const tables = [table({ rowsOfSnapshot: 100_000, loadMs: 300 }), table({ loadMs: 100 })];
  expect(projectRto({ ...rebuild, tables })).toBe(8000 + (2000 * (300 * 100 + 100)) / 400);
});

test('an index of many rows takes more for each than one of few', () => {
  const sorted = [table({ rows: 1024, rowsOfSnapshot: 1024 ** 2, loadMs: 0, indexMs: 100 })];
  expect(projectRto({ ...rebuild, tables: sorted })).toBe(8000 + 2 * 1024 * 2000);
});

test('no rebuild of the whole is said to take less than the part did', () => {
  const some = fc.record({
    rows: fc.nat(1e6),
    rowsOfSnapshot: fc.nat(1e9),
    loadMs: fc.nat(1e6),
    indexMs: fc.nat(1e6),
  });
  fc.assert(
    fc.property(fc.array(some), fc.nat(1e6), fc.nat(1e6), (tables, tablesMs, copiesMs) => {
      const totalMs = tablesMs + copiesMs + 1;
      expect(projectRto({ totalMs, tablesMs, copiesMs, tables })).toBeGreaterThanOrEqual(totalMs);
    }),
  );
});
