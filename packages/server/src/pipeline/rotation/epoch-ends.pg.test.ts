import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemRandom as random } from '../../core/random.ts';
import {
  confirmShare,
  createEscrowSet,
  createKeyRoom,
  escrowSets,
  keepEscrowSet,
  openKeyFolder,
  restoreKeyFolder,
  type Share,
  writeShare,
} from '../../keys/index.ts';
import { siteEnvelopes } from '../../place/index.ts';
import { attestShare, type EpochEndDeps, epochEnds, settleEpochEnds } from './epoch-ends.ts';
import { createEscrowKeeper, type EscrowKeeper } from './escrow-keeper.ts';
import type { Rotation } from './rotation.ts';
import { endsOf, FAST, type RotationScene, rotationScene } from './rotation-scene.testing.ts';

const by = { actor: { id: 'operator-1', role: 'operator' }, requestId: 'r1' };
let house: RotationScene;
let rotation: Rotation;
let keeper: EscrowKeeper;
let ends: EpochEndDeps;

beforeEach(async () => {
  house = await rotationScene();
  await startedAt('2026-11-20T01:00:00Z');
});
afterEach(() => house.close());

async function startedAt(time: string): Promise<void> {
  const { scene, deps } = house;
  scene.clock.set(time);
  rotation = await house.open();
  const { keyFolder: folder, sites } = scene;
  keeper = createEscrowKeeper({ ...deps, rotation, folder, sites, random });
  ends = { ...deps, ...endsOf(house) };
}
/** Shares of a new set, all shown, and its bundle at every site. */
async function ceremony(): Promise<Share[]> {
  const { keyFolder, keys, clock } = house.scene;
  const { archiveId } = keys;
  const scheme = { threshold: 3, shares: 5, earlier: await escrowSets(keyFolder) };
  const { set, shares } = createEscrowSet({ archiveId, ...scheme, clock, random });
  await keepEscrowSet(keyFolder, set);
  for (const share of shares) await confirmShare(keyFolder, share, clock);
  await keeper.tend();
  return shares;
}
async function ended(): Promise<void> {
  await rotation.begin(by);
  await rotation.work(FAST);
  await startedAt('2026-11-20T02:00:00Z');
  await keeper.tend();
  await rotation.finish(by);
}
const attestAll = async (shares: readonly Share[]) => {
  for (const { setId, index } of shares) await attestShare(ends, { setId, share: index }, by);
};

test('without shares an epoch that ended is gone at once', async () => {
  await ended();
  expect(await epochEnds(ends)).toMatchObject([{ epoch: '2026', waiting: [], goneAt: undefined }]);
  expect(await settleEpochEnds(ends)).toEqual(['2026']);
  expect(await settleEpochEnds(ends)).toEqual([]);
  expect(await epochEnds(ends)).toMatchObject([
    { epoch: '2026', goneAt: new Date('2026-11-20T02:00:00Z') },
  ]);
});

test('it waits for new shares, for each site to lose the old bundle, and for each holder of every earlier set', async () => {
  const first = await ceremony();
  const second = await ceremony();
  await ended();
  const waiting = async () => (await epochEnds(ends))[0]?.waiting;
  expect((await waiting())?.[0]).toBe('reshare');
  house.scene.clock.set('2026-11-20T03:00:00Z');
  const third = await ceremony();
  expect(await waiting()).toHaveLength(10);
  await attestAll(first);
  await attestAll(second.slice(1));
  expect(await waiting()).toEqual([`share ${second[0]?.setId}/1`]);
  expect(await settleEpochEnds(ends)).toEqual([]);
  await attestAll(second);
  expect(await waiting()).toEqual([]);
  expect((await epochEnds(ends))[0]?.goneAt).toEqual(new Date('2026-11-20T03:00:00Z'));
  const acts = house.acts().map(([action]) => action);
  expect(acts.filter((action) => action === 'key.attest')).toHaveLength(10);
  expect(acts.filter((action) => action === 'key.epoch_gone')).toHaveLength(1);
  for (const share of [
    { setId: third[0]?.setId ?? '', share: 1 },
    { setId: first[0]?.setId ?? '', share: 6 },
    { setId: 'NOSUCHSETATALL00', share: 1 },
  ]) {
    await expect(attestShare(ends, share, by)).rejects.toMatchObject({ code: 'SHARE_UNKNOWN' });
  }
});

test('all five shares of today’s root open nothing of an old copy, and everything that lives', async () => {
  const { scene } = house;
  const before = await ceremony();
  const old = join(scene.folder, 'old');
  await cp(join(scene.folder, 'sites'), old, { recursive: true });
  const oldIndexKey = Buffer.from(scene.keys.indexSecret('text-index', '2026'));
  await ended();
  scene.clock.set('2026-11-20T03:00:00Z');
  const today = await ceremony();
  await keeper.tend();

  const texts = today.map(writeShare);
  const [oldBundle] = await readdir(join(old, 'hq/journal/escrow'));
  const bundleOf = (root: string, set: string) => readFile(join(root, 'hq/journal/escrow', set));
  await expect(
    restoreKeyFolder({
      shares: texts,
      bundle: await bundleOf(old, oldBundle ?? ''),
      folder: join(scene.folder, 'from-old'),
    }),
  ).rejects.toMatchObject({ code: 'SHARES_OTHER_BUNDLE' });
  const folder = join(scene.folder, 'from-today');
  const bundle = await bundleOf(join(scene.folder, 'sites'), today[0]?.setId ?? '');
  await restoreKeyFolder({ shares: texts, bundle, folder });
  const { archiveId } = scene.keys;
  const store = await openKeyFolder({ folder, archiveId, clock: scene.clock, random });
  const { clock, sites } = scene;
  const room = createKeyRoom({ store, envelopes: siteEnvelopes(sites), clock, random });
  const envelopes = (await readdir(old, { recursive: true })).filter((name) =>
    /^(?:hq|branch|cloud)\/(?:basic|core|sensitive)\/.*\.vke$/.test(name),
  );
  expect(envelopes.length).toBeGreaterThan(10);
  for (const name of envelopes) {
    const checked = room.checkEnvelope(await readFile(join(old, name)));
    await expect(checked).rejects.toMatchObject({ code: 'KEYS_EPOCH_MISSING' });
  }
  for (const object of await house.objects()) {
    const { id: objectId, recordId, pool } = object;
    expect(await room.openKey({ objectId, recordId, pool })).toHaveLength(32);
  }
  room.close();
  expect(store.indexEpochs()).toEqual(['2026.2']);
  for (const name of await readdir(folder)) {
    expect((await readFile(join(folder, name))).includes(oldIndexKey)).toBe(false);
  }
  // What shows that the copy is whole: yesterday's shares open it.
  const yesterday = join(scene.folder, 'from-yesterday');
  await restoreKeyFolder({
    shares: before.map(writeShare),
    bundle: await bundleOf(old, oldBundle ?? ''),
    folder: yesterday,
  });
  const earlier = await openKeyFolder({ folder: yesterday, archiveId, clock, random });
  const [name = ''] = envelopes;
  const earlierRoom = createKeyRoom({
    store: earlier,
    envelopes: siteEnvelopes(sites),
    clock,
    random,
  });
  await earlierRoom.checkEnvelope(await readFile(join(old, name)));
  earlierRoom.close();
});
