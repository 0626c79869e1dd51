import type { DrillFigures, DrillView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { judgeRecovery, worstOf } from './judge-recovery.ts';

const LIMIT_S = 2700;
const figures = (more: Partial<DrillFigures> = {}): DrillFigures => ({
  ...{ rows: 10, rowsOfSnapshot: 200, records: 5, recordsOfArchive: 100 },
  ...{ rtoS: 9, rtoWholeS: 180, rpoS: 0, copiesDue: 0, callsOpened: 5, callsNotOpened: 0 },
  ...{ bytesRead: 1000, ledgerEntries: 40, ...more },
});
const drill = (site: string, more: Partial<DrillView> = {}): DrillView => ({
  ...{ id: '0198c4d2-7a10-7c3e-9b54-000000003000', site, kind: 'sample', by: 'archive' },
  ...{ startedAt: '2026-11-27T18:00:00Z', endedAt: '2026-11-27T18:05:00Z' },
  ...{ outcome: 'ok', figures: figures(), ...more },
});
const without = ({ figures: _none, ...rest }: DrillView): DrillView => rest;
const judge = (...drills: DrillView[]) =>
  judgeRecovery(['hq', 'cloud'], { drills, limitS: LIMIT_S });
const verdicts = (...drills: DrillView[]) => judge(...drills).map(({ verdict }) => verdict);

test('a site answers by its newest drill, whatever others and older ones say', () => {
  const newest = drill('hq', { figures: figures({ rtoWholeS: 2701 }) });
  const [hq, cloud] = judge(newest, drill('cloud'), drill('hq'));
  expect(hq).toEqual({ site: 'hq', verdict: 'over', drill: newest });
  expect(cloud?.verdict).toBe('within');
});

test('exactly the limit is within it, anything more is not', () => {
  expect(verdicts(drill('hq', { figures: figures({ rtoWholeS: LIMIT_S }) }))[0]).toBe('within');
  expect(verdicts(drill('hq', { figures: figures({ rtoWholeS: 2700.1 }) }))[0]).toBe('over');
});

test('the limit of now counts, not the one under which a drill was called slow or well', () => {
  expect(verdicts(drill('hq', { outcome: 'slow' }))[0]).toBe('within');
  expect(verdicts(drill('hq', { figures: figures({ rtoWholeS: 9000 }) }))[0]).toBe('over');
});

test('a failed drill is no recovery, though it measured a time, and an older good one does not hide it', () => {
  const failed = drill('hq', { outcome: 'failed', code: 'OBJECT_DAMAGED' });
  expect(verdicts(failed, drill('hq'))[0]).toBe('failed');
  expect(verdicts(without(failed), drill('hq'))[0]).toBe('failed');
});

test('a drill that goes on or was broken off says nothing: the one before it answers, or none', () => {
  const { outcome: _open, ...open } = without(drill('hq'));
  const broken = without(drill('hq', { outcome: 'broken-off' }));
  expect(verdicts(open, broken, drill('hq'))[0]).toBe('within');
  expect(judge(open, broken)[0]).toEqual({ site: 'hq', verdict: 'never' });
});

test('the worst of several sites is the longest time and the largest loss, each by itself', () => {
  const answers = judge(
    drill('hq', { figures: figures({ rtoWholeS: 900, rpoS: 4 }) }),
    drill('cloud', { figures: figures({ rtoWholeS: 300, rpoS: 60, copiesDue: 7 }) }),
  );
  expect(worstOf(answers)).toEqual({ rtoS: 900, rpoS: 60, copiesDue: 7 });
  expect(worstOf(judge())).toEqual({ rtoS: 0, rpoS: 0, copiesDue: 0 });
});
