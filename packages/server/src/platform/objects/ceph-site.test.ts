import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AREAS, type Area, type SiteStore } from '../../place/ports.ts';
import { siteContract } from '../../place/site-contract.testing.ts';
import { type Ceph, startCeph } from './ceph.testing.ts';
import { openS3Site, type S3Layout } from './s3-site.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
const POOLS = ['basic', 'core', 'sensitive', 'quarantine'] as const;
type Keys = { accessKeyId: string; secretAccessKey: string };
let ceph: Ceph;
let keys: Keys;

beforeAll(async () => {
  ceph = await startCeph();
  keys = ceph.user('voxkeep');
}, 120_000);
afterAll(() => ceph?.stop(), 30_000);

const service = () => ({ endpoint: ceph.endpoint, region: 'us-east-1', connections: 16 });
const clientOf = (credentials: Keys) =>
  new S3Client({ ...service(), credentials, forcePathStyle: true });

/** Buckets of a site's own; those of the tiers lock where it is asked for. */
async function makeLayout(options: {
  lock: boolean;
  keysOf?: (area: Area) => Keys;
}): Promise<S3Layout> {
  const { lock, keysOf = () => keys } = options;
  const stem = randomUUID().slice(0, 8);
  const place = async (kind: string, area: Area) => {
    const bucket = `${stem}-${kind}-${area}`;
    const locked = lock && kind === 'area' && ['basic', 'core', 'sensitive'].includes(area);
    await clientOf(keysOf(area)).send(
      new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: locked }),
    );
    return [area, { bucket, prefix: '', credentials: keysOf(area) }] as const;
  };
  return {
    areas: Object.fromEntries(await Promise.all(AREAS.map((area) => place('area', area)))),
    envelopes: Object.fromEntries(await Promise.all(POOLS.map((pool) => place('keys', pool)))),
  } as unknown as S3Layout;
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
  await clientOf(keys).send(
    new PutBucketVersioningCommand({
      Bucket: envelopes.basic.bucket,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  await expect(open(layout)).rejects.toMatchObject(unfit);
});

test('what opens one pool opens no other', async () => {
  const basic = ceph.user('basic');
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
