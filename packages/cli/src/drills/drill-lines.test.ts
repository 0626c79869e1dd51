import type { DrillView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { drillLines, listLines } from './drill-lines.ts';

const at = '2026-11-20T18:00:03.000Z';
const figures = {
  ...{ rows: 12_345_678, rowsOfSnapshot: 1_234_567_890, records: 100_000, rtoS: 95.25 },
  ...{ recordsOfArchive: 10_000_000, rtoWholeS: 2701, rpoS: 1.234, copiesDue: 1_234_567 },
  ...{ callsOpened: 20, callsNotOpened: 0, bytesRead: 123_456_789, ledgerEntries: 16_384 },
};
const drill: DrillView = {
  ...{ id: '0198a1b2-0000-7000-8000-000000000001', site: 'branch', kind: 'sample', figures },
  ...{ by: 'archive', startedAt: at, endedAt: at, outcome: 'slow' },
};

test('a drill with large numbers fits eighty columns and says what is above the limit', () => {
  const lines = drillLines(drill, 2700);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toEqual([
    'branch   SLOW, sample, 2026-11-20T18:00Z by archive',
    '         RTO 95.3 s; of the whole 45.0 min, ABOVE 45.0 min',
    '         RPO 1.2 s, 1234567 copies due there',
    '         100000 of 10000000 records, 12345678 of 1234567890 rows, 16384 entries',
    '         20 calls opened, 0 not, 123456789 bytes read',
  ]);
});

test('a drill that failed says why, and what did not open; one that goes on says so', () => {
  const failed = { ...drill, outcome: 'failed' as const, code: 'OBJECT_MISSING' };
  const lines = drillLines({ ...failed, figures: { ...figures, callsNotOpened: 1 } }, 2702);
  expect(lines[0]).toBe('branch   FAILED (OBJECT_MISSING), sample, 2026-11-20T18:00Z by archive');
  expect(lines[1]).toContain('within 45.0 min');
  expect(lines[4]).toContain('20 calls opened, 1 NOT');
  const { outcome: _, figures: _figures, ...open } = drill;
  expect(drillLines(open, 2700)).toEqual([
    'branch   GOES ON, sample, 2026-11-20T18:00Z by archive',
  ]);
});

test('a list ends with the next one by schedule', () => {
  const view = { drills: [], limitS: 2700, serverTime: at };
  expect(listLines(view)).toEqual(['no drill yet', 'next     none by schedule']);
  const next = { at, site: 'cloud', kind: 'sample' as const };
  expect(listLines({ ...view, next })[1]).toBe('next     sample of cloud, 2026-11-20T18:00Z');
});
