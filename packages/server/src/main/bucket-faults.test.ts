import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { systemRandom } from '../core/random.ts';
import { type Ceph, openCeph } from '../platform/objects/ceph.testing.ts';
import { type CephKeys, makeLayout } from '../platform/objects/ceph-layout.testing.ts';
import { ownCertificate } from '../platform/tls/own-certificate.ts';
import { openSite, readSites } from './open-sites.ts';

const folder = mkdtempSync(join(tmpdir(), 'voxkeep-faults-'));
const archiveId = '0198a1b2-0000-7000-8000-000000000001';
type Place = { bucket: string; credentialsFile: string };
interface Entry {
  endpoint: string;
  authorityFile?: string;
  areas: Record<string, Place>;
  envelopes: Record<string, Place>;
}
let ceph: Ceph;
let own: CephKeys;
let stranger: CephKeys;
let cloud: Entry;
let unknown: Server;

beforeAll(async () => {
  ceph = await openCeph();
  own = ceph.user();
  stranger = ceph.user();
  write('own.json', JSON.stringify(own));
  const layout = await makeLayout(ceph.endpoint, { lock: false, keysOf: () => own });
  const places = (of: Record<string, { bucket: string }>) =>
    Object.fromEntries(
      Object.entries(of).map(([key, { bucket }]) => [key, { bucket, credentialsFile: 'own.json' }]),
    );
  cloud = {
    endpoint: ceph.endpoint,
    ...{ areas: places(layout.areas), envelopes: places(layout.envelopes) },
  };
  await openCloud(cloud, true);
  // It speaks TLS by an authority that nobody here knows.
  const keyFolder = join(folder, 'keys');
  const hostNames = ['127.0.0.1'];
  const made = await ownCertificate({ folder, keyFolder, hostNames, clock: systemClock });
  unknown = createServer({ key: made.key, cert: made.chain }, (_asked, answer) => answer.end());
  await new Promise<void>((done) => unknown.listen(0, '127.0.0.1', done));
}, 120_000);
afterAll(async () => {
  unknown?.close();
  await ceph?.killGateway();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

function write(name: string, text: string, mode = 0o600): string {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), mode);
  return name;
}
async function openCloud(entry: Entry, create = false) {
  const folders = ['hq', 'branch'].map((name) => ({ name, folder: name }));
  // JSON is YAML.
  const text = JSON.stringify({ sites: [...folders, { name: 'cloud', s3: entry }] });
  const sitesFile = join(folder, write('sites.yaml', text));
  const site = (await readSites({ sitesFile } as never))[2];
  if (site === undefined) throw new Error('no cloud');
  return openSite(site, { archiveId, create, clock: systemClock, random: systemRandom });
}
const refusal = async (change: Partial<Entry>) => {
  const failed = openCloud({ ...cloud, ...change }).then(
    () => new Error('it was taken'),
    (error: Error & { code: string }) => error,
  );
  const { message, ...rest } = await failed;
  expect(message).toMatch(/cloud/);
  expect(message).not.toContain('\n');
  for (const { secretAccessKey } of [own, stranger]) expect(message).not.toContain(secretAccessKey);
  return `${(rest as { code?: string }).code}: ${message}`;
};
/** The place of core with other credentials, or elsewhere. */
const core = (change: Partial<Place>) => ({
  areas: { ...cloud.areas, core: { ...(cloud.areas['core'] as Place), ...change } },
});
const withKeys = (keys: object, mode?: number) =>
  core({ credentialsFile: write('changed.json', JSON.stringify(keys), mode) });

test('a file of credentials that is missing, open to others or something else is named with its site', async () => {
  const absent = await refusal(core({ credentialsFile: 'absent.json' }));
  expect(absent).toMatch(
    /^CONFIG_UNREADABLE: site cloud: .*absent\.json cannot be read \(ENOENT\)/,
  );
  const open = await refusal(withKeys(own, 0o644));
  expect(open).toMatch(/^CONFIG_INVALID: site cloud: .*changed\.json .*chmod 600/);
  expect(await refusal(withKeys({ key: 1 }))).toMatch(/^CONFIG_INVALID: .*is not \{"accessKeyId"/);
});

test('credentials that the service does not take, or that may not, are told apart', async () => {
  // The client of the service adds to what it is given: keys are put together anew.
  const { accessKeyId, secretAccessKey } = own;
  const wrong = { accessKeyId, secretAccessKey: stranger.secretAccessKey };
  expect(await refusal(withKeys(wrong))).toMatch(/^SITE_REFUSED: .*secretAccessKey is another/);
  const nobody = { accessKeyId: 'NOBODY', secretAccessKey };
  expect(await refusal(withKeys(nobody))).toMatch(/^SITE_REFUSED: .*no such accessKeyId/);
  const denied = await refusal(withKeys(stranger));
  expect(denied).toMatch(/^SITE_REFUSED: .*not allowed/);
  expect(denied).toContain(cloud.areas['core']?.bucket);
});

test('a bucket that is not there, nothing that listens, an unknown authority and plain HTTP each say so', async () => {
  const away = await refusal(core({ bucket: 'not-made' }));
  expect(away).toMatch(/^SITE_UNREACHABLE: cloud has no bucket for not-made/);
  expect(await refusal({ endpoint: 'http://127.0.0.1:9' })).toMatch(
    /^SITE_UNREACHABLE: .*see endpoint/,
  );
  const { port } = unknown.address() as AddressInfo;
  expect(await refusal({ endpoint: `https://127.0.0.1:${port}` })).toMatch(
    /^SITE_UNREACHABLE: .*see authorityFile/,
  );
  expect(await refusal({ endpoint: ceph.endpoint.replace('http:', 'https:') })).toMatch(
    /^SITE_UNREACHABLE: .*see endpoint/,
  );
  expect(await refusal({ authorityFile: 'absent.pem' })).toMatch(
    /^CONFIG_UNREADABLE: site cloud: .*absent\.pem/,
  );
}, 120_000);

test('a sites file that is missing, no YAML, or says more than is known is named with the line', async () => {
  const sitesFile = join(folder, 'none.yaml');
  const read = () => readSites({ sitesFile } as never);
  await expect(read()).rejects.toMatchObject({
    ...{ code: 'CONFIG_UNREADABLE', message: expect.stringContaining('none.yaml') },
  });
  write('none.yaml', 'sites: [');
  await expect(read()).rejects.toMatchObject({
    ...{ code: 'CONFIG_INVALID', message: expect.stringContaining('none.yaml') },
  });
  write('none.yaml', 'sites:\n  - { name: hq, folder: hq, colour: red }\n');
  await expect(read()).rejects.toMatchObject({ message: expect.stringMatching(/:2.*colour/) });
});
