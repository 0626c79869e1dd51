import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { advanceRecord } from './advance-record.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import { moveRecord } from './move-record.ts';
import {
  expectNoStrays,
  type Faults,
  FIRST,
  ID_CALL,
  noFaults,
  pipelineOver,
  receive,
  sampleScene,
} from './pipeline-scene.testing.ts';
import { reclassifyRecord } from './reclassify-record.ts';

let scene: IntakeScene;
let pipeline: PipelineDeps;
let faults: Faults;

beforeEach(async () => {
  scene = await sampleScene();
  faults = noFaults();
  pipeline = await pipelineOver(scene, faults);
});
afterEach(() => scene.close());

describe('a record that a person reclassifies', () => {
  const PERSON = { actor: { id: 'officer', role: 'compliance' }, person: 'p'.repeat(32) };
  const change = (tier: 'basic' | 'core' | 'sensitive', person = PERSON.person) => ({
    ...{ ...PERSON, tier, person, commitment: 'c'.repeat(64), requestId: 'r1' },
  });
  const callTier = async (id: string) =>
    (
      await scene.database.db
        .selectFrom('call')
        .select(['tier'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).tier;

  test('has its term from the moment that it is archived, and another with its tier', async () => {
    const term = (id: string) =>
      scene.database.db
        .selectFrom('record_term')
        .select(['keep_until', 'why'])
        .where('record_id', '=', id)
        .executeTakeFirst();
    const id = await receive(scene, '01-enquiry');
    expect(await term(id)).toBeUndefined();
    await advanceRecord(pipeline, id, FIRST);
    const basic = await term(id);
    expect(basic).toMatchObject({ why: { tier: 'basic' } });
    await reclassifyRecord(pipeline, id, change('core'));
    const core = await term(id);
    expect(core).toMatchObject({ why: { tier: 'core' } });
    expect(scene.entries.at(-1)).toMatchObject({
      action: 'record.classify',
      detail: { keptUntil: basic?.keep_until, keepUntil: core?.keep_until },
    });
    await moveRecord(pipeline, id);
    expect(await term(id)).toEqual(core);
  });

  test('is stricter at once, and its objects follow under new keys; nothing of the old stays', async () => {
    const id = await receive(scene, '01-enquiry');
    await advanceRecord(pipeline, id, FIRST);
    await destroyQuarantine(pipeline, id);
    const before = await scene.objects(id);
    expect(await reclassifyRecord(pipeline, id, change('core'))).toBe('done');
    expect(await callTier(id)).toBe('core');
    const kept = await scene.read(before.find((one) => one.purpose === 'redacted') as never);
    // Whichever write or read-back fails, the next run ends where it belongs.
    for (let at = 1; ; at += 1) {
      Object.assign(faults, { at, calls: 0 });
      const failed = await moveRecord(pipeline, id).then(
        () => false,
        () => true,
      );
      if (!failed) break;
      expect((await scene.objects(id)).map((one) => one.pool)).not.toContain('core');
    }
    const after = await scene.objects(id);
    for (const object of after) {
      expect(object.pool).toBe(object.purpose === 'record-key' ? 'basic' : 'core');
    }
    expect(after.map((one) => one.purpose).sort()).toEqual(before.map((one) => one.purpose).sort());
    const redacted = after.find((one) => one.purpose === 'redacted');
    expect(await scene.read(redacted as never)).toEqual(kept);
    const manifest = after.find((one) => one.purpose === 'manifest');
    const told = JSON.parse((await scene.read(manifest as never)).toString());
    expect(told).toMatchObject({ tier: 'core', version: 2, retention: expect.anything() });
    await expectNoStrays(scene, id);
    await moveRecord(pipeline, id);
    expect(await scene.objects(id)).toEqual(after);
    const cases = await scene.database.db.selectFrom('record_case').selectAll().execute();
    expect(cases.map((one) => one.record_id)).toContain(id);
  });

  test('is less strict only when a second person asks for the same', async () => {
    const id = await receive(scene, ID_CALL);
    await advanceRecord(pipeline, id, FIRST);
    expect(await reclassifyRecord(pipeline, id, change('basic'))).toBe('awaits-second-person');
    expect(await reclassifyRecord(pipeline, id, change('basic'))).toBe('awaits-second-person');
    expect(await callTier(id)).toBe('sensitive');
    const other = 'q'.repeat(32);
    expect(await reclassifyRecord(pipeline, id, change('core', other))).toBe(
      'awaits-second-person',
    );
    // The same account under a new person number is nobody else.
    expect(await reclassifyRecord(pipeline, id, change('core'))).toBe('awaits-second-person');
    const colleague = { ...change('core', other), actor: { id: 'deputy', role: 'compliance' } };
    expect(await reclassifyRecord(pipeline, id, colleague)).toBe('done');
    expect(await callTier(id)).toBe('core');
    const same = reclassifyRecord(pipeline, id, change('core'));
    await expect(same).rejects.toMatchObject({ code: 'TIER_UNCHANGED' });
  });
});
