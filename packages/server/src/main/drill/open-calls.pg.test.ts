import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemRandom as random } from '../../core/random.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { createKeyRoom } from '../../keys/index.ts';
import { advanceRecord } from '../../pipeline/advance-record.ts';
import {
  FIRST,
  ID_CALL,
  noFaults,
  pipelineOver,
  receive,
  sampleScene,
} from '../../pipeline/pipeline-scene.testing.ts';
import { createVault, SiteSet, siteEnvelopes } from '../../place/index.ts';
import { openCalls } from './open-calls.ts';

let scene: IntakeScene;
let id: string;
beforeEach(async () => {
  scene = await sampleScene();
  const pipeline = await pipelineOver(scene, noFaults());
  const record = await receive(scene, ID_CALL);
  expect(await advanceRecord(pipeline, record, FIRST)).toBe('archived');
  id = record;
});
afterEach(() => scene.close());

/** As a drill does: only that site is known, and nothing is in memory. */
async function opened(site = 'branch') {
  const sites = new SiteSet([scene.sites.named(site)]);
  const { clock, keys: store } = scene;
  const keyRoom = createKeyRoom({ ...{ store, clock, random }, envelopes: siteEnvelopes(sites) });
  const vault = createVault({ ...{ sites, keyRoom, clock, random }, acknowledged: () => [] });
  const seen: string[] = [];
  const calls = await openCalls({ db: scene.database.db, vault, site }, 20, (done, total) =>
    seen.push(`${done}/${total}`),
  );
  keyRoom.close();
  return { ...calls, seen };
}
const fileOf = async (objectId: string, kind: 'vko' | 'vke', site = 'branch') => {
  const folder = join(scene.folder, 'sites', site);
  const all = await readdir(folder, { recursive: true });
  const name = all.find((one) => one.endsWith(`${objectId}.${kind}`));
  if (name === undefined) throw new Error(`no ${kind} of ${objectId}`);
  return join(folder, name);
};
const objects = async () =>
  (await scene.objects(id)).filter(({ pool, sites }) => pool === 'sensitive' && sites.length > 0);

test('every object of a call that a site should have is read there and opened', async () => {
  const sealed = (await objects()).filter(({ purpose }) => purpose !== 'record-key');
  const bytes = sealed.reduce((sum, one) => sum + one.sealedBytes, 0);
  expect(await opened()).toEqual({
    ...{ opened: 1, notOpened: [], bytesRead: bytes, seen: ['0/1', '1/1'] },
  });
  // Cloud has none of its copies yet: there is no call to be opened.
  expect(await opened('cloud')).toMatchObject({ opened: 0, notOpened: [], bytesRead: 0 });
});

test.each([
  ['an object that is gone', 'vko', 'OBJECT_MISSING', (path: string) => rm(path)],
  ['an envelope that is gone', 'vke', 'OBJECT_MISSING', (path: string) => rm(path)],
  ['an object with one bit flipped', 'vko', 'OBJECT_DAMAGED', flip],
  ['an envelope with one bit flipped', 'vke', 'ENVELOPE_DAMAGED', flip],
] as const)(
  '%s makes the call one that does not open, whatever other sites have',
  async (...row) => {
    const [, kind, code, harm] = row;
    const harmed = (await objects()).find(({ purpose }) => purpose === 'redacted');
    if (harmed === undefined) throw new Error('no rendition');
    await harm(await fileOf(harmed.id, kind));
    const { opened: whole, notOpened } = await opened();
    expect(whole).toBe(0);
    expect(notOpened).toEqual([{ recordId: id, objectId: harmed.id, code }]);
    expect(await opened('hq')).toMatchObject({ opened: 1, notOpened: [] });
  },
);

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
