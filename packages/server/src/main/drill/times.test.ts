import { expect, test } from 'vitest';
import type { SnapshotHead } from '../../journal/index.ts';
import type { DrillProgress } from './drill-order.ts';
import { RebuildTimes, roomFor, sampleShare } from './times.ts';

const part = (table: string, rows: number, sealedBytes = 0) => ({
  ...{ table, rows, sealedBytes, columns: [], part: `${table}.rows`, sha256: '' },
});
const head = (...parts: ReturnType<typeof part>[]): SnapshotHead => ({
  ...{ id: 'one', timeline: 1, schema: 1, startedAt: new Date(0), fromSegment: 1, previous: '' },
  ...{ months: [], parts },
});

test('a sample is about a hundred thousand records; where there are fewer it is all', () => {
  expect(sampleShare(head(part('record', 10_000_000)))).toBe(0.01);
  expect(sampleShare(head(part('record', 100_000)))).toBe(1);
  expect(sampleShare(head())).toBe(1);
});

test('the room is for what is loaded: the share of large tables, all of small ones', () => {
  const snapshot = head(part('call', 1_000_000, 1e9), part('notice', 10_000, 1e6));
  const empty = roomFor(head(), 1);
  expect(roomFor(snapshot, 1) - empty).toBe(4 * (1e9 + 1e6));
  expect(roomFor(snapshot, 0.01) - empty).toBe(4 * (1e7 + 1e6));
});

test('the time in which tables were loaded is the first one’s beginning to the last one’s end', () => {
  let now = 0;
  const said: DrillProgress[] = [];
  const times = new RebuildTimes(
    () => now,
    (progress) => void said.push(progress),
  );
  times.step({ kind: 'phase', phase: 'catalog' });
  times.step({
    kind: 'snapshot',
    snapshot: head(part('call', 40_000), part('staff', 5)),
    segments: 0,
  });
  now = 1000;
  times.step({
    ...{ kind: 'table', table: 'staff', rows: 5, ofRows: 5, total: 20_005 },
    ...{ loadMs: 100, indexMs: 0 },
  });
  now = 1900;
  times.step({
    ...{ kind: 'table', table: 'call', rows: 20_000, ofRows: 20_005, total: 20_005 },
    ...{ loadMs: 900, indexMs: 0 },
  });
  expect(times.rows).toEqual({ rows: 20_005, rowsOfSnapshot: 40_005 });
  // Twice the rows of the table that took nine tenths of the thousand milliseconds.
  expect(times.project(5000, 0)).toBe(5900);
  expect(said).toEqual([
    { phase: 'catalog', done: 0, total: 0 },
    { phase: 'catalog', done: 5, total: 20_005 },
    { phase: 'catalog', done: 20_005, total: 20_005 },
  ]);
});
