import { cp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { gated, type SiteGate } from '../../place/index.ts';
import type { PipelineDeps } from '../deps.ts';
import { destroyObject } from '../destroy-object.ts';
import { noFaults, pipelineOver, sampleScene } from '../pipeline-scene.testing.ts';
import { archived } from '../rotation/rotation-scene.testing.ts';
import { isReplaced, renewMark, settleSite } from './settle-site.ts';

const HOUR_MS = 3_600_000;
let scene: IntakeScene;
let pipeline: PipelineDeps;
let id: RecordId;
let kept: RecordId;
let gates: SiteGate[];

beforeEach(async () => {
  scene = await sampleScene();
  scene.clock.set('2026-11-20T01:00:00Z');
  pipeline = await pipelineOver(scene, noFaults());
  id = await archived(scene, pipeline, '06-dispute');
  kept = await archived(scene, pipeline, '01-enquiry');
  gates = scene.sites.all.map((site) => gated(site, true).gate);
});
afterEach(() => scene.close());

const deps = () => ({ db: scene.database.db, clock: scene.clock });
const gateOf = (name: string) => gates.find(({ site }) => site.name === name) as SiteGate;
const folder = (site: string) => join(scene.folder, 'sites', site);
const later = (hours: number) =>
  scene.clock.set(new Date(scene.clock.now().getTime() + hours * HOUR_MS));
/** Files of the record's objects and envelopes at a site. */
async function filesOf(recordId: RecordId, site: string): Promise<string[]> {
  const rows = await scene.database.db
    .selectFrom('sealed_object')
    .select('id')
    .where('record_id', '=', recordId)
    .execute();
  const names = await readdir(folder(site), { recursive: true });
  return names.filter(
    (name) => /\.vk[eo]$/.test(name) && rows.some((row) => name.includes(row.id)),
  );
}
async function destroyAll(recordId: RecordId): Promise<void> {
  for (const object of await scene.objects(recordId)) await destroyObject(pipeline, object);
}

test('a site that is put back as an older copy is found out, and has nothing of what was destroyed since', async () => {
  for (const gate of gates) await settleSite(deps(), gate);
  later(1);
  await cp(folder('branch'), `${folder('branch')}.old`, { recursive: true });
  later(2000);
  await destroyAll(id);
  await renewMark(deps(), gateOf('branch'));
  expect(await isReplaced(deps(), gateOf('branch').site)).toBe(false);
  await rm(folder('branch'), { recursive: true });
  await rename(`${folder('branch')}.old`, folder('branch'));
  expect((await filesOf(id, 'branch')).length).toBeGreaterThan(5);
  const whole = await filesOf(kept, 'branch');
  expect(await isReplaced(deps(), gateOf('branch').site)).toBe(true);
  gateOf('branch').shut();
  await settleSite(deps(), gateOf('branch'));
  expect(gateOf('branch').isShut).toBe(false);
  expect(await filesOf(id, 'branch')).toEqual([]);
  expect(await filesOf(kept, 'branch')).toEqual(whole);
  expect(await isReplaced(deps(), gateOf('branch').site)).toBe(false);
});

test('stays shut while the site does not answer, and nothing waits for it', async () => {
  await rename(folder('cloud'), `${folder('cloud')}.away`);
  await expect(settleSite(deps(), gateOf('cloud'))).rejects.toMatchObject({
    code: 'SITE_UNREACHABLE',
  });
  expect(gateOf('cloud').isShut).toBe(true);
  await rename(`${folder('cloud')}.away`, folder('cloud'));
  await settleSite(deps(), gateOf('cloud'));
  expect(gateOf('cloud').isShut).toBe(false);
});

test('a copy from before the site was told anything is gone over from the beginning', async () => {
  await cp(folder('hq'), `${folder('hq')}.old`, { recursive: true });
  await settleSite(deps(), gateOf('hq'));
  await destroyAll(id);
  later(5000);
  await renewMark(deps(), gateOf('hq'));
  await rm(folder('hq'), { recursive: true });
  await rename(`${folder('hq')}.old`, folder('hq'));
  gateOf('hq').shut();
  expect(await settleSite(deps(), gateOf('hq'))).toBeGreaterThan(5);
  expect(await filesOf(id, 'hq')).toEqual([]);
});
