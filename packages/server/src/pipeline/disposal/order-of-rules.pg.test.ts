import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import { viewDue } from '../../retire/disposal/index.ts';
import { type DisposalScene, disposalScene, RUN } from './disposal-scene.testing.ts';
import { disposeRecord } from './dispose-record.ts';

const TODAY = '2026-11-20';
let on: DisposalScene;
let first: RecordId;
let made = 0;
beforeAll(async () => {
  on = await disposalScene();
  first = await on.archive('06-dispute');
});
afterAll(() => on.scene.close());

/** Rows of another record that is like the first. */
async function another(): Promise<RecordId> {
  made += 1;
  const id = `0198a1b2-0000-7000-8000-${String(made).padStart(12, '0')}` as RecordId;
  await on.another(first, id);
  return id;
}

type Case = [
  minimum: 'over' | 'runs',
  more: { held?: boolean; due?: boolean; max?: boolean; by?: 'erasure' | 'closure' },
  outcome: string,
];
test.each<Case>([
  ['runs', {}, 'minimum'],
  ['runs', { by: 'erasure' }, 'minimum'],
  ['runs', { max: true }, 'minimum'],
  ['over', {}, 'not-due'],
  ['over', { due: true }, 'policy'],
  ['over', { max: true }, 'maximum'],
  ['over', { max: true, due: true }, 'maximum'],
  ['over', { by: 'closure', max: true }, 'closure'],
  ['over', { by: 'erasure', max: true }, 'erasure'],
  ['over', { held: true, by: 'erasure', max: true, due: true }, 'hold'],
  ['runs', { held: true }, 'hold'],
])(
  'hold > minimum > erasure > maximum > cost: minimum %s, %j: %s',
  async (minimum, more, outcome) => {
    const { held = false, due = false, max = false, by } = more;
    const id = await another();
    await on.term(id, {
      keepUntil: minimum === 'over' ? TODAY : '2026-11-21',
      dueOn: due ? TODAY : '2027-01-01',
      ...(max ? { atMost: TODAY } : {}),
    });
    if (held) await on.hold(id);
    if (by !== undefined) await on.restrict(id, by);
    const done = await disposeRecord(on.deps, id, { runId: RUN });
    const row = await on.scene.database.db
      .selectFrom('disposal')
      .select('ground')
      .where('record_id', '=', id)
      .executeTakeFirst();
    expect(done.state === 'kept' ? done.why.by : row?.ground).toBe(outcome);
    expect(await on.stateOf(id)).toBe(done.state === 'kept' ? 'archived' : 'disposed');
  },
);

test('what is past its maximum, held and restricted is counted beside what is due', async () => {
  const counts = async () => {
    const nextLook = () => undefined;
    const texts = { open: (_id: string, sealed: Buffer) => sealed };
    const { overdue, held, restricted } = await viewDue({ ...on.deps, nextLook, texts });
    return { overdue, held, restricted };
  };
  const before = await counts();
  const late = { keepUntil: TODAY, dueOn: TODAY, atMost: TODAY };
  const [plain, kept, shut] = [await another(), await another(), await another()];
  for (const id of [plain, kept, shut]) await on.term(id, late);
  await on.hold(kept);
  await on.restrict(shut, 'closure');
  await on.scene.database.db
    .updateTable('record')
    .set({ state: 'restricted' })
    .where('id', '=', shut)
    .execute();
  expect(await counts()).toEqual({
    overdue: before.overdue + 2,
    held: before.held + 1,
    restricted: before.restricted + 1,
  });
});
