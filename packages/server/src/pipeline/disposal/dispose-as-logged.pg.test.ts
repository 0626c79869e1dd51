import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import { type DisposalScene, disposalScene, RUN } from './disposal-scene.testing.ts';
import { disposeAsLogged } from './dispose-as-logged.ts';
import { settleDestructions } from './settle-destructions.ts';

let house: DisposalScene;
let id: RecordId;
let kept: RecordId;

beforeEach(async () => {
  house = await disposalScene();
  id = await house.archive('06-dispute');
  kept = await house.archive('01-enquiry');
});
afterEach(() => house.scene.close());

const db = () => house.scene.database.db;
let entries = 0;
/** As it comes back from a site, or as this catalog wrote it. */
async function logged(
  action: string,
  resource: string,
  detail: Record<string, string>,
  outboxId: string | null = null,
): Promise<void> {
  entries += 1;
  const at = new Date('2026-10-01T00:00:00Z');
  await db()
    .insertInto('ledger_entry')
    .values({
      ...{ index: String(entries), outbox_id: outboxId, at, sequenced_at: at, action, resource },
      ...{ actor_id: 'archive', actor_role: 'system', outcome: 'ok', bytes: Buffer.from('{}') },
      ...{ purpose_category: null, request_id: null, detail: JSON.stringify(detail) },
    })
    .execute();
}
const DISPOSED = { run: RUN, how: 'delete', ground: 'policy', rule: 'tier-core', digest: 'dabc' };

test('a record that the ledger knows as disposed of is so in a catalog that did not know it, and its objects go', async () => {
  await logged('record.dispose', id, { ...DISPOSED, keepUntil: '2026-09-01' });
  expect(await disposeAsLogged(house.deps)).toBe(1);
  expect([await house.stateOf(id), await house.stateOf(kept)]).toEqual(['disposed', 'archived']);
  expect(await house.scene.objects(id)).toEqual([]);
  for (const table of ['call', 'call_text'] as const) {
    const rows = await db().selectFrom(table).select('id').execute();
    expect(rows).toEqual([{ id: kept }]);
  }
  expect(await db().selectFrom('disposal').selectAll().execute()).toMatchObject([
    { record_id: id, run_id: RUN, digest: 'dabc', keep_until: '2026-09-01', unreadable_at: null },
  ]);
  await settleDestructions(house.deps);
  const [row] = await db().selectFrom('disposal').select('unreadable_at').execute();
  expect(row?.unreadable_at).toBeInstanceOf(Date);
  const again = house.scene.entries.filter(({ action }) => action === 'record.redispose');
  expect(again).toMatchObject([{ resource: id, outcome: 'ok' }]);
  expect(await disposeAsLogged(house.deps)).toBe(0);
});

test('a single object that was destroyed is not kept alive by an older catalog', async () => {
  const [object, ...others] = await house.scene.objects(id);
  await logged('object.destroy', id, { object: object?.id ?? '' });
  expect(await disposeAsLogged(house.deps)).toBe(1);
  expect((await house.scene.objects(id)).map((one) => one.id)).toEqual(others.map((one) => one.id));
  expect(await house.stateOf(id)).toBe('archived');
  const { destroyed } = await settleDestructions(house.deps);
  expect(destroyed).toBe(3);
});

test('what this catalog wrote itself is not looked at, nor a refusal', async () => {
  await logged('record.dispose', id, DISPOSED, '77');
  expect(await disposeAsLogged(house.deps)).toBe(0);
  expect(await house.stateOf(id)).toBe('archived');
});
