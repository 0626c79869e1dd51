import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { askAgain, searchesOfHolds } from '../main/holds-view.ts';
import { createNotices } from '../notices/index.ts';
import { type HoldDeps, letGo, placeHold, releaseHold } from '../retire/holds/index.ts';
import { advanceRecord } from './advance-record.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import {
  FIRST,
  noFaults,
  OPEN_TEXTS,
  pipelineOver,
  receive,
  sampleScene,
} from './pipeline-scene.testing.ts';
import { reclassifyRecord } from './reclassify-record.ts';

const LI = { actor: { id: 'li', role: 'compliance' }, person: 'li', requestId: 'r1' };
const WANG = { actor: { id: 'wang', role: 'compliance' }, person: 'wang', requestId: 'r2' };

let scene: IntakeScene;
let pipeline: PipelineDeps;
let holds: HoldDeps;
/** Records whose quarantine was asked for again. */
let again: string[];

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
  const { db } = scene.database;
  const { clock } = scene;
  again = [];
  const queue = {
    destroyQuarantine: async (_tx: Tx, recordId: RecordId) => void again.push(recordId),
  };
  holds = {
    ...{ db, clock, audit: scene.intake.audit, random: systemRandom, texts: OPEN_TEXTS },
    notices: createNotices({ clock }),
    searches: searchesOfHolds(pipeline.indexKeys, pipeline.timeZone),
    commitmentKey: Buffer.alloc(32, 3),
    accountOf: async () => undefined,
    settleDeferred: (tx, recordIds) => askAgain(queue, tx, recordIds),
  };
});
afterEach(() => scene.close());

const search = async (tier: 'basic' | 'core') =>
  (
    await placeHold(
      holds,
      { matter: '投诉', reason: '保全', custodians: [], search: { tier: [tier] } },
      LI,
    )
  ).id;
const heldBy = async (recordId: string) =>
  (
    await scene.database.db
      .selectFrom('held_record')
      .select('hold_id')
      .where('record_id', '=', recordId)
      .execute()
  ).map((row) => row.hold_id);
const quarantined = async (recordId: string) =>
  (await scene.objects(recordId)).filter((one) => one.pool === 'quarantine').length;
const mayEvict = (recordId: RecordId) =>
  scene.database.db.transaction().execute((tx) => pipeline.mayEvict(tx, recordId));

test('a record that a search finds is held when it is archived, and keeps its quarantine until it is released', async () => {
  const hold = await search('basic');
  const id = await receive(scene, '01-enquiry');
  expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
  expect(await heldBy(id)).toEqual([hold]);
  const kept = await quarantined(id);
  expect(kept).toBeGreaterThan(0);
  expect(await destroyQuarantine(pipeline, id)).toBe(0);
  expect(await quarantined(id)).toBe(kept);
  expect(await mayEvict(id)).toBe(false);
  await releaseHold(holds, hold, '和解', WANG);
  await letGo(holds);
  expect(again).toEqual([id]);
  expect(await mayEvict(id)).toBe(true);
  expect(await destroyQuarantine(pipeline, id)).toBe(kept);
  expect(await quarantined(id)).toBe(0);
});

test('a record that a search finds only after it was given another tier is held from then on', async () => {
  const hold = await search('core');
  const id = await receive(scene, '01-enquiry');
  await advanceRecord(pipeline, id, FIRST);
  expect(await heldBy(id)).toEqual([]);
  expect(await mayEvict(id)).toBe(true);
  await reclassifyRecord(pipeline, id, {
    ...{ tier: 'core', actor: LI.actor, person: 'li', commitment: 'c'.repeat(64) },
    requestId: 'r3',
  });
  expect(await heldBy(id)).toEqual([hold]);
});
