import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { destroyObject } from '../destroy-object.ts';
import { receive } from '../pipeline-scene.testing.ts';
import { FAST, type RotationScene, rotationScene } from './rotation-scene.testing.ts';

const by = { actor: { id: 'operator-1', role: 'operator' }, requestId: 'r1' };
let house: RotationScene;

beforeEach(async () => {
  house = await rotationScene();
});
afterEach(() => house.close());

test('killed while it destroys an epoch, the next start ends that, and the ledger has it', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  house.scene.clock.set('2026-11-20T02:00:00Z');
  const later = await house.open();
  house.scene.faults.beforeCommit = () => Promise.reject(new Error('killed'));
  await expect(later.finish(by)).rejects.toThrow('killed');
  delete house.scene.faults.beforeCommit;
  expect(house.acts()).toHaveLength(1);
  const again = await house.open();
  expect(again.state.destroying).toEqual([{ kind: 'content', epoch: '2026' }]);
  await again.work(FAST);
  expect(house.acts().at(-1)).toEqual(['key.destroy_epoch', 'system', '2026']);
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
  await expect(rotation.destroyIdleDays()).rejects.toMatchObject({ code: 'SITE_UNREACHABLE' });
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
  expect(house.acts().map(([action, , epoch]) => [action, epoch])).toEqual([
    ['key.destroy_epoch', '2026-11-20'],
    ['key.destroy_epoch', '2026-11-21'],
  ]);
});
