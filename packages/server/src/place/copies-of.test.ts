import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copiesOf, nextDaily, wantedCopies } from './copies-of.ts';
import { changedPlacement, SHIPPED, SITES } from './placement.testing.ts';
import { loadPlacement } from './placement.ts';

const HOUR_MS = 3_600_000;
const shipped = loadPlacement(SHIPPED, 'placement.yaml', SITES);
const due = (now: string, zone = 'Asia/Shanghai') =>
  copiesOf(shipped, 'basic', new Date(now), zone).further.map(({ dueAt }) => dueAt.toISOString());

test('copies at once are due now and go first; daily ones at the next daily hour of the zone', () => {
  const now = new Date('2026-11-20T01:00:00Z');
  expect(copiesOf(shipped, 'core', now, 'Asia/Shanghai')).toEqual({
    acknowledged: ['hq', 'branch'],
    further: [{ site: 'cloud', dueAt: now, bulk: false }],
  });
  const dueAt = new Date('2026-11-20T18:00:00Z');
  expect(copiesOf(shipped, 'basic', now, 'Asia/Shanghai')).toEqual({
    acknowledged: ['hq'],
    further: ['branch', 'cloud'].map((site) => ({ site, dueAt, bulk: true })),
  });
  expect(due('2026-11-20T01:00:00Z', 'UTC')).toEqual(Array(2).fill('2026-11-20T02:00:00.000Z'));
});

test('what is archived within the hour after goes with that hour’s run, not with the next day’s', () => {
  expect(due('2026-11-20T18:00:00Z')).toEqual(Array(2).fill('2026-11-20T18:00:00.000Z'));
  expect(due('2026-11-20T18:59:00Z')).toEqual(Array(2).fill('2026-11-20T18:59:00.000Z'));
  expect(due('2026-11-20T19:00:00Z')).toEqual(Array(2).fill('2026-11-21T18:00:00.000Z'));
});

test('no copy waits longer than 23 hours, on the longest day neither, whatever the hour is', () => {
  const instants = fc.date({
    min: new Date('2020-01-01'),
    max: new Date('2035-01-01'),
    noInvalidDate: true,
  });
  const zones = fc.constantFrom('Asia/Shanghai', 'UTC', 'Europe/Berlin', 'America/New_York');
  const hours = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((time) => time.map((part) => String(part).padStart(2, '0')).join(':'));
  fc.assert(
    fc.property(instants, zones, hours, (now, zone, at) => {
      const policy = changedPlacement(['"02:00"', `"${at}"`]);
      const next = nextDaily(policy, now, zone);
      for (const { dueAt } of copiesOf(policy, 'basic', now, zone).further) {
        const waitMs = dueAt.getTime() - now.getTime();
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(23 * HOUR_MS);
        expect([now.getTime(), next.getTime()]).toContain(dueAt.getTime());
      }
    }),
    { numRuns: 200 },
  );
});

test('every copy that is wanted anywhere is wanted once', () => {
  expect(wantedCopies(shipped).map(({ pool, site }) => `${pool} ${site}`)).toEqual([
    ...['basic hq', 'basic branch', 'basic cloud', 'core hq', 'core branch', 'core cloud'],
    ...['sensitive hq', 'sensitive branch', 'sensitive cloud'],
    ...['quarantine hq', 'quarantine branch'],
  ]);
});
