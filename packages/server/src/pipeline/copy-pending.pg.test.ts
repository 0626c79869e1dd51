import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordId } from '../core/ids.ts';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { advanceRecord } from './advance-record.ts';
import { copyPending } from './copy-pending.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import { FIRST, noFaults, pipelineOver, receive, sampleScene } from './pipeline-scene.testing.ts';

/** 02:00 in Shanghai. */
const DAILY = '2026-11-20T18:00:00Z';

let scene: IntakeScene;
let pipeline: PipelineDeps;

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
});
afterEach(() => scene.close());

async function archived(name: string): Promise<RecordId> {
  const id = await receive(scene, name);
  expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
  await destroyQuarantine(pipeline, id);
  return id;
}
const sitesOf = async (id: RecordId) =>
  new Set((await scene.objects(id)).map(({ sites }) => sites.toSorted().join(' ')));
const pending = () => scene.database.db.selectFrom('pending_copy').selectAll().execute();

test('basic copies are made at the daily hour of the archive’s zone, not before; core ones at once', async () => {
  const basic = await archived('01-enquiry');
  const core = await archived('06-dispute');
  await copyPending(pipeline);
  expect(await sitesOf(core)).toEqual(new Set(['branch cloud hq']));
  expect(await sitesOf(basic)).toEqual(new Set(['hq']));
  scene.clock.set(new Date(new Date(DAILY).getTime() - 1));
  expect(await copyPending(pipeline)).toEqual({ copied: 0, failed: 0 });
  scene.clock.set(DAILY);
  const count = (await scene.objects(basic)).length;
  expect(await copyPending(pipeline)).toEqual({ copied: 2 * count, failed: 0 });
  expect(await sitesOf(basic)).toEqual(new Set(['branch cloud hq']));
  expect(await pending()).toEqual([]);
});

test('a clock that is put back by an hour keeps no copy waiting, but for those of the night', async () => {
  const basic = await archived('01-enquiry');
  const core = await archived('06-dispute');
  const now = scene.clock.now().getTime();
  scene.clock.set(new Date(now - 3_600_000));
  await copyPending(pipeline);
  expect(await sitesOf(core)).toEqual(new Set(['branch cloud hq']));
  expect(await sitesOf(basic)).toEqual(new Set(['hq']));
  // Tried in vain just before: it would wait for its delay, and the hour.
  scene.clock.set(DAILY);
  const { copy } = pipeline.vault;
  const failing = {
    ...pipeline,
    vault: { ...pipeline.vault, copy: () => Promise.reject(new Error()) },
  };
  expect(await copyPending(failing)).toMatchObject({ copied: 0 });
  expect(await copyPending({ ...pipeline, vault: { ...pipeline.vault, copy } })).toMatchObject({
    ...{ copied: 0, failed: 0 },
  });
  scene.clock.set(new Date(Date.parse(DAILY) - 3_600_000));
  expect((await copyPending(pipeline)).failed).toBe(0);
  expect(await sitesOf(basic)).toEqual(new Set(['branch cloud hq']));
});

test('a night’s run is broken off and goes on; nothing is made twice', async () => {
  const id = await archived('01-enquiry');
  scene.clock.set(DAILY);
  const count = 2 * (await scene.objects(id)).length;
  const stop = new AbortController();
  let made = 0;
  const { copy } = pipeline.vault;
  const counting: PipelineDeps = {
    ...pipeline,
    vault: {
      ...pipeline.vault,
      async copy(...args) {
        made += 1;
        if (made === 3) stop.abort();
        return copy(...args);
      },
    },
  };
  expect(await copyPending(counting, stop.signal)).toEqual({ copied: 3, failed: 0 });
  expect(await pending()).toHaveLength(count - 3);
  expect(await copyPending(counting)).toEqual({ copied: count - 3, failed: 0 });
  expect(made).toBe(count);
});

test('what is due at once never waits for the copies of the night', async () => {
  const basic = await archived('01-enquiry');
  scene.clock.set(DAILY);
  await archived('06-dispute');
  const order: boolean[] = [];
  const { copy } = pipeline.vault;
  const vault: PipelineDeps['vault'] = {
    ...pipeline.vault,
    async copy(...args) {
      order.push(args[0].recordId === basic);
      return copy(...args);
    },
  };
  await copyPending({ ...pipeline, vault });
  expect(order).toEqual(order.toSorted((a, b) => Number(a) - Number(b)));
  expect(new Set(order).size).toBe(2);
});

test('a copy that fails stays due since it first was, however often it is tried', async () => {
  await archived('06-dispute');
  const at = scene.clock.now();
  const cloud = join(scene.folder, 'sites/cloud');
  await rename(cloud, `${cloud}.away`);
  for (let round = 0; round < 4; round += 1) {
    expect((await copyPending(pipeline)).copied).toBe(0);
    scene.clock.set(new Date(scene.clock.now().getTime() + 100_000));
  }
  const rows = await pending();
  expect(rows.every(({ due_at }) => due_at.getTime() === at.getTime())).toBe(true);
  expect(rows.every(({ not_before }) => not_before > at)).toBe(true);
  await rename(`${cloud}.away`, cloud);
  scene.clock.set(new Date(scene.clock.now().getTime() + 3_600_000));
  expect((await copyPending(pipeline)).failed).toBe(0);
  expect(await pending()).toEqual([]);
});

test('a copy that is called off while its turn comes is not made', async () => {
  const id = await archived('06-dispute');
  const { db } = scene.database;
  const { copy } = pipeline.vault;
  let made = 0;
  const vault: PipelineDeps['vault'] = {
    ...pipeline.vault,
    async copy(...args) {
      made += 1;
      await copy(...args);
      // Another connection: whoever calls it off does not wait for this copy.
      await db.deleteFrom('pending_copy').where('object_id', '!=', args[0].id).execute();
    },
  };
  expect(await copyPending({ ...pipeline, vault })).toEqual({ copied: 1, failed: 0 });
  expect(made).toBe(1);
  const there = (await scene.objects(id)).filter(({ sites }) => sites.includes('cloud'));
  expect(there).toHaveLength(1);
});
