import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { createNotices } from '../../notices/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { drillTurn, lastGoodDrills, newestDrills } from './drilled.ts';
import { standingAlarms } from './standing-alarms.ts';
import { watchSites } from './watch-sites.ts';

const START = new Date('2026-11-20T00:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SITES = ['hq', 'branch', 'cloud'];
const limits = {
  ...{ awayMinutes: 5, lagSeconds: 60, overdueMinutes: 15, dailyHours: 24, freePercent: 10 },
  // Walks are not looked at here.
  ...{ fullDays: 30, scrubPeriods: 100, lightHours: 8760, deepDays: 365 },
  ...{ drillDays: 30, drillLimitMinutes: 45, fillDays: 7 },
};

const clock = fixedClock(START);
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('truncate drill_report, site_alarm, site_sample');
  clock.set(START);
});

/** Looks after that time, and once more when what is right again has been so for long enough. */
async function standingAfter(ms: number, more: Partial<typeof limits> = {}): Promise<string[]> {
  const seen = SITES.map((name) => ({
    ...{ name, reachable: true, pendingCopies: 0, behindS: 0, faults: 0 },
  }));
  const { db } = database;
  for (const wait of [ms, HOUR_MS]) {
    clock.set(new Date(clock.now().getTime() + wait));
    const deps = { db, clock, notices: createNotices({ clock }), limits: { ...limits, ...more } };
    await watchSites(deps, seen);
  }
  return (await standingAlarms(db)).map(({ site, code }) => `${site} ${code}`);
}
const drill = (site: string, outcome: string, figures: object | null, code: string | null = null) =>
  database.pool.query(
    `insert into drill_report (id, site, kind, begun_by, started_at, ended_at, outcome, code, figures)
      values ($1, $2, 'sample', 'archive', $3, $3, $4, $5, $6)`,
    [newUuidV7(clock), site, clock.now(), outcome, code, figures],
  );

test('a recovery that would take longer than the limit stands until a drill from there says otherwise', async () => {
  await drill('cloud', 'slow', { rtoWholeS: 45 * 60 + 1 });
  await drill('hq', 'ok', { rtoWholeS: 10 });
  expect(await standingAfter(HOUR_MS)).toEqual(['cloud RECOVERY_TOO_SLOW']);
  await drill('cloud', 'broken-off', null);
  expect(await standingAfter(HOUR_MS)).toEqual(['cloud RECOVERY_TOO_SLOW']);
  // One that failed before it knew does not say that it is fast enough.
  await drill('cloud', 'failed', null, 'SITE_UNREACHABLE');
  const both = ['cloud RECOVERY_TOO_SLOW', 'cloud DRILL_FAILED'];
  expect(await standingAfter(HOUR_MS)).toEqual(both);
  await drill('cloud', 'ok', { rtoWholeS: 45 * 60 });
  expect(await standingAfter(HOUR_MS)).toEqual([]);
});

test('two periods without a drill that ended well are told of the site whose turn it is', async () => {
  expect(await standingAfter(HOUR_MS)).toEqual([]);
  await drill('hq', 'failed', null, 'JOURNAL_DAMAGED');
  expect(await standingAfter(59 * DAY_MS)).toEqual(['hq DRILL_FAILED']);
  expect(await standingAfter(DAY_MS)).toEqual(['hq DRILL_FAILED', 'branch DRILL_OVERDUE']);
  await drill('branch', 'slow', { rtoWholeS: 10 });
  expect(await standingAfter(59 * DAY_MS)).toEqual(['hq DRILL_FAILED']);
  // Where nothing is scheduled nothing is overdue.
  expect(await standingAfter(DAY_MS, { drillDays: 0 })).toEqual(['hq DRILL_FAILED']);
  expect(await standingAfter(DAY_MS)).toEqual(['hq DRILL_FAILED', 'cloud DRILL_OVERDUE']);
});

test('the newest drill of each site counts, and the last that ended well', async () => {
  await drill('hq', 'ok', { rtoWholeS: 7, rpoS: 1 });
  clock.set(new Date(START.getTime() + DAY_MS));
  await drill('hq', 'failed', { rtoWholeS: 9, rpoS: 3 }, 'OBJECT_MISSING');
  await drill('branch', 'broken-off', null);
  const newest = await newestDrills(database.db);
  expect(newest).toEqual([
    { site: 'hq', endedAt: clock.now(), failed: 'OBJECT_MISSING', rtoWholeS: 9, rpoS: 3 },
  ]);
  expect(await lastGoodDrills(database.db)).toEqual([{ site: 'hq', at: START }]);
  expect(drillTurn(newest, SITES)).toBe('branch');
});
