import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { keepPolicy } from '../../pipeline/placement/policy-rows.ts';
import { loadPlacement } from '../../place/index.ts';
import { SHIPPED } from '../../place/placement.testing.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { SITE_NAMES } from '../config.ts';
import { nextDrill } from './next-drill.ts';

const clock = fixedClock('2026-11-20T00:00:00Z');
const policy = loadPlacement(SHIPPED, 'placement.yaml', SITE_NAMES);

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate drill_report, placement_policy'));

/** At 02:00 in Shanghai, which is 18:00 the day before in UTC. */
const next = async (drillDays = 30) => {
  const found = await nextDrill(database.db, {
    ...{ drillDays, timeZone: 'Asia/Shanghai', sites: SITE_NAMES, policy: () => policy },
  });
  return found && `${found.at.toISOString()} ${found.site}`;
};
const drill = (site: string, at: string, by = 'archive', outcome = 'ok') =>
  database.pool.query(
    `insert into drill_report (id, site, kind, begun_by, started_at, ended_at, outcome)
      values ($1, $2, 'sample', $3, $4, $4, $5)`,
    [newUuidV7(clock), site, by, at, outcome],
  );
const applied = () =>
  database.db.transaction().execute((tx) => keepPolicy(tx, policy, clock.now(), true));

test('the first drill comes a week after the archive began, or earlier where they are frequent', async () => {
  expect(await next()).toBeUndefined();
  await applied();
  expect(await next()).toBe('2026-11-27T18:00:00.000Z hq');
  expect(await next(1)).toBe('2026-11-21T18:00:00.000Z hq');
  expect(await next(0)).toBeUndefined();
});

test('sites take turns, each after its days at the daily hour', async () => {
  await applied();
  await drill('hq', '2026-11-27T18:00:40Z');
  expect(await next()).toBe('2026-12-27T18:00:00.000Z branch');
  await drill('branch', '2026-12-27T18:00:10Z', 'archive', 'failed');
  expect(await next()).toBe('2027-01-26T18:00:00.000Z cloud');
  await drill('cloud', '2027-01-26T18:00:50Z');
  expect(await next()).toBe('2027-02-25T18:00:00.000Z hq');
});

test('one by hand moves the turn of its site but no hour; one that was broken off is tried the next night', async () => {
  await applied();
  await drill('hq', '2026-11-25T08:00:00Z', 'somebody');
  expect(await next()).toBe('2026-11-27T18:00:00.000Z branch');
  await drill('branch', '2026-11-27T18:00:10Z', 'archive', 'broken-off');
  expect(await next()).toBe('2026-11-28T18:00:00.000Z branch');
});
