import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { moveRecord } from '../move-record.ts';
import { fieldsCanary } from './canaries.testing.ts';
import { type DisposalScene, disposalScene, RUN } from './disposal-scene.testing.ts';
import { disposeRecord } from './dispose-record.ts';
import { settleDestructions } from './settle-destructions.ts';

const TODAY = '2026-11-20';
let on: DisposalScene;
let id: RecordId;
beforeEach(async () => {
  on = await disposalScene();
  id = await on.archive('06-dispute');
});
afterEach(() => on.scene.close());

const dispose = (recordId = id) => disposeRecord(on.deps, recordId, { runId: RUN });
/** Files of the record at all sites, envelopes and bytes. */
async function files(): Promise<string[]> {
  const { db } = on.scene.database;
  const rows = await db
    .selectFrom('sealed_object')
    .select('id')
    .where('record_id', '=', id)
    .execute();
  const { files: all } = await on.scene.inventory();
  return all.filter((file) => rows.some((row) => file.includes(row.id)));
}

test('a record that no term was given, or that is open ended, is kept', async () => {
  const { db } = on.scene.database;
  await on.term(id, { keepUntil: TODAY });
  await db.updateTable('record_term').set({ open_ended: true, due_on: null }).execute();
  expect(await dispose()).toMatchObject({ why: { by: 'minimum', openEnded: true } });
  await db.deleteFrom('record_term').execute();
  expect(await dispose()).toMatchObject({ why: { by: 'unknown' } });
});

test('of a disposed record nothing is left at any site, in any search or any table, and the ledger says so', async () => {
  const other = await on.archive('01-enquiry');
  await on.term(id, { keepUntil: TODAY });
  const canary = await fieldsCanary(on.scene, id);
  expect(await files()).not.toEqual([]);
  expect(await dispose()).toMatchObject({ state: 'disposed' });
  expect(await settleDestructions(on.deps)).toMatchObject({ left: 0 });
  expect(await files()).toEqual([]);
  expect(await canary.found()).toEqual([]);
  const told = on.scene.entries.filter(({ resource }) => resource === id);
  expect(told.slice(-2).map(({ action }) => action)).toEqual([
    'record.dispose',
    'record.unreadable',
  ]);
  const { db } = on.scene.database;
  const row = await db.selectFrom('disposal').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ record_id: id, ground: 'policy', keep_until: TODAY });
  expect(told.at(-2)?.detail).toMatchObject({ run: RUN, digest: row.digest, ground: 'policy' });
  expect(row.unreadable_at).not.toBeNull();
  expect(JSON.parse(row.facts)).toMatchObject({ format: 'voxkeep/disposal/v1', recordId: id });
  // The neighbour opens as before.
  for (const object of await on.scene.objects(other)) {
    if (object.purpose !== 'record-key') await on.scene.read(object);
  }
});

test('the same call is not taken in again', async () => {
  await on.term(id, { keepUntil: TODAY });
  await dispose();
  await expect(on.archive('06-dispute')).rejects.toSatisfy((error) =>
    hasCode(error, 'RECORD_DISPOSED'),
  );
});

test('run again, it changes nothing and says nothing', async () => {
  await on.term(id, { keepUntil: TODAY });
  await dispose();
  const before = on.scene.entries.length;
  expect(await dispose()).toEqual({ state: 'disposed' });
  expect(on.scene.entries).toHaveLength(before);
});

test('broken off before its end, nothing is gone; after it, the rest is done by whoever comes next', async () => {
  await on.term(id, { keepUntil: TODAY });
  const all = await files();
  on.scene.faults.beforeCommit = () => Promise.reject(new Error('the ledger is away'));
  await expect(dispose()).rejects.toThrow();
  expect([await on.stateOf(id), await files()]).toEqual(['archived', all]);
  delete on.scene.faults.beforeCommit;
  await dispose();
  for (let nth = 1; (await files()).length > 0; nth += 1) {
    let calls = 0;
    const { destroyAt } = on.deps.vault;
    const vault = {
      ...on.deps.vault,
      destroyAt: async (...args: Parameters<typeof destroyAt>) => {
        calls += 1;
        if (calls > 3) throw new Error('killed');
        return destroyAt(...args);
      },
    };
    await settleDestructions({ ...on.deps, vault });
    expect(nth).toBeLessThan(30);
    on.scene.clock.set(new Date(on.scene.clock.now().getTime() + 3_600_000));
  }
  await settleDestructions(on.deps);
  const { db } = on.scene.database;
  expect(await db.selectFrom('pending_destruction').selectAll().execute()).toEqual([]);
  const told = on.scene.entries.filter(({ action }) => action === 'record.unreadable');
  expect(told).toHaveLength(1);
});

test('a site that is away has its part destroyed when it comes back; until then the record is not called unreadable', async () => {
  await on.term(id, { keepUntil: TODAY });
  const branch = join(on.scene.folder, 'sites', 'branch');
  await rename(branch, `${branch}.away`);
  await dispose();
  const first = await settleDestructions(on.deps);
  expect(first.left).toBeGreaterThan(3);
  const { db } = on.scene.database;
  const unreadable = async () =>
    (await db.selectFrom('disposal').select('unreadable_at').executeTakeFirstOrThrow())
      .unreadable_at;
  expect(await unreadable()).toBeNull();
  await rename(`${branch}.away`, branch);
  expect((await files()).every((file) => file.includes('/branch/'))).toBe(true);
  expect(await settleDestructions(on.deps)).toEqual({ destroyed: 0, left: 0 });
  await settleDestructions(on.deps, { site: 'branch' });
  expect(await files()).toEqual([]);
  expect(await unreadable()).not.toBeNull();
});

test('an anonymised call is counted with its kind, a deleted one is not', async () => {
  const second = await on.archive('01-enquiry');
  const { db } = on.scene.database;
  for (const recordId of [id, second]) await on.term(recordId, { keepUntil: TODAY });
  const how = (recordId: string, word: string) =>
    sql`update record_term set why = why || jsonb_build_object('how', ${word}::text)
      where record_id = ${recordId}`.execute(db);
  await how(id, 'anonymise');
  await how(second, 'delete');
  await dispose();
  await dispose(second);
  const counts = await db.selectFrom('disposed_call_count').selectAll().execute();
  expect(counts).toHaveLength(1);
  expect(counts[0]).toMatchObject({ tier: 'core', calls: '1', channel: 'voice' });
  expect(counts[0]?.month).toMatch(/-01$/);
});

test('of a hold and a disposal at the same moment one comes first, and the other sees it', async () => {
  const { db } = on.scene.database;
  const outcomes = { held: 0, late: 0 };
  for (let pair = 0; pair < 60; pair += 1) {
    const recordId = `0198a1b2-0000-7000-8000-${String(pair).padStart(12, '0')}` as RecordId;
    await on.another(id, recordId);
    await on.term(recordId, { keepUntil: TODAY });
    const placed = db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('record')
        .select('state')
        .where('id', '=', recordId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (row.state === 'disposed') return false;
      await tx
        .insertInto('held_record')
        .values({ record_id: recordId, hold_id: RUN, held_at: new Date() })
        .execute();
      return true;
    });
    const [held, done] = await Promise.all(
      pair % 2 === 0 ? [placed, dispose(recordId)] : [placed, dispose(recordId)].toReversed(),
    ).then((both) => (pair % 2 === 0 ? both : both.toReversed()) as [boolean, { state: string }]);
    expect([held, done.state]).toEqual(held ? [true, 'kept'] : [false, 'disposed']);
    outcomes[held ? 'held' : 'late'] += 1;
  }
  expect(outcomes.held + outcomes.late).toBe(60);
});

test('while longer rules are on their way to it, and after an erasure was taken back, it stays', async () => {
  const { db } = on.scene.database;
  await on.term(id, { keepUntil: TODAY, dueOn: '2099-01-01' });
  await on.restrict(id, 'erasure');
  const request = { kind: 'erasure', state: 'withdrawn', sealed: Buffer.alloc(1) };
  const { cause_id } = await db
    .selectFrom('record_restriction')
    .select('cause_id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('subject_request')
    .values({
      ...{ id: cause_id, ...request, received_on: TODAY, answer_by: TODAY },
      ...{ entered_by: 'officer', entered_person: 'p', entered_at: new Date() },
    })
    .execute();
  expect(await dispose()).toMatchObject({ why: { by: 'not-due' } });
  await db.updateTable('subject_request').set({ state: 'granted' }).execute();
  const rules = { rules: 'version: 1', digest: 'd', actor_id: 'officer', in_force_at: new Date() };
  await db
    .insertInto('retention_rules')
    .values({ number: 99, ...rules, reached: null, ended_at: null })
    .execute();
  expect(await dispose()).toMatchObject({ why: { by: 'unknown' } });
  await db.updateTable('record_term').set({ rules: 99 }).execute();
  expect(await dispose()).toMatchObject({ state: 'disposed' });
});

test('a record that moves to another pool while it is disposed of leaves nothing behind', async () => {
  await on.term(id, { keepUntil: TODAY });
  const { db } = on.scene.database;
  await db.updateTable('record').set({ tier: 'sensitive' }).where('id', '=', id).execute();
  const { vault } = on.pipeline;
  let gone = false;
  const verify: typeof vault.verify = async (...args) => {
    if (!gone) expect(await dispose()).toMatchObject({ state: 'disposed' });
    gone = true;
    return vault.verify(...args);
  };
  await expect(moveRecord({ ...on.pipeline, vault: { ...vault, verify } }, id)).rejects.toThrow(
    'disposed',
  );
  await settleDestructions(on.deps);
  const { files: all } = await on.scene.inventory();
  expect(all.filter((file) => /\.vk[eo]$/.test(file))).toEqual([]);
});
