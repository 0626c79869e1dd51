import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SearchQuery } from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blindIndex, type IndexKeys, phoneIndexes, tokenHash } from '../../core/blind-index.ts';
import type { RecordId } from '../../core/ids.ts';
import { openIndexEpochs } from '../../index/index.ts';
import { searchCalls } from '../../serve/search/index.ts';
import { reindexCalls } from './reindex-calls.ts';
import {
  archived,
  FAST,
  type RotationScene,
  rotationScene,
  SITES,
} from './rotation-scene.testing.ts';

const by = { actor: { id: 'operator-1', role: 'operator' }, requestId: 'r1' };
const PHONE = '13800009037';
const ACCOUNT = 'LT20931177';
const TICKET = 'TK-20261106-0031';
let house: RotationScene;

beforeEach(async () => {
  house = await rotationScene();
});
afterEach(() => house.close());

const db = () => house.scene.database.db;
async function found(query: Record<string, string>): Promise<string[]> {
  const { hits } = await searchCalls(db(), {
    ...{ query: SearchQuery.parse(query), access: sql<boolean>`true`, keys: house.deps.index },
    ...{ timeZone: 'Asia/Shanghai', openFields: async () => new Map() },
  });
  return hits.map(({ id }) => id);
}
/** In every way in which the first call is found by what is personal or said. */
const ways = async () =>
  Promise.all([
    found({ phone: PHONE }),
    found({ phone: PHONE.slice(-4) }),
    found({ phone: `138****${PHONE.slice(-4)}` }),
    found({ ticket: TICKET }),
    found({ text: '乐淘商城' }),
    found({ text: '乐淘商城', ticket: TICKET }),
  ]);
const everyWay = (id: string) => Array.from({ length: 6 }, () => [id]);
const epochsOfCalls = async () => {
  const rows = await db().selectFrom('call').select(['id', 'index_epoch']).orderBy('id').execute();
  return rows.map((row) => row.index_epoch);
};
/** The keys as somebody has them who copied them in time. */
const copied = (keys: IndexKeys): IndexKeys => ({
  ...keys,
  phone: Buffer.from(keys.phone),
  text: Buffer.from(keys.text),
  account: Buffer.from(keys.account),
});
/** What of the first call can be guessed with these keys. */
async function guessed(keys: IndexKeys): Promise<string[]> {
  const phone = phoneIndexes(keys.phone, PHONE);
  const { rows } = await sql<{ what: string }>`
    select 'phone' as what from call where phone_index = ${String(phone?.full)}::bigint
      or phone_last4_index = ${String(phone?.last4)}::bigint
      or phone_masked_index = ${String(phone?.masked)}::bigint
    union all select 'account' from call
      where account_index = ${String(blindIndex(keys.account, 'account', ACCOUNT))}::bigint
    union all select 'ticket' from call_ticket
      where ticket_index = ${String(blindIndex(keys.account, 'ticket', TICKET))}::bigint
    union all select 'text' from call_text
      where tokens @> ${[tokenHash(keys.text, '乐淘')]}::int4[]`.execute(db());
  return rows.map(({ what }) => what).sort();
}

test('every call is found before, during and after its index is made anew, and never twice', async () => {
  const rotation = await house.open();
  expect(await ways()).toEqual(everyWay(house.recordId));
  await rotation.begin(by);
  const later = await archived(house.scene, house.pipeline, '02-equipment-fault');
  // Both calls came in at the same moment: in which order is chance.
  expect((await epochsOfCalls()).toSorted()).toEqual([1, 2]);
  expect(await ways()).toEqual(everyWay(house.recordId));
  await rotation.work(FAST);
  expect(await epochsOfCalls()).toEqual([2, 2]);
  expect(await ways()).toEqual(everyWay(house.recordId));
  house.scene.clock.set('2026-11-20T02:00:00Z');
  await (await house.open()).finish(by);
  expect(house.deps.index.held).toHaveLength(1);
  expect(await ways()).toEqual(everyWay(house.recordId));
  expect((await found({})).sort()).toEqual([house.recordId, later].sort());
});

test('the new index tells nothing to who has the old keys, and the old one nothing to who has the new', async () => {
  const old = copied(house.deps.index.current);
  const all = ['account', 'phone', 'text', 'ticket'];
  expect(await guessed(old)).toEqual(all);
  const rotation = await house.open();
  await rotation.begin(by);
  expect(await guessed(house.deps.index.current)).toEqual([]);
  await rotation.work(FAST);
  expect(await guessed(old)).toEqual([]);
  expect(await guessed(house.deps.index.current)).toEqual(all);
});

test('old index keys end with their epoch: they are neither held nor in memory nor in the folder', async () => {
  const { scene, deps } = house;
  const [old] = deps.index.held;
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  scene.clock.set('2026-11-20T02:00:00Z');
  expect(await (await house.open()).finish(by)).toEqual(['2026']);
  expect(scene.keys.indexEpochs()).toEqual(['2026.2']);
  expect(old?.phone).toEqual(Buffer.alloc(32));
  const again = await openIndexEpochs({ db: db(), clock: scene.clock, keys: scene.keys });
  expect([again.current.epoch, again.held.length]).toEqual([2, 1]);
});

test('broken off, it goes on where it was; while no site answers nothing is lost and nothing ends', async () => {
  await archived(house.scene, house.pipeline, '02-equipment-fault');
  const rotation = await house.open();
  await rotation.begin(by);
  const stop = new AbortController();
  stop.abort();
  await reindexCalls(house.deps, { perSecond: 1000, signal: stop.signal });
  const folder = (site: string) => join(house.scene.folder, 'sites', site);
  for (const site of SITES) await rename(folder(site), `${folder(site)}.away`);
  house.scene.keyRoom.dropAll();
  await expect(reindexCalls(house.deps, FAST)).rejects.toMatchObject({ code: 'SITE_UNREACHABLE' });
  expect((await rotation.reindex()).endedAt).toBeUndefined();
  expect(await epochsOfCalls()).toEqual([1, 1]);
  for (const site of SITES) await rename(`${folder(site)}.away`, folder(site));
  await rotation.work(FAST);
  expect(await rotation.reindex()).toMatchObject({ seen: 2, rebuilt: 2, unopened: 0 });
  expect((await rotation.reindex()).endedAt).toBeDefined();
});

test('a call that was being indexed when the epoch began is brought over before the old keys go', async () => {
  const old = copied(house.deps.index.current);
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  const row = { phone_index: phoneIndexes(old.phone, PHONE)?.full.toString() ?? null };
  await db()
    .updateTable('call')
    .set({ ...row, index_epoch: 1 })
    .execute();
  expect(await found({ phone: PHONE })).toEqual([house.recordId]);
  house.scene.clock.set('2026-11-20T02:00:00Z');
  await (await house.open()).finish(by);
  expect(await epochsOfCalls()).toEqual([2]);
  expect(await found({ phone: PHONE })).toEqual([house.recordId]);
});

test('a call that is indexed anew or leaves the index meanwhile stays as it is then', async () => {
  const rotation = await house.open();
  await rotation.begin(by);
  const { open } = house.deps.vault;
  const values = { phone_index: '7', index_epoch: 2 };
  house.deps.vault = {
    async open(object) {
      await db().updateTable('call').set(values).execute();
      return open(object);
    },
  };
  await reindexCalls(house.deps, FAST);
  const [call] = await db().selectFrom('call').select(['phone_index']).execute();
  expect(call).toEqual({ phone_index: '7' });
  await db().updateTable('call').set({ index_epoch: 1 }).execute();
  house.deps.vault = {
    async open(object) {
      await db().deleteFrom('call').execute();
      await db().deleteFrom('call_text').execute();
      await db().deleteFrom('call_ticket').execute();
      return open(object);
    },
  };
  await reindexCalls(house.deps, { ...FAST, anew: true });
  expect(await db().selectFrom('call_ticket').selectAll().execute()).toEqual([]);
});

test('what no site can open any more is counted, and found in other ways still', async () => {
  const lost = house.recordId as RecordId;
  const manifest = (await house.objects()).find(({ purpose }) => purpose === 'manifest');
  if (manifest === undefined) throw new Error('no manifest');
  const rotation = await house.open();
  await rotation.begin(by);
  await house.scene.keyRoom.destroyKey({ ...manifest, objectId: manifest.id });
  await reindexCalls(house.deps, FAST);
  expect(await rotation.reindex()).toMatchObject({ seen: 1, rebuilt: 0, unopened: 1 });
  expect(await found({})).toEqual([lost]);
});

test('keys from an older bundle: what was indexed in an epoch that is lost is indexed in one that is held', async () => {
  const { scene } = house;
  const before = copied(house.deps.index.current);
  const rotation = await house.open();
  await rotation.begin(by);
  await rotation.work(FAST);
  const keys = {
    indexEpochs: () => ['2026'],
    makeIndexKeys: async () => undefined,
    indexSecret: (name: string) => before[name.replace('-index', '') as 'phone'],
  };
  house.deps.index = await openIndexEpochs({ db: db(), clock: scene.clock, keys });
  expect(await found({ phone: PHONE })).toEqual([]);
  await reindexCalls(house.deps, FAST);
  expect(await ways()).toEqual(everyWay(house.recordId));
});
