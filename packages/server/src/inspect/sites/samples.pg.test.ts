import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { siteHistory, stepOf } from './history.ts';
import { keepSamples, type SiteSample } from './samples.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const GOOD = { reachable: true, behind: 0, behindS: 0, freeBytes: 5e9, faults: 0 };

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('delete from site_sample'));

const keep = (afterMs: number, more: Partial<SiteSample> = {}) =>
  keepSamples(
    database.db,
    ['hq', 'cloud'].map((site) => ({ site, ...GOOD, ...more })),
    new Date(NOW.getTime() + afterMs),
  );
const history = (site: string, fromMs: number, toMs: number) =>
  siteHistory(database.db, site, {
    ...{ from: new Date(NOW.getTime() + fromMs), to: new Date(NOW.getTime() + toMs) },
  });
const count = async () =>
  (await database.pool.query('select count(*)::int as n from site_sample')).rows[0].n as number;

test('who looks each half minute keeps one line a site in five minutes; a restart keeps no more', async () => {
  let kept = 0;
  for (let atMs = 0; atMs < HOUR_MS; atMs += MINUTE_MS / 2) if (await keep(atMs)) kept += 1;
  expect(kept).toBe(12);
  expect(await count()).toBe(24);
});

test('of many processes that look at the same moment one keeps it', async () => {
  const at = Array.from({ length: 8 }, (_, nth) => nth);
  // All connections stand, so that none waits for its own.
  await Promise.all(at.map(() => database.pool.query('select pg_sleep(0.2)')));
  // Their clocks are not quite the same.
  const kept = await Promise.all(at.map((nth) => keep(nth)));
  expect(kept.filter(Boolean)).toHaveLength(1);
  expect(await count()).toBe(2);
});

test('after two days an hour is one line with the worst of it, after ninety days it is gone', async () => {
  const lag = { p50: 20, p99: 9000, count: 3 };
  for (let at = 0; at < 36; at += 1) {
    const bad = at === 17 ? { reachable: false, behind: 7, lag, faults: 2, freeBytes: 1e9 } : {};
    await keep(at * 5 * MINUTE_MS, bad);
  }
  expect(await count()).toBe(72);
  await keep(2 * DAY_MS + 10 * HOUR_MS);
  const { points } = await history('cloud', 0, DAY_MS);
  expect(
    points.map(({ at, reachable, behind, faults }) => [at, reachable, behind, faults]),
  ).toEqual([
    [NOW, true, 0, 0],
    [new Date(NOW.getTime() + HOUR_MS), false, 7, 2],
    [new Date(NOW.getTime() + 2 * HOUR_MS), true, 0, 0],
  ]);
  expect(points[1]).toMatchObject({ lag: { p50: 20, p99: 9000 }, freeBytes: 1e9 });
  expect(await count()).toBe(8);
  // Thinned again, the same stays.
  await keep(3 * DAY_MS);
  expect((await history('cloud', 0, DAY_MS)).points).toEqual(points);
  await keep(91 * DAY_MS + 10 * HOUR_MS);
  expect((await history('cloud', 0, DAY_MS)).points).toEqual([]);
  expect(await count()).toBe(6);
});

test('a history has at most three hundred points, and none for a time in which nobody looked', async () => {
  for (const days of [1, 7, 30, 90]) {
    const to = new Date(NOW.getTime() + days * DAY_MS);
    expect((days * DAY_MS) / 1000 / stepOf(NOW, to), `${days}`).toBeLessThanOrEqual(300);
  }
  await keep(0);
  await keep(10 * MINUTE_MS, { behind: 3, freeBytes: undefined });
  const { stepS, points } = await history('hq', 0, DAY_MS);
  expect(stepS).toBe(300);
  expect(points).toEqual([
    { at: NOW, ...GOOD, usedBytes: 0 },
    {
      ...{ at: new Date(NOW.getTime() + 10 * MINUTE_MS), reachable: true, behind: 3, behindS: 0 },
      ...{ usedBytes: 0, faults: 0 },
    },
  ]);
  expect((await history('branch', 0, DAY_MS)).points).toEqual([]);
});
