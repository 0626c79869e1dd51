import { readdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newRecordId, type RecordId } from '../../core/ids.ts';
import { systemRandom } from '../../core/random.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { advanceRecord } from '../advance-record.ts';
import { copyPending } from '../copy-pending.ts';
import type { PipelineDeps } from '../deps.ts';
import { FIRST, noFaults, pipelineOver, receive, sampleScene } from '../pipeline-scene.testing.ts';
import { scrubSite } from './scrub-site.ts';
import { sweepSite } from './sweep-site.ts';

const HOUR_MS = 3_600_000;

let scene: IntakeScene;
let pipeline: PipelineDeps;
let id: RecordId;

beforeEach(async () => {
  scene = await sampleScene();
  // Files bear the real time.
  scene.clock.set(new Date());
  pipeline = await pipelineOver(scene, noFaults());
  id = await receive(scene, '06-dispute');
  await advanceRecord(pipeline, id, FIRST);
  await copyPending(pipeline);
});
afterEach(() => scene.close());

/** An object as a killed process leaves it: at the sites, in no row. */
const stray = (recordId = newRecordId(scene.clock, systemRandom)) =>
  scene.vault.write({
    ...{ recordId, purpose: 'redacted' as const, pool: 'core' as const },
    mediaType: 'audio/wav',
    source: (async function* () {
      yield Buffer.from('left behind');
    })(),
  });
const later = (hours: number) =>
  scene.clock.set(new Date(scene.clock.now().getTime() + hours * HOUR_MS));
const files = async (site: string) =>
  (await readdir(join(scene.folder, 'sites', site), { recursive: true }))
    .filter((name) => /\.vk[oe]$/.test(name))
    .toSorted();
const sweep = (site = 'hq', deps: Partial<PipelineDeps> = {}) =>
  sweepSite({ ...pipeline, ...deps }, site);

test('removes what no row knew a day ago and does not know now, object and envelope; nothing else', async () => {
  const before = await files('hq');
  const { id: left } = await stray();
  expect(await sweep()).toEqual({ waiting: 1, removed: 0, locked: 0, kept: 0 });
  later(25);
  // Old enough, but seen for the first time.
  expect(await sweep()).toMatchObject({ waiting: 1, removed: 0 });
  later(23);
  expect(await sweep()).toMatchObject({ waiting: 1, removed: 0 });
  expect((await files('hq')).filter((name) => name.includes(left))).toHaveLength(2);
  later(2);
  expect(await sweep()).toEqual({ waiting: 0, removed: 1, locked: 0, kept: 0 });
  expect(await files('hq')).toEqual(before);
  expect(scene.entries.filter(({ action }) => action === 'site.sweep')).toMatchObject([
    { resource: 'hq', outcome: 'ok', detail: { pool: 'core', removed: 1 } },
  ]);
  expect(await scene.database.db.selectFrom('stray_object').selectAll().execute()).toEqual([]);
  // The other site has its own walk.
  expect((await files('branch')).filter((name) => name.includes(left))).toHaveLength(2);
});

test('every living object, its envelope and what waits in quarantine outlive any number of walks', async () => {
  await receive(scene, '01-enquiry');
  const before = await Promise.all(['hq', 'branch', 'cloud'].map(files));
  for (let day = 0; day < 4; day += 1) {
    later(30);
    for (const site of ['hq', 'branch', 'cloud']) {
      expect(await sweep(site)).toEqual({ waiting: 0, removed: 0, locked: 0, kept: 0 });
    }
  }
  expect(await Promise.all(['hq', 'branch', 'cloud'].map(files))).toEqual(before);
});

test('what is being written survives: its row may come at the last moment', async () => {
  const written = await stray(id);
  later(25);
  await sweep();
  later(25);
  let asked = 0;
  const { recordOf } = pipeline.strays;
  const strays = {
    ...pipeline.strays,
    async recordOf(...args: Parameters<typeof recordOf>) {
      asked += 1;
      const { insertObjects } = await import('../../record/object-rows.ts');
      const { db } = scene.database;
      await db.transaction().execute((tx) => insertObjects(tx, [written], scene.clock.now()));
      return recordOf(...args);
    },
  };
  expect(await sweep('hq', { strays })).toMatchObject({ removed: 0 });
  expect(asked).toBe(1);
  await scene.vault.verify(written, 'hq');
  await sweep();
  expect(await scene.database.db.selectFrom('stray_object').selectAll().execute()).toEqual([]);
});

test('an old id whose bytes have just come is being written', async () => {
  later(-100);
  const { id: left } = await stray();
  later(100);
  await sweep();
  later(25);
  for (const name of (await files('hq')).filter((one) => one.includes(left))) {
    const fresh = new Date(scene.clock.now().getTime() - HOUR_MS);
    await utimes(join(scene.folder, 'sites/hq', name), fresh, fresh);
  }
  expect(await sweep()).toMatchObject({ waiting: 1, removed: 0 });
});

test('what may be all that is left of a call stays: the ledger knows what the catalog does not', async () => {
  const lost = newRecordId(scene.clock, systemRandom);
  await stray(lost);
  const known = (asked: string) => asked === lost;
  const deps = { ledgerKnowsMore: async (asked: RecordId) => known(asked) };
  for (let day = 0; day < 3; day += 1) {
    await sweep('hq', deps);
    later(30);
  }
  expect(await sweep('hq', deps)).toEqual({ waiting: 0, removed: 0, locked: 0, kept: 1 });
  expect(await sweep('hq')).toMatchObject({ removed: 1 });
});

test('at a site that is another’s, or away, nothing is touched', async () => {
  await stray();
  await sweep();
  later(50);
  await sweep();
  later(50);
  const folder = join(scene.folder, 'sites/hq');
  await rename(join(folder, 'site.json'), join(folder, '../kept.json'));
  await expect(sweep()).rejects.toMatchObject({ code: /SITE_(FOREIGN|UNREACHABLE)/ });
  await rename(join(folder, '../kept.json'), join(folder, 'site.json'));
  expect(await sweep()).toMatchObject({ removed: 1 });
});

test('a deep walk sweeps, and its entry tells the counts; a light one does not', async () => {
  await stray();
  later(25);
  await scrubSite(pipeline, { site: 'hq', kind: 'light' });
  expect(await scene.database.db.selectFrom('stray_object').selectAll().execute()).toEqual([]);
  await scrubSite(pipeline, { site: 'hq', kind: 'deep' });
  later(25);
  await scrubSite(pipeline, { site: 'hq', kind: 'deep' });
  const walks = scene.entries.filter(({ action }) => action === 'site.scrub');
  expect(
    walks.map(({ detail }) => [detail?.['kind'], detail?.['waiting'], detail?.['removed']]),
  ).toEqual([
    ['light', undefined, undefined],
    ['deep', 1, 0],
    ['deep', 0, 1],
  ]);
});
