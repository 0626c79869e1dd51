import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { DrillsView, SearchResult, SitesView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleCalls, uploadOf } from '../../bench/prove/calls.ts';
import { TestArchive } from '../../bench/prove/test-archive.ts';
import { type Ceph, openCeph } from '../../packages/server/src/platform/objects/ceph.testing.ts';

const AREAS = ['basic', 'core', 'sensitive', 'quarantine', 'ledger', 'journal'];
const POOLS = AREAS.slice(0, 4);
const folder = mkdtempSync(join(tmpdir(), 'voxkeep-s3-'));
const archive = new TestArchive();
let ceph: Ceph;
let client: S3Client;
let env: Record<string, string>;

beforeAll(async () => {
  ceph = await openCeph();
  const credentials = ceph.user();
  const { endpoint } = ceph;
  client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  const file = join(folder, 'keys.json');
  writeFileSync(file, JSON.stringify(credentials));
  chmodSync(file, 0o600);
  const place = async (bucket: string, locked = false) => {
    const asked = { Bucket: bucket, ObjectLockEnabledForBucket: locked };
    await client.send(new CreateBucketCommand(asked));
    return { bucket, credentialsFile: 'keys.json' };
  };
  const places = async (names: string[], stem: string, locked: string[] = []) =>
    Object.fromEntries(
      await Promise.all(
        names.map(async (name) => [name, await place(`${stem}-${name}`, locked.includes(name))]),
      ),
    );
  const s3 = async (site: string, locked: string[] = []) => ({
    endpoint,
    areas: await places(AREAS, site, locked),
    envelopes: await places(POOLS, `${site}-keys`),
  });
  const sites = [
    { name: 'hq', folder: 'hq' },
    { name: 'branch', s3: await s3('branch') },
    { name: 'cloud', s3: await s3('cloud', ['basic', 'core', 'sensitive']) },
  ];
  // JSON is YAML.
  writeFileSync(join(folder, 'sites.yaml'), JSON.stringify({ sites }));
  env = { VOXKEEP_SITES_FILE: join(folder, 'sites.yaml') };
  await archive.start([], [], env);
}, 240_000);
afterAll(async () => {
  await archive.stop();
  archive.remove();
  await ceph?.killGateway();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const keysIn = async (bucket: string) => {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key).filter((key) => key !== 'voxkeep-site.json');
};
const eventually = <T>(read: () => Promise<T>) =>
  expect.poll(read, { timeout: 60_000, interval: 500 });
const coreCall = async () => {
  const { hits } = await archive.json<SearchResult>('qa', '/records?tier=core&limit=50');
  return hits[0]?.id ?? '';
};

test('core calls lie in buckets of both sites before and soon after they are archived; keys apart', async () => {
  const branch = await keysIn('branch-core');
  expect(branch.length).toBeGreaterThan(10);
  expect(branch.every((key) => key.startsWith('objects/'))).toBe(true);
  expect((await keysIn('branch-keys-core')).every((key) => key.startsWith('envelopes/'))).toBe(
    true,
  );
  await eventually(async () => (await keysIn('cloud-core')).toSorted()).toEqual(branch.toSorted());
  expect(await keysIn('cloud-basic')).toEqual([]);
  expect(await keysIn('cloud-quarantine')).toEqual([]);
  expect((await keysIn('cloud-ledger')).sort()).toContain('checkpoint');
});

test('a copy in a bucket with Object Lock is kept until its legal minimum, by the bucket itself', async () => {
  const [key = ''] = await keysIn('cloud-core');
  const at = { Bucket: 'cloud-core', Key: key };
  const { VersionId, ...found } = await client.send(new HeadObjectCommand(at));
  expect(found.ObjectLockMode).toBe('COMPLIANCE');
  // Five years at least from a call of this decade.
  expect(found.ObjectLockRetainUntilDate?.getFullYear()).toBeGreaterThanOrEqual(2030);
  const version = new DeleteObjectCommand({ ...at, VersionId, BypassGovernanceRetention: true });
  await expect(client.send(version)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test.each([
  { site: 'branch', kind: 'sample' },
  { site: 'cloud', kind: 'whole' },
])(
  'a recovery is rehearsed from the buckets of one site alone: $site, $kind',
  async ({ site, kind }) => {
    await eventually(async () => (await keysIn(`${site}-journal`)).join()).toContain('snapshots/');
    const before = await keysIn(`${site}-core`);
    const asked = Buffer.from(JSON.stringify({ site, kind }));
    const json = { 'content-type': 'application/json' };
    const begun = await archive.ask('operator', 'POST', '/drills', asked, json);
    expect(begun.status).toBe(202);
    const newest = async () => (await archive.json<DrillsView>('operator', '/drills')).drills[0];
    await expect.poll(newest, { timeout: 120_000, interval: 500 }).toHaveProperty('endedAt');
    const drill = await newest();
    expect(drill).toMatchObject({ site, kind, outcome: 'ok', figures: { callsNotOpened: 0 } });
    const { callsOpened = 0, bytesRead = 0, ledgerEntries = 0 } = drill?.figures ?? {};
    expect(Math.min(callsOpened, bytesRead, ledgerEntries)).toBeGreaterThan(0);
    if (kind === 'whole') expect(drill?.figures?.records).toBe(drill?.figures?.recordsOfArchive);
    expect(await keysIn(`${site}-core`)).toEqual(before);
  },
  180_000,
);

test('plays from the bucket of the branch when the copy at hq is gone, and opens again as it was', async () => {
  const id = await coreCall();
  const before = await archive.media('qa', id);
  expect(before.status).toBe(200);
  rmSync(join(folder, 'hq/core/objects'), { recursive: true });
  const after = await archive.media('qa', id);
  expect(after.body.equals(before.body)).toBe(true);
  expect(await archive.stop()).toBe(0);
  await archive.start([], [], env);
  expect((await archive.media('qa', id)).body.equals(before.body)).toBe(true);
}, 120_000);

test('what a bucket has lost is found and brought back; nobody but operators begins that', async () => {
  const [key = '', bent = ''] = await keysIn('branch-core');
  await client.send(new DeleteObjectCommand({ Bucket: 'branch-core', Key: key }));
  await client.send(new PutObjectCommand({ Bucket: 'branch-core', Key: bent, Body: 'not this' }));
  const walk = JSON.stringify({ kind: 'light' });
  const begin = (who: string) =>
    archive.ask(who, 'POST', '/sites/branch/scrub', Buffer.from(walk), {
      'content-type': 'application/json',
    });
  expect((await begin('qa')).status).toBe(403);
  expect((await begin('operator')).status).toBe(202);
  const branch = async () => {
    const { sites } = await archive.json<SitesView>('operator', '/sites');
    return sites.find(({ name }) => name === 'branch');
  };
  const last = async () => {
    const scrub = (await branch())?.scrubs.find(({ kind }) => kind === 'light');
    return scrub?.endedAt === undefined ? undefined : scrub;
  };
  await eventually(last).toMatchObject({ faults: 2, repaired: 2 });
  expect(await branch()).toMatchObject({ reachable: true, faults: 0 });
  const restored = new HeadObjectCommand({ Bucket: 'branch-core', Key: bent });
  expect((await client.send(restored)).ContentLength).toBeGreaterThan(8);
  expect(await keysIn('branch-core')).toContain(key);
}, 120_000);

test('while the gateway is away calls are refused and the sites say so; after it all is caught up', async () => {
  const one = sampleCalls().find(({ tier }) => tier === 'core');
  if (one === undefined) throw new Error('no core sample');
  const post = async (sourceCallId: string) => {
    const { body, contentType } = uploadOf({
      ...one,
      metadata: { ...one.metadata, sourceCallId },
    });
    const headers = { 'content-type': contentType };
    const answer = await archive.ask('service', 'POST', '/records', body, headers);
    return { status: answer.status, said: JSON.parse(answer.body.toString()) };
  };
  const site = async (name: string) => {
    const { sites } = await archive.json<SitesView>('operator', '/sites');
    return sites.find((found) => found.name === name);
  };
  const before = await post('before-the-fall');
  expect(before.status).toBe(201);
  // Nobody signs in meanwhile: that stands in the ledger, too.
  for (const who of ['qa', 'operator']) await archive.identity(who);
  await ceph.killGateway();
  // An original needs a second place before it counts as taken.
  expect(await post('in-the-fall')).toMatchObject({
    status: 503,
    said: { code: expect.stringMatching(/^SITE_/) },
  });
  // Nor is anything shown whose entry in the ledger would be at one site only.
  const search = await archive.ask('qa', 'GET', '/records?limit=1');
  expect(search.status).toBe(503);
  expect(JSON.parse(search.body.toString())).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  expect(await site('cloud')).toMatchObject({ reachable: false, reason: 'SITE_UNREACHABLE' });
  await ceph.startGateway();
  let after = before;
  const again = async () => {
    after = await post('in-the-fall');
    return after.status;
  };
  await eventually(again).toBeOneOf([200, 201]);
  await eventually(async () => (await archive.ask('qa', 'GET', '/records?limit=1')).status).toBe(
    200,
  );
  const state = async ({ said }: Awaited<ReturnType<typeof post>>) =>
    (await archive.json<{ state: string }>('service', `/records/${said.id}/status`)).state;
  await eventually(() => state(before)).toBe('archived');
  await eventually(() => state(after)).toBe('archived');
  await eventually(() => site('cloud')).toMatchObject({ reachable: true });
  await eventually(async () => (await keysIn('cloud-core')).toSorted()).toEqual(
    (await keysIn('branch-core')).toSorted(),
  );
}, 240_000);
