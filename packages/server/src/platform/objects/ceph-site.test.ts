import { randomUUID } from 'node:crypto';
import {
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRecordId } from '../../core/ids.ts';
import { systemRandom } from '../../core/random.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { advanceRecord } from '../../pipeline/advance-record.ts';
import { copyPending } from '../../pipeline/copy-pending.ts';
import type { PipelineDeps } from '../../pipeline/deps.ts';
import { destroyQuarantine } from '../../pipeline/destroy-quarantine.ts';
import {
  FIRST,
  noFaults,
  pipelineOver,
  receive,
  sampleScene,
} from '../../pipeline/pipeline-scene.testing.ts';
import { evictCold } from '../../pipeline/placement/evict-cold.ts';
import { planPlacement } from '../../pipeline/placement/plan-placement.ts';
import { keepPolicy } from '../../pipeline/placement/policy-rows.ts';
import { removeUnwanted } from '../../pipeline/placement/remove-unwanted.ts';
import { spreadPlacement } from '../../pipeline/placement/spread-placement.ts';
import { sweepSite } from '../../pipeline/scrub/sweep-site.ts';
import { changedPlacement } from '../../place/placement.testing.ts';
import type { Area, SiteStore } from '../../place/ports.ts';
import { siteContract } from '../../place/site-contract.testing.ts';
import { type Ceph, openCeph } from './ceph.testing.ts';
import {
  type CephKeys,
  clientOf as cephClient,
  makeLayout as makeCephLayout,
  serviceOf,
} from './ceph-layout.testing.ts';
import { openS3Site, type S3Layout } from './s3-site.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
type KeysOf = (area: Area) => CephKeys;
let ceph: Ceph;
let keys: CephKeys;

beforeAll(async () => {
  ceph = await openCeph();
  keys = ceph.user();
}, 120_000);
afterAll(() => ceph?.killGateway(), 30_000);

const service = () => serviceOf(ceph.endpoint);
const clientOf = (credentials: CephKeys) => cephClient(ceph.endpoint, credentials);
const makeLayout = ({ lock, keysOf = () => keys }: { lock: boolean; keysOf?: KeysOf }) =>
  makeCephLayout(ceph.endpoint, { lock, keysOf });

const keepVersions = (bucket: string) =>
  clientOf(keys).send(
    new PutBucketVersioningCommand({
      Bucket: bucket,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
/** Every version and marker of a bucket, but the one that says whose it is. */
async function versionsIn(bucket: string): Promise<string[]> {
  const found = await clientOf(keys).send(new ListObjectVersionsCommand({ Bucket: bucket }));
  return [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])]
    .map(({ Key = '' }) => Key.split('/').at(-1) ?? '')
    .filter((name) => name !== 'voxkeep-site.json')
    .toSorted();
}

const open = (layout: S3Layout, more: Partial<Parameters<typeof openS3Site>[0]> = {}) =>
  openS3Site({ name: 'cloud', archiveId, create: true, service: service(), layout, ...more });

describe.each([{ lock: false }, { lock: true }])('buckets of Ceph, lock: $lock', ({ lock }) => {
  let site: SiteStore;
  beforeAll(async () => {
    site = await open(await makeLayout({ lock }));
  }, 60_000);
  siteContract(() => site, { lock, largeBytes: 20_000_000 });
});

test('a bucket of another archive, of another site, or with other objects is refused', async () => {
  const layout = await makeLayout({ lock: false });
  await expect(open(layout, { create: false })).rejects.toMatchObject({ code: 'SITE_UNREACHABLE' });
  await open(layout);
  await open(layout, { create: false });
  const foreign = { code: 'SITE_FOREIGN' };
  await expect(open(layout, { archiveId: randomUUID() })).rejects.toMatchObject(foreign);
  await expect(open(layout, { name: 'branch' })).rejects.toMatchObject(foreign);
  const swapped = { ...layout, areas: { ...layout.areas, core: layout.areas.basic } };
  await expect(open(swapped)).rejects.toMatchObject(foreign);
});

test('envelopes and quarantine lie in no bucket that remembers', async () => {
  const layout = await makeLayout({ lock: true });
  const unfit = { code: 'SITE_UNFIT' };
  const { areas, envelopes } = layout;
  const keysInLocked = { areas, envelopes: { ...envelopes, core: areas.core } };
  await expect(open(keysInLocked)).rejects.toMatchObject(unfit);
  const held = { areas: { ...areas, quarantine: areas.core }, envelopes };
  await expect(open(held)).rejects.toMatchObject(unfit);
  await keepVersions(envelopes.basic.bucket);
  await expect(open(layout)).rejects.toMatchObject(unfit);
});

test('what opens one pool opens no other', async () => {
  const basic = ceph.user();
  const layout = await makeLayout({
    lock: false,
    keysOf: (area) => (area === 'basic' ? basic : keys),
  });
  const site = await open(layout);
  const key = `objects/0198/a1b/${randomUUID()}.vko`;
  await site.put('core', key, [Buffer.from('core')]);
  const { core, basic: own } = layout.areas;
  const stolen = { ...core, credentials: own.credentials };
  await expect(
    open({ ...layout, areas: { ...layout.areas, core: stolen } }, { create: false }),
  ).rejects.toMatchObject({ code: 'SITE_REFUSED' });
});

test('wrong credentials, a missing bucket and nothing listening each say what they are', async () => {
  const layout = await makeLayout({ lock: false });
  const { basic } = layout.areas;
  const withBasic = (changed: Partial<typeof basic>) => ({
    ...layout,
    areas: { ...layout.areas, basic: { ...basic, ...changed } },
  });
  const wrong = { ...keys, secretAccessKey: 'x'.repeat(40) };
  await expect(open(withBasic({ credentials: wrong }))).rejects.toMatchObject({
    code: 'SITE_REFUSED',
  });
  await expect(open(withBasic({ bucket: 'no-such-bucket' }))).rejects.toMatchObject({
    code: 'SITE_UNREACHABLE',
    message: expect.stringContaining('bucket'),
  });
  const nowhere = { ...service(), endpoint: 'http://127.0.0.1:9' };
  await expect(open(layout, { service: nowhere })).rejects.toMatchObject({
    code: 'SITE_UNREACHABLE',
  });
}, 60_000);

describe('an archive whose hq keeps versions and whose cloud locks', () => {
  const RULE = { site: 'hq', olderThanMonths: 3, unusedMonths: 3 };
  let scene: IntakeScene;
  let pipeline: PipelineDeps;
  let hq: S3Layout;
  let cloud: S3Layout;
  let [basic, core] = ['', ''] as [string, string];

  beforeAll(async () => {
    [hq, cloud] = [await makeLayout({ lock: false }), await makeLayout({ lock: true })];
    await keepVersions(hq.areas.basic.bucket);
    await keepVersions(hq.areas.core.bucket);
    const layouts: Record<string, S3Layout> = { hq, cloud };
    scene = await sampleScene(async (name) => {
      const layout = layouts[name];
      return layout && open(layout, { name });
    });
    // Buckets go by the real time.
    scene.clock.set(new Date());
    pipeline = await pipelineOver(scene, noFaults());
    [basic, core] = [await archived('01-enquiry'), await archived('06-dispute')];
  }, 120_000);
  afterAll(() => scene?.close());

  async function archived(name: string): Promise<string> {
    const id = await receive(scene, name);
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
    await destroyQuarantine(pipeline, id);
    later(24);
    await copyPending(pipeline);
    return id;
  }
  const later = (hours: number) =>
    scene.clock.set(new Date(scene.clock.now().getTime() + hours * 3_600_000));
  const heardOf = async (id: string) => {
    const found = (await scene.objects(id)).find(({ purpose }) => purpose === 'redacted');
    if (found === undefined) throw new Error('nothing to hear');
    return found;
  };

  test('what gave way at hq is gone with every version, its envelope is not, and it is heard from elsewhere', async () => {
    const redacted = await heardOf(basic);
    const heard = await scene.read(redacted);
    const { bucket } = hq.areas.basic;
    const before = await versionsIn(bucket);
    expect(before).toContain(`${redacted.id}.vko`);
    const start = scene.clock.now();
    scene.clock.set(new Date(start.getTime() + 200 * 86_400_000));
    expect(await evictCold(pipeline, { rule: RULE })).toMatchObject({
      ...{ evicted: 1, locked: 0, unverified: 0, done: true },
    });
    scene.clock.set(start);
    expect(await versionsIn(bucket)).toEqual(
      before.filter((name) => name !== `${redacted.id}.vko`),
    );
    expect(await versionsIn(hq.envelopes.basic.bucket)).toContain(`${redacted.id}.vke`);
    const now = await heardOf(basic);
    expect(now.sites.toSorted()).toEqual(['branch', 'cloud']);
    expect((await scene.read(now)).equals(heard)).toBe(true);
  }, 60_000);

  test('copies that a bucket locks stay where a policy wants none, and each says until when', async () => {
    const { db } = scene.database;
    const objects = await scene.objects(core);
    const leaves = changedPlacement([
      '  core:\n    acknowledged: [hq, branch]\n    realtime: [cloud]',
      '  core:\n    acknowledged: [hq, branch]\n    realtime: []',
    ]);
    const before = await versionsIn(cloud.areas.core.bucket);
    const at = { now: scene.clock.now(), timeZone: 'Asia/Shanghai' };
    // The record's key is an envelope and a small object, which is never locked.
    const locked = objects.filter(({ purpose }) => purpose !== 'record-key');
    expect(await planPlacement(db, leaves, at)).toMatchObject([
      { pool: 'core', site: 'cloud', change: 'remove', locked: locked.length },
    ]);
    await db.transaction().execute((tx) => keepPolicy(tx, leaves, at.now, false));
    scene.placement.follow(leaves);
    await spreadPlacement(pipeline);
    // The bucket itself refuses, too, where the catalog has forgotten the lock of one.
    const [forgotten] = locked;
    await db
      .updateTable('object_copy')
      .set({ locked_until: null })
      .where('object_id', '=', forgotten?.id ?? '')
      .execute();
    expect(await removeUnwanted(pipeline)).toEqual({ removed: 1, left: locked.length });
    const waiting = await db.selectFrom('pending_removal').selectAll().execute();
    expect(new Set(waiting.map(({ last_error }) => last_error))).toEqual(
      new Set(['OBJECT_LOCKED']),
    );
    expect(
      waiting.filter(({ not_before }) => not_before.getFullYear() >= 2030).length,
    ).toBeGreaterThanOrEqual(locked.length - 1);
    const after = await versionsIn(cloud.areas.core.bucket);
    expect(after).toEqual(before.filter((name) => locked.some(({ id }) => name.includes(id))));
    for (const { id } of locked) {
      expect((await scene.objects(core)).find((one) => one.id === id)?.sites).toContain('cloud');
    }
  }, 60_000);

  test('a stray goes from a bucket that keeps versions with all of them, and stays, with its envelope, where it is locked', async () => {
    const stray = () =>
      scene.vault.write({
        ...{ recordId: newRecordId(scene.clock, systemRandom), purpose: 'redacted' as const },
        ...{ pool: 'core' as const, mediaType: 'audio/wav' },
        source: (async function* () {
          yield Buffer.from('left behind');
        })(),
      });
    const left = await stray();
    const kept = await stray();
    await scene.vault.copy(kept, 'cloud');
    await scene.vault.lock(kept, 'cloud', new Date(Date.now() + 400 * 86_400_000));
    for (const hours of [0, 25, 25]) {
      later(hours);
      for (const site of ['hq', 'cloud']) await sweepSite(pipeline, site);
    }
    const nothing = { waiting: 0, removed: 0, locked: 0, kept: 0 };
    expect(await sweepSite(pipeline, 'hq')).toEqual(nothing);
    expect(await sweepSite(pipeline, 'cloud')).toEqual({ ...nothing, locked: 1 });
    const atHq = await versionsIn(hq.areas.core.bucket);
    expect(atHq.filter((name) => name.includes(left.id) || name.includes(kept.id))).toEqual([]);
    const { bucket } = cloud.areas.core;
    expect(await versionsIn(bucket)).toContain(`${kept.id}.vko`);
    expect(await versionsIn(cloud.envelopes.core.bucket)).toContain(`${kept.id}.vke`);
    // Nothing hides it: no marker lies upon it.
    const Key = `objects/${kept.id.slice(0, 4)}/${kept.id.slice(4, 7)}/${kept.id}.vko`;
    const head = new HeadObjectCommand({ Bucket: bucket, Key });
    expect((await clientOf(keys).send(head)).ObjectLockMode).toBe('COMPLIANCE');
  }, 60_000);
});
