import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { behindAt } from './behind-at.ts';
import { fillGaps } from './fill-gaps.ts';
import { fillTables, type JournalScene, journalScene } from './journal-scene.testing.ts';
import { writeSegment } from './write-segment.ts';
import { writeSnapshot } from './write-snapshot.ts';

let scene: JournalScene;
beforeAll(async () => {
  scene = await journalScene();
});
afterAll(() => scene.close());

const none = { timeline: 1, lacksSegments: false, behindS: 0 };
const HOUR_MS = 3_600_000;
const at = (site: string, laterMs = 0) =>
  behindAt(scene.db, site, { now: new Date(Date.now() + laterMs), everyMs: 2000 });

test('a site that has all lacks nothing; a change that waits has been waiting since it was made', async () => {
  expect(await at('hq', HOUR_MS)).toEqual({ nextSegment: 1, ...none });
  await fillTables(scene.db, 1, 'staff');
  await sql`update journal_outbox set made_at = now() - interval '90 seconds'`.execute(scene.db);
  expect((await at('hq')).behindS).toBeGreaterThan(89);
  expect((await at('hq')).behindS).toBeLessThan(120);
  await writeSegment(scene.writer);
  expect(await at('hq', HOUR_MS)).toEqual({ nextSegment: 2, ...none });
});

test('a segment that a site did not take is missing there, and nowhere else, until it is brought', async () => {
  const [, , cloud] = scene.sites;
  if (cloud === undefined) throw new Error('cloud');
  cloud.reachable = false;
  await fillTables(scene.db, 2, 'staff');
  await writeSegment(scene.writer);
  // A snapshot that it misses is no loss: the one before serves, with more segments.
  await writeSnapshot(scene.writer);
  const { behindS, lacksSegments } = await at('cloud', HOUR_MS);
  expect(lacksSegments).toBe(true);
  expect(Math.round(behindS / 10)).toBe(360);
  expect(behindS).toBeGreaterThan(3602);
  expect((await at('branch', HOUR_MS)).behindS).toBe(0);
  cloud.reachable = true;
  await fillGaps(scene.db, scene.stores);
  expect((await at('cloud', HOUR_MS)).behindS).toBe(0);
});
