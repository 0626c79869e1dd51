import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { systemRandom as random } from '../../core/random.ts';
import { createKeyRoom, openKeyFolder } from '../../keys/index.ts';
import { createVault, siteEnvelopes } from '../../place/index.ts';
import { envelopeKey } from '../../place/site-set.ts';
import { destroyObject } from '../destroy-object.ts';
import { receive } from '../pipeline-scene.testing.ts';
import { FAST, type RotationScene, rotationScene, SITES } from './rotation-scene.testing.ts';

const by = { actor: { id: 'operator-1', role: 'operator' }, requestId: 'r1' };
let house: RotationScene;

beforeEach(async () => {
  house = await rotationScene();
});
afterEach(() => house.close());

const everywhere = (epoch: string) => SITES.map((site) => `${site} ${epoch}`);
const rejects = (work: Promise<unknown>, code: string) =>
  expect(work).rejects.toMatchObject({ code });
const acts = () =>
  house.scene.entries
    .filter(({ action }) => action.startsWith('key.'))
    .map(({ action, actor, detail }) => [action, actor.role, detail?.['epoch']]);

/** Reads every object as a program that has just started: nothing is in memory. */
async function readAnew(): Promise<Buffer[]> {
  const { scene } = house;
  const { clock, sites, keyFolder: folder } = scene;
  const store = await openKeyFolder({ folder, archiveId: scene.keys.archiveId, clock, random });
  const keyRoom = createKeyRoom({ store, envelopes: siteEnvelopes(sites), clock, random });
  const vault = createVault({ sites, keyRoom, clock, random });
  try {
    const objects = await house.objects();
    return await Promise.all(
      objects.map(async (object) => {
        for (const site of SITES) await vault.verify(object, site);
        const open = await vault.open(object);
        return open.readRange(0, open.sizeBytes);
      }),
    );
  } finally {
    keyRoom.close();
  }
}
/** Every sealed object at every site, byte for byte. */
async function sealedBytes(): Promise<Map<string, string>> {
  const { files } = await house.scene.inventory();
  const sealed = files.filter((file) => file.endsWith('.vko'));
  return new Map(
    await Promise.all(
      sealed.map(async (file) => [file, (await readFile(file)).toString('base64')] as const),
    ),
  );
}

test('brings every living envelope into the new epoch at every site, and nothing of an object changes', async () => {
  const plain = await readAnew();
  const sealed = await sealedBytes();
  const rotation = await house.open();
  expect(await rotation.begin(by)).toBe('2026.2');
  expect(await readAnew()).toEqual(plain);
  await rotation.work(FAST);
  const objects = await house.objects();
  expect(await house.epochs()).toEqual(objects.map(() => everywhere('2026.2')));
  expect(await readAnew()).toEqual(plain);
  expect(await sealedBytes()).toEqual(sealed);
  const count = objects.length;
  expect(rotation.state.walk).toMatchObject({
    to: '2026.2',
    seen: count,
    renewed: count,
    unopened: 0,
  });
  expect(acts()).toEqual([['key.rotate', 'operator', '2026.2']]);
});

test('the old epoch ends on a second word only, and everything still opens without it', async () => {
  const plain = await readAnew();
  const before = await readFile(
    join(house.scene.folder, 'sites/hq/core', envelopeKey((await house.objects())[0]?.id ?? '')),
  );
  const rotation = await house.open();
  await rejects(rotation.finish(by), 'ROTATION_NOTHING');
  await rotation.begin(by);
  await rejects(rotation.finish(by), 'ROTATION_RUNNING');
  await rejects(rotation.begin(by), 'ROTATION_RUNNING');
  await rotation.work(FAST);
  await rejects(rotation.finish(by), 'ROTATION_TOO_SOON');
  expect(await rotation.older()).toEqual(['2026']);
  house.scene.clock.set('2026-11-20T02:00:00Z');
  const later = await house.open();
  expect(await later.finish(by)).toEqual(['2026']);
  expect(await later.older()).toEqual([]);
  expect(await readAnew()).toEqual(plain);
  expect((await house.scene.keys.epochs()).filter(({ epoch }) => epoch === '2026')).toEqual([]);
  // An old copy of an envelope, and all keys that are left.
  await rejects(house.scene.keyRoom.checkEnvelope(before), 'KEYS_EPOCH_MISSING');
  expect(acts()).toEqual([
    ['key.rotate', 'operator', '2026.2'],
    ['key.destroy_epoch', 'operator', '2026'],
  ]);
  expect(later.state.destroyed).toEqual([{ epoch: '2026', at: '2026-11-20T02:00:00.000Z' }]);
});

test('a day after its beginning it may end without a restart', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  house.scene.clock.set('2026-11-21T00:59:59Z');
  await rejects(rotation.finish(by), 'ROTATION_TOO_SOON');
  house.scene.clock.set('2026-11-21T01:00:00Z');
  expect(await rotation.finish(by)).toEqual(['2026']);
});

test('broken off at every write, each envelope opens at each site, and the next run brings the rest over', async () => {
  const plain = await readAnew();
  await (await house.open()).begin(by);
  const objects = await house.objects();
  let broken = 0;
  for (; broken < objects.length * SITES.length; broken += 1) {
    // One is written, the next one fails, as if the program had been killed between them.
    house.failPut(2);
    const again = await house.open();
    const ended = await again.work(FAST).then(
      () => 'ended',
      (error: { code: string }) => error.code,
    );
    for (const { pool, id } of objects) {
      for (const site of SITES) {
        const file = join(house.scene.folder, 'sites', site, pool, envelopeKey(id));
        await house.scene.keyRoom.checkEnvelope(await readFile(file));
      }
    }
    if (ended === 'ended') break;
    expect(ended).toBe('SITE_UNREACHABLE');
  }
  expect(broken).toBe(objects.length * SITES.length - 1);
  const { walk } = (await house.open()).state;
  expect(walk).toMatchObject({ seen: objects.length, renewed: objects.length });
  expect(await house.epochs()).toEqual(objects.map(() => everywhere('2026.2')));
  expect(await readAnew()).toEqual(plain);
});

test('touches no envelope while shares do not open the new epoch yet', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work({ ...FAST, covered: async () => false });
  expect(rotation.state.walk?.seen).toBe(0);
  await rotation.work(FAST);
  expect(rotation.state.walk?.endedAt).toBeDefined();
});

test('goes on after the last object that was kept, and stops when it is told to', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  const stop = new AbortController();
  const { renew } = house.deps.envelopes;
  const seen: string[] = [];
  house.deps.envelopes = {
    ...house.deps.envelopes,
    async renew(object) {
      seen.push(object.id);
      if (seen.length === 2) stop.abort();
      return renew(object);
    },
  };
  await rotation.work({ ...FAST, signal: stop.signal });
  expect(seen).toHaveLength(2);
  const again = await house.open();
  expect(again.state.walk).toMatchObject({ seen: 2, reached: seen[1] });
  await again.work(FAST);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength((await house.objects()).length);
});

test('what was under way when the epoch began is brought over before the old one ends', async () => {
  const { scene } = house;
  const rotation = await house.open();
  // Its envelope is written before, its row is noted after the walk.
  const key = { recordId: house.recordId, pool: 'core', mediaType: 'text/plain' } as const;
  const late = await scene.vault.write({
    ...{ ...key, purpose: 'peaks', ordinal: 9 },
    source: (async function* () {
      yield Buffer.from('late');
    })(),
  });
  await rotation.begin(by);
  await rotation.work(FAST);
  const { insertObjects } = await import('../../record/object-rows.ts');
  await scene.database.db
    .transaction()
    .execute((tx) => insertObjects(tx, [late], scene.clock.now()));
  house.scene.clock.set('2026-11-20T02:00:00Z');
  const later = await house.open();
  await later.finish(by);
  scene.keyRoom.dropAll();
  expect((await scene.read(late)).toString()).toBe('late');
});

test('brings nothing back that is destroyed meanwhile, and counts what has no envelope', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  const [first, second] = await house.objects();
  await destroyObject(house.pipeline, first as never);
  for (const site of SITES) {
    const file = join(
      house.scene.folder,
      'sites',
      site,
      second?.pool ?? '',
      envelopeKey(second?.id ?? ''),
    );
    await rm(file);
  }
  await rotation.work(FAST);
  expect(rotation.state.walk).toMatchObject({ unopened: 1 });
  const all = await readdir(join(house.scene.folder, 'sites'), { recursive: true });
  for (const gone of [first, second]) {
    expect(all.filter((name) => name.endsWith(`${gone?.id}.vke`))).toEqual([]);
  }
});

test('in a new year the envelopes come over by themselves, by the archive’s own act', async () => {
  house.scene.clock.set('2027-01-01T00:00:10Z');
  const rotation = await house.open();
  await rotation.work(FAST);
  const objects = await house.objects();
  expect(await house.epochs()).toEqual(objects.map(() => everywhere('2027')));
  expect(acts()).toEqual([['key.rotate', ARCHIVE_ACTOR.role, '2027']]);
  await rotation.work(FAST);
  expect(acts()).toHaveLength(1);
});

test('killed while it destroys an epoch, the next start ends that, and the ledger has it', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  house.scene.clock.set('2026-11-20T02:00:00Z');
  const later = await house.open();
  house.scene.faults.beforeCommit = () => Promise.reject(new Error('killed'));
  await expect(later.finish(by)).rejects.toThrow('killed');
  delete house.scene.faults.beforeCommit;
  expect(acts()).toHaveLength(1);
  const again = await house.open();
  expect(again.state.destroying).toEqual([{ kind: 'content', epoch: '2026' }]);
  await again.work(FAST);
  expect(acts().at(-1)).toEqual(['key.destroy_epoch', 'system', '2026']);
  expect((await house.open()).state).toMatchObject({
    destroying: [],
    destroyed: [{ epoch: '2026' }],
  });
});

test('days of the quarantine go once nothing living needs them; while a site is away none goes', async () => {
  const { scene } = house;
  const quarantine = async () =>
    (await scene.keys.epochs())
      .filter(({ pool }) => pool === 'quarantine')
      .map(({ epoch }) => epoch)
      .sort();
  scene.clock.set('2026-11-21T10:00:00Z');
  const waiting = await receive(scene, '04-id-number');
  scene.clock.set('2026-11-23T10:00:00Z');
  await receive(scene, '07-crisis');
  const rotation = await house.open();
  expect(await quarantine()).toEqual(['2026-11-20', '2026-11-21', '2026-11-23']);
  scene.clock.set('2026-11-22T00:00:00Z');
  const hq = join(scene.folder, 'sites/hq');
  await rename(hq, `${hq}.away`);
  await rejects(rotation.destroyIdleDays(), 'SITE_UNREACHABLE');
  await rename(`${hq}.away`, hq);
  expect(await quarantine()).toHaveLength(3);
  expect(await rotation.destroyIdleDays()).toBe(1);
  expect(await quarantine()).toEqual(['2026-11-21', '2026-11-23']);
  scene.clock.set('2026-11-26T00:00:00Z');
  expect(await rotation.destroyIdleDays()).toBe(0);
  const [original] = (await scene.objects(waiting)).filter(({ purpose }) => purpose === 'original');
  expect((await scene.read(original as never)).length).toBeGreaterThan(1000);
  for (const object of await scene.objects(waiting)) await destroyObject(house.pipeline, object);
  expect(await rotation.destroyIdleDays()).toBe(1);
  expect(await quarantine()).toEqual(['2026-11-23']);
  expect(acts().map(([action, , epoch]) => [action, epoch])).toEqual([
    ['key.destroy_epoch', '2026-11-20'],
    ['key.destroy_epoch', '2026-11-21'],
  ]);
});
