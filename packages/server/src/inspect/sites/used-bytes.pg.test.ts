import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { advanceRecord } from '../../pipeline/advance-record.ts';
import { copyPending } from '../../pipeline/copy-pending.ts';
import type { PipelineDeps } from '../../pipeline/deps.ts';
import { destroyQuarantine } from '../../pipeline/destroy-quarantine.ts';
import {
  FIRST,
  noFaults,
  pipelineOver,
  receive,
  sampleScene,
} from '../../pipeline/pipeline-scene.testing.ts';
import { keepSamples } from './samples.ts';
import { usedBytes } from './used-bytes.ts';

let scene: IntakeScene;
let pipeline: PipelineDeps;
let id: RecordId;
beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
  id = await receive(scene, '06-dispute');
});
afterEach(() => scene.close());

/** The same, counted from all rows of copies. */
async function counted() {
  const { rows } = await scene.database.pool.query(`
    select site, pool, sum(sealed_bytes)::float8 as bytes, count(*)::int as copies
    from object_copy join sealed_object on id = object_id group by 1, 2 order by 1, 2`);
  return rows;
}
const used = () => usedBytes(scene.database.db);
const fold = async (at: string) => {
  const nothing = { reachable: true, behind: 0, behindS: 0, faults: 0 };
  await keepSamples(scene.database.db, [{ site: 'hq', ...nothing }], new Date(at));
};

test('what each pool takes at each site is known at every step of a call, as if all rows were counted', async () => {
  const quarantined = await used();
  expect(quarantined.map(({ site, pool }) => `${site} ${pool}`)).toEqual([
    ...['branch quarantine', 'hq quarantine'],
  ]);
  expect(quarantined).toEqual(await counted());
  await advanceRecord(pipeline, id, FIRST);
  expect(await used()).toEqual(await counted());
  await fold('2026-11-20T02:00:00Z');
  expect(await used()).toEqual(await counted());
  await destroyQuarantine(pipeline, id);
  await copyPending(pipeline);
  expect(await used()).toEqual(await counted());
  await fold('2026-11-20T03:00:00Z');
  const all = await used();
  expect(all).toEqual(await counted());
  expect(all.map(({ site, pool }) => `${site} ${pool}`)).toEqual([
    ...['branch core', 'cloud core', 'hq core'],
  ]);
  const left = await scene.database.pool.query('select count(*)::int as n from site_use_change');
  expect(left.rows[0].n).toBe(0);
});

test('a copy that is noted twice counts once, and a length that is set right counts anew', async () => {
  await advanceRecord(pipeline, id, FIRST);
  await scene.database.pool.query(`
    insert into object_copy (object_id, site, written_at) select object_id, site, now()
    from object_copy on conflict (object_id, site) do update set verified_at = now()`);
  expect(await used()).toEqual(await counted());
  await scene.database.pool.query('update sealed_object set sealed_bytes = sealed_bytes + 1000');
  expect(await used()).toEqual(await counted());
});

test('a catalog that has no sums yet, upgraded or rebuilt, is counted whole with the next sample', async () => {
  await advanceRecord(pipeline, id, FIRST);
  await fold('2026-11-20T02:00:00Z');
  await scene.database.pool.query('delete from site_use; delete from site_use_change');
  const other = await receive(scene, '04-id-number');
  await advanceRecord(pipeline, other, FIRST);
  expect(await used()).not.toEqual(await counted());
  await fold('2026-11-20T03:00:00Z');
  expect(await used()).toEqual(await counted());
});
