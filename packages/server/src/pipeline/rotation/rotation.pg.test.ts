import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { systemRandom as random } from '../../core/random.ts';
import { createKeyRoom, epochOf, openKeyFolder } from '../../keys/index.ts';
import { createVault, siteEnvelopes } from '../../place/index.ts';
import { envelopeKey } from '../../place/site-set.ts';
import type { StoredObject } from '../../record/vault.ts';
import { destroyObject } from '../destroy-object.ts';
import { scrubSite } from '../scrub/scrub-site.ts';
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

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Reads every object as a program that has just started: nothing is in memory. */
async function readAnew(): Promise<string[]> {
  const { scene } = house;
  const { clock, sites, keyFolder: folder, placement } = scene;
  const store = await openKeyFolder({ folder, archiveId: scene.keys.archiveId, clock, random });
  const keyRoom = createKeyRoom({ store, envelopes: siteEnvelopes(sites), clock, random });
  const vault = createVault({
    ...{ sites, keyRoom, clock, random },
    acknowledged: (pool) => placement.policy().pools[pool].acknowledged,
  });
  try {
    const objects = await house.objects();
    return await Promise.all(
      objects.map(async (object) => {
        for (const site of SITES) await vault.verify(object, site);
        const open = await vault.open(object);
        return digestOf(await open.readRange(0, open.sizeBytes));
      }),
    );
  } finally {
    keyRoom.close();
  }
}
async function readOne(object: StoredObject | undefined): Promise<Buffer> {
  house.scene.keyRoom.dropAll();
  return house.scene.read(object as StoredObject);
}
/** Digests of every sealed object at every site. */
async function sealedBytes(): Promise<Map<string, string>> {
  const { files } = await house.scene.inventory();
  const sealed = files.filter((file) => file.endsWith('.vko'));
  return new Map(
    await Promise.all(sealed.map(async (file) => [file, digestOf(await readFile(file))] as const)),
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
  expect(house.acts()).toEqual([['key.rotate', 'operator', '2026.2']]);
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
  expect(house.acts()).toEqual([
    ['key.rotate', 'operator', '2026.2'],
    ['key.destroy_epoch', 'operator', '2026'],
  ]);
  expect(later.state.destroyed).toEqual([{ epoch: '2026', at: '2026-11-20T02:00:00.000Z' }]);
});

test('a site that was put back with envelopes of an ended epoch is mended from another', async () => {
  const [object] = await house.objects();
  const { pool = 'core', id = '' } = object ?? {};
  const file = join(house.scene.folder, 'sites/hq', pool, envelopeKey(id));
  const old = await readFile(file);
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  house.scene.clock.set('2026-11-21T02:00:00Z');
  await rotation.finish(by);
  await writeFile(file, old);
  expect((await readOne(object)).length).toBe(object?.plainBytes);
  const walk = { site: 'hq', kind: 'deep' } as const;
  expect(await scrubSite(house.pipeline, walk)).toMatchObject({ faults: 1, repaired: 1 });
  expect(epochOf(await readFile(file))).toBe('2026.2');
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
    // One is written, and nothing more.
    house.killAtPut(2);
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
  expect((await house.open()).state.walk).toMatchObject({ seen: objects.length, unopened: 0 });
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

test('stops when it is told to, and the next start goes on where it was', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  const stop = new AbortController();
  const { renew } = house.deps.envelopes;
  const seen: string[] = [];
  house.deps.envelopes = {
    ...house.deps.envelopes,
    async renew(object) {
      seen.push(object.id);
      stop.abort();
      return renew(object);
    },
  };
  await rotation.work({ ...FAST, signal: stop.signal });
  const done = seen.length;
  const count = (await house.objects()).length;
  expect(done).toBeLessThan(count);
  const again = await house.open();
  expect(again.state.walk).toMatchObject({ seen: done, reached: [...seen].sort().at(-1) });
  await again.work(FAST);
  expect([new Set(seen).size, seen.length]).toEqual([count, count]);
});

test('killed between the keys of a new epoch and the walk, the next start walks', async () => {
  await house.scene.keys.beginEpoch();
  await (await house.open()).work(FAST);
  const objects = await house.objects();
  expect(await house.epochs()).toEqual(objects.map(() => everywhere('2026.2')));
  expect(house.acts()).toEqual([['key.rotate', 'system', '2026.2']]);
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
  expect(house.acts()).toEqual([['key.rotate', ARCHIVE_ACTOR.role, '2027']]);
  await rotation.work(FAST);
  expect(house.acts()).toHaveLength(1);
});
