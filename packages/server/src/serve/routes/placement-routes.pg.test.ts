import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlacementPlan, PlacementView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followedPlacement, readPlacement } from '../../main/placement-in-force.ts';
import { createPlacement, settlePlacement } from '../../main/placement-view.ts';
import { createNotices } from '../../notices/index.ts';
import { SHIPPED } from '../../place/placement.testing.ts';
import type { EventLog } from '../../platform/log/logger.ts';
import { archivedCall } from '../archived-call.testing.ts';
import type { PlacementPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const log = {} as EventLog;
let folder: string;
let file: string;
let scene: ServeScene;
let operator: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-placement-'));
  file = join(folder, 'placement.yaml');
  await writeFile(file, SHIPPED);
  scene = await serveScene();
  const { db, clock, audit } = scene.serve;
  const settings = { placement: file, timeZone: 'Asia/Shanghai' };
  const placement = followedPlacement(await readPlacement(file), settings.timeZone);
  const notices = createNotices({ clock });
  await settlePlacement(settings, { db, clock, audit, notices, placement, log });
  const placer = { wake: () => undefined };
  const port = createPlacement(settings, { db, clock, audit, placement, placer });
  Object.assign(scene.serve, { placement: port satisfies PlacementPort });
  operator = await scene.person('operator');
  await archivedCall(scene, { durationS: 1, tier: 'core' });
});
afterAll(async () => {
  await scene.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (headers: Record<string, string>) => scene.send('GET', '/api/v1/placement', headers);
const post = (what: 'plan' | 'apply', headers: Record<string, string>, body: object = {}) =>
  scene.send(
    'POST',
    `/api/v1/placement/${what}`,
    { ...headers, 'content-type': 'application/json' },
    JSON.stringify(body),
  );

test('an operator sees what is in force, plans a change and applies what was planned', async () => {
  const before = PlacementView.parse(JSON.parse((await get(operator)).text));
  expect(before.pools[0]).toMatchObject({ pool: 'basic', acknowledged: ['hq'] });
  // Written without its further copies, the call lacks them.
  const lacking = PlacementPlan.parse(JSON.parse((await post('plan', operator)).text));
  expect(lacking.lines).toMatchObject([
    { pool: 'core', site: 'cloud', change: 'copy', objects: 6 },
  ]);
  await writeFile(file, SHIPPED.replace('realtime: [cloud]', 'realtime: []'));
  const plan = PlacementPlan.parse(JSON.parse((await post('plan', operator)).text));
  expect(plan).toMatchObject({ inForce: before.digest, lines: [], acknowledged: [] });
  const applied = await post('apply', operator, { digest: plan.digest });
  expect(applied.status).toBe(202);
  expect(PlacementView.parse(JSON.parse(applied.text)).digest).toBe(plan.digest);
});

test('a digest that is none, and one of another file, are refused by name', async () => {
  const wrong = await post('apply', operator, { digest: 'abc' });
  expect([wrong.status, problemIn(wrong).code]).toEqual([400, 'REQUEST_INVALID']);
  const other = await post('apply', operator, { digest: '0'.repeat(64) });
  expect([other.status, problemIn(other).code]).toEqual([409, 'PLACEMENT_CHANGED']);
});

test('a file with faults is refused with every fault', async () => {
  await writeFile(file, SHIPPED.replace('"02:00"', '"2 am"').replace('[hq]', '[home]'));
  const answer = await post('plan', operator);
  expect([answer.status, problemIn(answer).code]).toEqual([422, 'PLACEMENT_INVALID']);
  expect(problemIn(answer).detail).toMatch(/daily\/at: .*[\s\S]*there is no site home/);
  await writeFile(file, SHIPPED);
});

test('an administrator looks and applies nothing; nobody else does either', async () => {
  const admin = await scene.person('admin');
  expect((await get(admin)).status).toBe(200);
  expect((await post('apply', admin, { digest: '0'.repeat(64) })).status).toBe(403);
  for (const role of ['qa', 'auditor', 'agent'] as const) {
    const person = await scene.person(role);
    expect((await get(person)).status).toBe(403);
    expect((await post('plan', person)).status).toBe(403);
    expect((await post('apply', person, { digest: '0'.repeat(64) })).status).toBe(403);
  }
  expect((await get({})).status).toBe(401);
});
