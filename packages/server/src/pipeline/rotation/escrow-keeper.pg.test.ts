import { readdir, readFile, rename } from 'node:fs/promises';
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
import { createVault, siteEnvelopes } from '../../place/index.ts';
import { createEscrowKeeper, type EscrowKeeper } from './escrow-keeper.ts';
import type { Rotation } from './rotation.ts';
import { FAST, type RotationScene, rotationScene, SITES } from './rotation-scene.testing.ts';

const by = { actor: { id: 'operator-1', role: 'operator' }, requestId: 'r1' };
let house: RotationScene;
let keeper: EscrowKeeper;
let rotation: Rotation;

beforeEach(async () => {
  house = await rotationScene();
  await started();
});
afterEach(() => house.close());

/** As after a start of the program. */
async function started(): Promise<void> {
  const { keyFolder: folder, sites } = house.scene;
  rotation = await house.open();
  keeper = createEscrowKeeper({ ...house.deps, rotation, folder, sites, random });
}
async function ceremony(): Promise<Share[]> {
  const { keyFolder, keys, clock } = house.scene;
  const { archiveId } = keys;
  const scheme = { threshold: 3, shares: 5, earlier: await escrowSets(keyFolder) };
  const { set, shares } = createEscrowSet({ archiveId, ...scheme, clock, random });
  await keepEscrowSet(keyFolder, set);
  return shares;
}
const fileAt = (site: string, setId = '') =>
  join(house.scene.folder, 'sites', site, 'journal/escrow', setId);
const bundlesAt = (site: string) => readdir(fileAt(site)).catch(() => []);

test('without a set there is nothing to do; with one the bundle is at every site, and in the ledger once', async () => {
  expect(await keeper.tend()).toEqual([]);
  expect(await keeper.view()).toBeUndefined();
  const [share] = await ceremony();
  expect(await keeper.tend()).toEqual([]);
  for (const site of SITES) expect(await bundlesAt(site)).toEqual([share?.setId]);
  const view = await keeper.view();
  expect([...(view?.placedAt.keys() ?? [])]).toEqual(SITES);
  await keeper.tend();
  await started();
  await keeper.tend();
  const entries = house.scene.entries.filter(({ action }) => action === 'key.escrow');
  expect(entries).toMatchObject([{ resource: share?.setId, detail: { threshold: 3, shares: 5 } }]);
});

test.each(SITES)(
  'three shares and the bundle at %s open its objects on an empty machine',
  async (site) => {
    const shares = await ceremony();
    await keeper.tend();
    await rotation.begin(by);
    await rotation.work(FAST);
    await keeper.tend();
    const { scene } = house;
    const plain = await Promise.all((await house.objects()).map((object) => scene.read(object)));
    // All that is left: one site and three sheets of paper.
    const folder = join(scene.folder, 'elsewhere/keys');
    const bundle = await readFile(fileAt(site, shares[0]?.setId));
    await restoreKeyFolder({
      folder,
      bundle,
      shares: [4, 0, 2].map((at) => writeShare(shares[at] as Share)),
    });
    for (const other of SITES) {
      if (other !== site)
        await rename(join(scene.folder, 'sites', other), join(scene.folder, `lost-${other}`));
    }
    const { clock, sites, keys, placement } = scene;
    const store = await openKeyFolder({ folder, archiveId: keys.archiveId, clock, random });
    const keyRoom = createKeyRoom({ store, envelopes: siteEnvelopes(sites), clock, random });
    const vault = createVault({
      ...{ sites, keyRoom, clock, random },
      acknowledged: (pool) => placement.policy().pools[pool].acknowledged,
    });
    for (const [at, object] of (await house.objects()).entries()) {
      await vault.verify(object, site);
      const key = await keyRoom.openKey({ ...object, objectId: object.id });
      expect(key).toHaveLength(32);
      expect(plain[at]?.length).toBe(object.plainBytes);
    }
    keyRoom.close();
    expect((await readdir(folder)).filter((name) => name.includes('quarantine'))).toEqual([]);
  },
);

test('a site that is away gets it when it is back; what changes goes out, what does not stays', async () => {
  await ceremony();
  const branch = join(house.scene.folder, 'sites/branch');
  await rename(branch, `${branch}.away`);
  expect(await keeper.tend()).toEqual([{ site: 'branch', code: 'SITE_UNREACHABLE' }]);
  await rename(`${branch}.away`, branch);
  expect(await keeper.tend()).toEqual([]);
  const asOf = async () => [...((await keeper.view())?.placedAt.values() ?? [])].map(Number);
  const [before] = await asOf();
  house.scene.clock.set('2026-11-20T05:00:00Z');
  await keeper.tend();
  expect(new Set(await asOf())).toEqual(new Set([before]));
  await house.scene.keys.documents.write('warrants', Buffer.from('{}'));
  await keeper.tend();
  const changed = Date.parse('2026-11-20T05:00:00Z');
  expect(await asOf()).toEqual([changed, changed, changed]);
  house.scene.clock.set('2026-11-21T05:00:00Z');
  await keeper.tend();
  expect((await asOf())[0]).toBe(Date.parse('2026-11-21T05:00:00Z'));
});

test('an older set opens until enough holders of the new one have shown their shares', async () => {
  const [old] = await ceremony();
  await keeper.tend();
  house.scene.clock.set('2026-11-21T00:00:00Z');
  const shares = await ceremony();
  await keeper.tend();
  const both = [old?.setId, shares[0]?.setId].sort();
  expect((await bundlesAt('hq')).sort()).toEqual(both);
  const { keyFolder, clock } = house.scene;
  for (const share of shares.slice(0, 3)) await confirmShare(keyFolder, share, clock);
  await keeper.tend();
  for (const site of SITES) expect(await bundlesAt(site)).toEqual([shares[0]?.setId]);
  const files = (await readdir(keyFolder)).filter((name) => name.startsWith('escrow-'));
  expect(files.every((name) => name.includes(shares[0]?.setId ?? ''))).toBe(true);
});

test('the bundle forgets an epoch that was destroyed', async () => {
  const shares = await ceremony();
  await keeper.tend();
  await rotation.begin(by);
  await rotation.work(FAST);
  house.scene.clock.set('2026-11-20T03:00:00Z');
  await started();
  await rotation.finish(by);
  await keeper.tend();
  const folder = join(house.scene.folder, 'again');
  const bundle = await readFile(fileAt('cloud', shares[0]?.setId));
  await restoreKeyFolder({ folder, bundle, shares: shares.map(writeShare) });
  const epochs = (await readdir(folder)).filter((name) => name.startsWith('kek-'));
  expect(epochs.every((name) => name.includes('-2026.2.'))).toBe(true);
  expect(epochs.length).toBeGreaterThan(0);
});
