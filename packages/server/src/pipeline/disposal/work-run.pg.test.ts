import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../core/canonical-json.ts';
import { ARCHIVE_ID } from '../../intake/intake-scene.testing.ts';
import { TestAuthenticator } from '../../keys/warrants/authenticator.testing.ts';
import { approveRun, proposeRun, rejectRun, steerRun } from '../../retire/disposal/index.ts';
import { type DisposalScene, disposalScene } from './disposal-scene.testing.ts';
import { workRun } from './work-run.ts';

const TODAY = '2026-11-20';
const uuid = (n: number) => `0198a1b2-0000-7000-8000-${String(n).padStart(12, '0')}`;
const officer = (n: number, role = 'approver') => ({
  ...{ actorId: uuid(900 + n), role, personRef: String(n).padStart(32, 'a') },
});
const compliance = officer(9, 'compliance');
let on: DisposalScene;
const devices = new Map<string, TestAuthenticator>();

beforeEach(async () => {
  on = await disposalScene(2);
  const first = await on.archive('01-enquiry');
  for (let n = 1; n <= 4; n += 1) {
    await on.another(first, uuid(n));
    await on.term(uuid(n), { keepUntil: TODAY });
  }
  for (const one of [compliance, officer(1), officer(2), officer(3)]) await enrol(one);
});
afterEach(() => on.scene.close());

async function enrol({ actorId, role, personRef }: ReturnType<typeof officer>): Promise<void> {
  const device = new TestAuthenticator();
  devices.set(actorId, device);
  const { credentialId, publicKey } = device;
  const canonical = canonicalJson({
    ...{ format: 'voxkeep/passkey/v1', archiveId: ARCHIVE_ID, passkeyId: uuid(randomInt(1e9)) },
    ...{ owner: { account: actorId, role, person: personRef }, credentialId, publicKey },
  });
  const people = ['f', 'e'].map((letter) => letter.repeat(32));
  await on.scene.warrants.enrol(canonical, { people }, on.scene.clock.now());
}
const canonicalOf = async (id: string) => {
  const row = await on.scene.database.db
    .selectFrom('disposal_run')
    .select('canonical')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.canonical ?? '';
};
const sign = async (n: number, id: string, by = officer(n)) => {
  const assertion = devices.get(by.actorId)?.sign(await canonicalOf(id));
  if (assertion === undefined) throw new Error('no device');
  await approveRun(on.deps, by, { id, assertion }, 'r1');
};
const propose = async () => (await proposeRun(on.deps, { officer: compliance })) as string;
const runOf = (id: string) =>
  on.scene.database.db
    .selectFrom('disposal_run')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
const states = async () =>
  Promise.all([1, 2, 3, 4].map((n) => on.stateOf(uuid(n)))).then((all) => all.join(' '));

test('a long list waits for two approvers; nothing goes before the second has signed', async () => {
  const id = await propose();
  expect(await workRun(on.deps, id)).toEqual({ disposed: 0, kept: 0 });
  await sign(1, id);
  expect(await workRun(on.deps, id)).toEqual({ disposed: 0, kept: 0 });
  expect(await states()).toBe('archived archived archived archived');
  await sign(2, id);
  expect(await workRun(on.deps, id)).toEqual({ disposed: 4, kept: 0 });
  expect(await states()).toBe('disposed disposed disposed disposed');
  expect((await runOf(id)).state).toBe('done');
  const acts = on.scene.entries.filter(({ action }) => action.startsWith('disposal.'));
  expect(acts.map(({ action }) => action)).toEqual([
    ...['disposal.propose', 'disposal.approve', 'disposal.approve', 'disposal.end'],
  ]);
  expect(on.told).toEqual([
    ['disposal.proposed', { roles: ['approver'], except: [compliance.actorId] }],
  ]);
});

test('nobody signs twice, for their own list, or with another’s passkey', async () => {
  const id = await propose();
  await sign(1, id);
  await expect(sign(1, id)).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
  const twin = { ...officer(2), personRef: officer(1).personRef };
  await expect(sign(2, id, twin)).rejects.toMatchObject({ code: 'SAME_PERSON' });
  await expect(sign(9, id, compliance)).rejects.toMatchObject({ code: 'OWN_REQUEST' });
  const foreign = devices.get(officer(3).actorId)?.sign(await canonicalOf(id));
  if (foreign === undefined) throw new Error('no device');
  await expect(
    approveRun(on.deps, officer(2), { id, assertion: foreign }, 'r1'),
  ).rejects.toMatchObject({ code: 'SAME_PERSON' });
  const other = devices.get(officer(2).actorId)?.sign('another text');
  if (other === undefined) throw new Error('no device');
  await expect(
    approveRun(on.deps, officer(2), { id, assertion: other }, 'r1'),
  ).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  expect((await runOf(id)).state).toBe('proposed');
});

test('a list that was changed after it was signed, or that a row calls approved, disposes of nothing', async () => {
  const id = await propose();
  await sign(1, id);
  await sign(2, id);
  const { db } = on.scene.database;
  const first = await on.archive('06-dispute');
  await db
    .insertInto('disposal_item')
    .values({
      ...{ run_id: id, record_id: first, ground: 'policy', rule: 'x', tier: 'core' },
      state: 'planned',
    })
    .execute();
  await expect(workRun(on.deps, id)).rejects.toMatchObject({ code: 'DISPOSAL_NOT_SIGNED' });
  await db.deleteFrom('disposal_item').where('record_id', '=', first).execute();
  await db.updateTable('disposal_decision').set({ assertion: null }).execute();
  await expect(workRun(on.deps, id)).rejects.toMatchObject({ code: 'SIGNERS_WRONG' });
  await db.updateTable('disposal_run').set({ canonical: null }).execute();
  await expect(workRun(on.deps, id)).rejects.toMatchObject({ code: 'DISPOSAL_NOT_SIGNED' });
  expect(await states()).toBe('archived archived archived archived');
});

test('few that are due go by themselves; chosen ones never do', async () => {
  for (const n of [3, 4]) await on.hold(uuid(n));
  const id = (await proposeRun(on.deps, {})) as string;
  expect(await runOf(id)).toMatchObject({ state: 'approved', records: 2, proposed_by: 'archive' });
  expect(await workRun(on.deps, id)).toEqual({ disposed: 2, kept: 0 });
  await on.scene.database.db.deleteFrom('held_record').execute();
  const chosen = await proposeRun(on.deps, { officer: compliance, recordIds: [uuid(3)] });
  expect(await runOf(chosen as string)).toMatchObject({ state: 'proposed', records: 1 });
});

test('a record that may not go cannot be chosen, and what a list has is in no other', async () => {
  await on.hold(uuid(1));
  await expect(
    proposeRun(on.deps, { officer: compliance, recordIds: [uuid(1), uuid(2)] }),
  ).rejects.toMatchObject({ code: 'DISPOSAL_NOT_DUE', field: 'body/recordIds' });
  await propose();
  await expect(propose()).rejects.toMatchObject({ code: 'DISPOSAL_NOTHING_DUE' });
  expect(await proposeRun(on.deps, {})).toBeUndefined();
});

test('what is held or kept longer meanwhile is left, with the reason; the rest goes', async () => {
  const id = await propose();
  await sign(1, id);
  await sign(2, id);
  await on.hold(uuid(2));
  await on.term(uuid(3), { keepUntil: '2030-01-01' });
  expect(await workRun(on.deps, id)).toEqual({ disposed: 2, kept: 2 });
  const { db } = on.scene.database;
  const kept = await db
    .selectFrom('disposal_item')
    .select(['record_id', 'why'])
    .where('state', '=', 'deferred')
    .orderBy('record_id')
    .execute();
  expect(kept).toEqual([
    { record_id: uuid(2), why: 'hold' },
    { record_id: uuid(3), why: 'minimum' },
  ]);
  // Freed, it is due again.
  await db.deleteFrom('held_record').execute();
  const again = (await proposeRun(on.deps, {})) as string;
  expect((await runOf(again)).records).toBe(1);
});

test('pauses after the record under way, goes on where it was, and stops for good', async () => {
  const id = await propose();
  await sign(1, id);
  await sign(2, id);
  let gone = 0;
  const paced = async () => {
    gone += 1;
    if (gone === 2) await steerRun(on.deps, compliance, { id, to: 'pause' }, 'r1');
  };
  expect(await workRun({ ...on.deps, paced }, id)).toEqual({ disposed: 2, kept: 0 });
  expect((await runOf(id)).state).toBe('paused');
  expect(await workRun(on.deps, id)).toEqual({ disposed: 0, kept: 0 });
  await steerRun(on.deps, compliance, { id, to: 'resume' }, 'r1');
  const stop = new AbortController();
  const once = async () => stop.abort();
  expect(await workRun({ ...on.deps, paced: once }, id, stop.signal)).toMatchObject({
    disposed: 1,
  });
  await steerRun(on.deps, compliance, { id, to: 'stop' }, 'r1');
  expect(await workRun(on.deps, id)).toEqual({ disposed: 0, kept: 0 });
  expect(await states()).toBe('disposed disposed disposed archived');
  await expect(steerRun(on.deps, compliance, { id, to: 'resume' }, 'r1')).rejects.toMatchObject({
    code: 'DISPOSAL_RUN_STATE',
  });
});

test('one rejection ends a list, and a week without a decision does', async () => {
  const id = await propose();
  await rejectRun(on.deps, officer(1), { id, reason: '仍有争议' }, 'r1');
  expect((await runOf(id)).state).toBe('refused');
  await expect(sign(2, id)).rejects.toMatchObject({ code: 'DISPOSAL_RUN_STATE' });
  const second = await propose();
  on.scene.clock.set('2026-11-28T01:00:00Z');
  await expect(sign(1, second)).rejects.toMatchObject({ code: 'DISPOSAL_OVER' });
});

test('what a person proposes always takes two, and a long list cut into short ones is a long list', async () => {
  for (const n of [3, 4]) await on.hold(uuid(n));
  const id = await propose();
  expect(await runOf(id)).toMatchObject({ state: 'proposed', records: 2 });
  await steerRun(on.deps, compliance, { id, to: 'stop' }, 'r1');
  const alone = (await proposeRun(on.deps, {})) as string;
  expect(await runOf(alone)).toMatchObject({ state: 'approved', records: 2 });
  await workRun(on.deps, alone);
  await on.scene.database.db.deleteFrom('held_record').execute();
  const next = (await proposeRun(on.deps, {})) as string;
  expect(await runOf(next)).toMatchObject({ state: 'proposed', records: 2 });
});

test('a record that cannot be disposed of now does not keep the others', async () => {
  const id = await propose();
  await sign(1, id);
  await sign(2, id);
  const gate = {
    ...on.deps.gate,
    catches: async (...args: Parameters<typeof on.deps.gate.catches>) => {
      if (args[1] === uuid(2)) throw new Error('a search that does not end');
      return on.deps.gate.catches(...args);
    },
  };
  expect(await workRun({ ...on.deps, gate }, id)).toEqual({ disposed: 3, kept: 1 });
  expect(await states()).toBe('disposed archived disposed disposed');
});
