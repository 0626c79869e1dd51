import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import type { PlacementPolicy } from '../../place/index.ts';
import { changedPlacement } from '../../place/placement.testing.ts';
import type { StoredObject } from '../../record/vault.ts';
import { advanceRecord } from '../advance-record.ts';
import { copyPending } from '../copy-pending.ts';
import type { PipelineDeps } from '../deps.ts';
import { destroyQuarantine } from '../destroy-quarantine.ts';
import { FIRST, noFaults, pipelineOver, receive, sampleScene } from '../pipeline-scene.testing.ts';
import { beginAnew } from '../resume-after-recovery.ts';
import { scrubSite } from '../scrub/scrub-site.ts';
import { evictCold } from './evict-cold.ts';
import { planPlacement } from './plan-placement.ts';
import { keepPolicy } from './policy-rows.ts';
import { removeUnwanted } from './remove-unwanted.ts';
import { spreadPlacement } from './spread-placement.ts';

/** Core is wanted at hq and cloud, no longer at branch. */
const CORE_LEAVES = changedPlacement([
  '  core:\n    acknowledged: [hq, branch]\n    realtime: [cloud]',
  '  core:\n    acknowledged: [hq, cloud]\n    realtime: []',
]);
/** Basic waits for the branch too. */
const BASIC_WAITS = changedPlacement(
  ['acknowledged: [hq]', 'acknowledged: [hq, branch]'],
  ['daily: [branch, cloud]', 'daily: [cloud]'],
);
const HOUR_MS = 3_600_000;
const NO_EVICTION = changedPlacement([
  '    eviction:\n      site: hq\n      olderThanMonths: 3\n      unusedMonths: 3\n',
  '',
]);

let scene: IntakeScene;
let pipeline: PipelineDeps;
let core: RecordId;
let basic: RecordId;

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
  core = await archived('06-dispute');
  basic = await archived('01-enquiry');
});
afterEach(() => scene.close());

async function archived(name: string): Promise<RecordId> {
  const id = await receive(scene, name);
  await advanceRecord(pipeline, id, FIRST);
  await destroyQuarantine(pipeline, id);
  await copyPending(pipeline);
  return id;
}
async function follow(policy: PlacementPolicy): Promise<void> {
  const { db } = scene.database;
  await db.transaction().execute((tx) => keepPolicy(tx, policy, scene.clock.now(), false));
  scene.placement.follow(policy);
}
const plan = async (policy: PlacementPolicy) =>
  (
    await planPlacement(scene.database.db, policy, {
      now: scene.clock.now(),
      timeZone: 'Asia/Shanghai',
    })
  ).map(({ pool, site, change, objects }) => `${pool} ${site} ${change} ${objects}`);
const sitesOf = async (id: RecordId) =>
  new Set((await scene.objects(id)).map(({ sites }) => sites.toSorted().join(' ')));
const removals = () => scene.database.db.selectFrom('pending_removal').selectAll().execute();
const pendingCopies = () => scene.database.db.selectFrom('pending_copy').selectAll().execute();
const filesAt = async (site: string, pool: string) => {
  const all = await readdir(join(scene.folder, 'sites', site, pool), { recursive: true });
  return all.filter((name) => /\.vk[oe]$/.test(name));
};
const later = (ms: number) => scene.clock.set(new Date(scene.clock.now().getTime() + ms));
const bytesOf = (objects: readonly StoredObject[]) =>
  objects.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0);

test('a policy that is followed wants nothing to move, though its daily copies are still to come', async () => {
  expect(await plan(scene.placement.policy())).toEqual([]);
});

test('a plan says what would move, by pool, site and change, with bytes, and moves nothing', async () => {
  const { db } = scene.database;
  const objects = await scene.objects(core);
  const at = { now: scene.clock.now(), timeZone: 'Asia/Shanghai' };
  const before = await scene.inventory();
  const line = { pool: 'core', site: 'branch', change: 'remove', locked: 0 };
  expect(await planPlacement(db, CORE_LEAVES, at)).toEqual([
    { ...line, objects: objects.length, bytes: bytesOf(objects) },
  ]);
  await db
    .updateTable('object_copy')
    .set({ locked_until: new Date('2031-01-01') })
    .where('object_id', '=', objects[0]?.id ?? '')
    .execute();
  expect(await planPlacement(db, CORE_LEAVES, at)).toMatchObject([{ ...line, locked: 1 }]);
  expect(await scene.inventory()).toEqual(before);
  // What a rule lets go in time.
  scene.clock.set('2027-06-01T00:00:00Z');
  expect(await plan(scene.placement.policy())).toEqual(['basic hq evict 1']);
  expect(await plan(NO_EVICTION)).toEqual([]);
});

test('what is missing is enqueued, what is too many goes only when all that is wanted was read back', async () => {
  const redacted = (await scene.objects(core)).find(({ purpose }) => purpose === 'redacted');
  await follow(CORE_LEAVES);
  expect(await spreadPlacement(pipeline)).toBe(true);
  const count = (await scene.objects(core)).length;
  expect(await removals()).toHaveLength(count);
  // Bent at the cloud: this one object stays at the branch, and says why.
  const folder = join(scene.folder, 'sites/cloud');
  const all = await readdir(folder, { recursive: true });
  const file = join(folder, all.find((one) => one.endsWith(`${redacted?.id}.vko`)) as string);
  const bytes = await readFile(file);
  await writeFile(file, Buffer.from(bytes).fill(0, 100, 101));
  expect(await removeUnwanted(pipeline)).toEqual({ removed: count - 1, left: 1 });
  expect(await removals()).toMatchObject([
    { object_id: redacted?.id, site: 'branch', last_error: 'OBJECT_DAMAGED', attempts: 1 },
  ]);
  expect(await filesAt('branch', 'core')).toHaveLength(2);
  expect(await removeUnwanted(pipeline)).toEqual({ removed: 0, left: 0 });
  await writeFile(file, bytes);
  later(60_000);
  expect(await removeUnwanted(pipeline)).toEqual({ removed: 1, left: 0 });
  expect(await filesAt('branch', 'core')).toEqual([]);
  expect(await sitesOf(core)).toEqual(new Set(['cloud hq']));
  expect(await plan(CORE_LEAVES)).toEqual([]);
  const entries = scene.entries.filter(({ action }) => action === 'object.evict');
  expect(entries).toMatchObject([
    { resource: core, detail: { site: 'branch', rule: 'policy', objects: count - 1 } },
    { resource: core, detail: { site: 'branch', rule: 'policy', objects: 1 } },
  ]);
  for (const site of ['hq', 'cloud', 'branch']) {
    expect(await scrubSite(pipeline, { site, kind: 'deep' })).toMatchObject({ faults: 0 });
  }
});

test('nothing goes while a wanted copy is still to come, is locked, or its record is held', async () => {
  const swapped = changedPlacement([
    '  sensitive:\n    acknowledged: [hq, branch]\n    realtime: [cloud]',
    '  sensitive:\n    acknowledged: [branch, cloud]\n    realtime: []',
  ]);
  const id = await receive(scene, '04-id-number');
  await advanceRecord(pipeline, id, FIRST);
  scene.clock.set('2026-12-20T00:00:00Z');
  await destroyQuarantine(pipeline, id);
  const objects = await scene.objects(id);
  await follow(swapped);
  await spreadPlacement(pipeline);
  expect(await removeUnwanted(pipeline)).toEqual({ removed: 0, left: objects.length });
  expect((await removals())[0]).toMatchObject({ last_error: 'COPIES_TO_COME' });
  await copyPending(pipeline);
  later(3_600_000);
  const held = { ...pipeline, mayEvict: async () => false };
  expect(await removeUnwanted(held)).toEqual({ removed: 0, left: objects.length });
  later(3_600_000);
  const remove = async () => {
    throw new ArchiveError('OBJECT_LOCKED', 'kept until a day');
  };
  const locking = { ...pipeline, vault: { ...pipeline.vault, remove } };
  expect(await removeUnwanted(locking)).toEqual({ removed: 0, left: objects.length });
  expect(await filesAt('hq', 'sensitive')).not.toEqual([]);
  later(3_600_000);
  expect(await removeUnwanted(pipeline)).toEqual({ removed: objects.length, left: 0 });
  expect(await filesAt('hq', 'sensitive')).toEqual([]);
  expect(await sitesOf(id)).toEqual(new Set(['branch cloud']));
});

test('a new record follows the new policy; what was sealed under the old one gets what it lacks', async () => {
  const sealed = await receive(scene, '09-government-hotline');
  const stopAtPlace: PipelineDeps = {
    ...pipeline,
    vault: {
      ...pipeline.vault,
      verify: async () => {
        throw new ArchiveError('SITE_UNREACHABLE', 'switched off', { retry: 'later' });
      },
    },
  };
  expect(await advanceRecord(stopAtPlace, sealed, FIRST)).toBe('sealed');
  await follow(BASIC_WAITS);
  expect(await advanceRecord(pipeline, sealed, FIRST)).toBe('archived');
  await destroyQuarantine(pipeline, sealed);
  expect(await sitesOf(sealed)).toEqual(new Set(['branch hq']));
  const fresh = await receive(scene, '03-phone-number');
  expect(await advanceRecord(pipeline, fresh, FIRST)).toBe('archived');
  await destroyQuarantine(pipeline, fresh);
  expect(await sitesOf(fresh)).toEqual(new Set(['branch hq']));
  for (const object of await scene.objects(sealed)) await pipeline.vault.verify(object, 'branch');
});

test('taking a change back before anything moved leaves everything where it is', async () => {
  const before = scene.placement.policy();
  await follow(CORE_LEAVES);
  await spreadPlacement(pipeline);
  await follow(before);
  await spreadPlacement(pipeline);
  expect(await removals()).toEqual([]);
  expect(await removeUnwanted(pipeline)).toEqual({ removed: 0, left: 0 });
  expect(await sitesOf(core)).toEqual(new Set(['branch cloud hq']));
});

test('a copy that had time until the daily hour is made now where the policy gives it none any more', async () => {
  const daily = new Date('2026-11-20T18:00:00Z');
  await follow(BASIC_WAITS);
  await spreadPlacement(pipeline);
  for (const { site, due_at } of await pendingCopies()) {
    expect(due_at).toEqual(site === 'branch' ? scene.clock.now() : daily);
  }
  await copyPending(pipeline);
  expect(await sitesOf(basic)).toEqual(new Set(['branch hq']));
});

test('copies that are on their way to a site that is wanted no longer are called off', async () => {
  const home = changedPlacement(
    ['acknowledged: [hq]', 'acknowledged: [hq, branch]'],
    ['daily: [branch, cloud]', 'daily: []'],
    ['    eviction:\n      site: hq\n      olderThanMonths: 3\n      unusedMonths: 3\n', ''],
  );
  await follow(home);
  await spreadPlacement(pipeline);
  expect(new Set((await pendingCopies()).map(({ site }) => site))).toEqual(new Set(['branch']));
});

test('it is broken off between batches and goes on; a policy that is applied meanwhile begins anew', async () => {
  await follow(CORE_LEAVES);
  const stop = new AbortController();
  stop.abort();
  expect(await spreadPlacement(pipeline, stop.signal)).toBe(false);
  expect(await removals()).toEqual([]);
  expect(await spreadPlacement(pipeline)).toBe(true);
  const kept = await scene.database.db.selectFrom('placement_policy').selectAll().execute();
  expect(kept.map(({ ended_at }) => ended_at)).toEqual([scene.clock.now()]);
});

test('since when a site is filled is when the walk began that found its copies missing, of the newest one', async () => {
  const { db } = scene.database;
  const fillings = () => db.selectFrom('site_filling').select(['site', 'begun_at']).execute();
  await follow(scene.placement.policy());
  await spreadPlacement(pipeline);
  expect(await fillings()).toEqual([]);
  for (let turn = 0; turn < 2; turn += 1) {
    later(HOUR_MS);
    const begun_at = scene.clock.now();
    await beginAnew(db, ['cloud']);
    await spreadPlacement(pipeline);
    expect(await fillings()).toEqual([{ site: 'cloud', begun_at }]);
    later(HOUR_MS);
    // Nothing is missing any more that is not on its way: the walk is over.
    await spreadPlacement(pipeline);
    expect(await fillings()).toEqual([{ site: 'cloud', begun_at }]);
  }
});

test('without the rule of eviction what gave way comes back, and plays from home again', async () => {
  scene.clock.set('2026-11-21T02:00:00Z');
  await copyPending(pipeline);
  scene.clock.set('2027-06-01T00:00:00Z');
  const rule = { site: 'hq', olderThanMonths: 3, unusedMonths: 3 };
  expect(await evictCold(pipeline, { rule })).toMatchObject({ evicted: 1 });
  expect(await plan(scene.placement.policy())).toEqual([]);
  expect(await plan(NO_EVICTION)).toEqual(['basic hq copy 1']);
  await follow(NO_EVICTION);
  await spreadPlacement(pipeline);
  expect(await copyPending(pipeline)).toMatchObject({ copied: 1, failed: 0 });
  expect(await sitesOf(basic)).toEqual(new Set(['branch cloud hq']));
  expect(await scene.database.db.selectFrom('evicted_copy').selectAll().execute()).toEqual([]);
});
