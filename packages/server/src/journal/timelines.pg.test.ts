import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Db } from '../core/database.ts';
import { beginAnew } from '../pipeline/resume-after-recovery.ts';
import {
  fillTables,
  type JournalScene,
  journalScene,
  wholeCatalog,
} from './journal-scene.testing.ts';
import type { JournalStore } from './ports.ts';
import { pruneJournal } from './prune-journal.ts';
import { writeSegment } from './write-segment.ts';
import { writeSnapshot } from './write-snapshot.ts';

const BRANCH = 1;

let scene: JournalScene;
beforeEach(async () => {
  scene = await journalScene();
  for (const n of [1, 2]) await fillTables(scene.db, n);
  await twoCopies(scene.db);
  await drain(scene);
  await writeSnapshot(scene.writer);
  await fillTables(scene.db, 3);
  await drain(scene);
});
afterEach(() => scene.close());

/** Whatever lies at hq lies at branch too, so that one can be filled from the other. */
const twoCopies = (db: Db) =>
  sql`insert into object_copy select object_id, 'branch', written_at, null, null from object_copy
    where site = 'hq' on conflict do nothing`.execute(db);

interface Living {
  db: Db;
  writer: JournalScene['writer'];
}
async function drain({ writer }: Living): Promise<void> {
  for (let more = true; more; ) more = (await writeSegment(writer)) !== undefined;
}

/** Without what a rebuild that is under way keeps for itself. */
async function rowsOf(db: Db): Promise<Record<string, string[]>> {
  const { voxkeep_recovery: _, ...rows } = await wholeCatalog(db);
  return rows;
}

/** An archive that is made of a site alone and goes on; hq is a new place. */
async function recovered(at = BRANCH, store?: JournalStore) {
  const { target, rebuild } = await scene.rebuild(at, store);
  await rebuild.load();
  const rebuilt = await rebuild.finish();
  const catalog = await rowsOf(target.db);
  await beginAnew(target.db, ['hq']);
  await rebuild.takeOver({ begunAnew: ['hq'] });
  const writer = { ...scene.writer, db: target.db, pool: target.pool };
  return { db: target.db, writer, catalog, rebuilt };
}

/** Calls come, copies are made at the new hq, rows are changed and go. */
async function liveOn(living: Living, n: number): Promise<void> {
  const { db } = living;
  await fillTables(db, n);
  await twoCopies(db);
  await sql`delete from pending_copy where object_id::text like '%2' and site = 'hq'`.execute(db);
  await sql`insert into object_copy select object_id, 'hq', now(), null, null from object_copy
    where site = 'branch' and object_id::text like '%2' on conflict do nothing`.execute(db);
  await sql`update record set reason_code = ${`LIFE_${n}`} where id::text like '%1'`.execute(db);
  await sql`delete from call_leg where agent_id = ${`agent-${n - 1}`}`.execute(db);
  await drain(living);
}

test('a second loss before the first snapshot costs nothing, nor does a third', async () => {
  const first = await recovered();
  expect(first.catalog).toEqual(await rowsOf(scene.db));
  const there = sql<{ n: number }>`select count(*)::int as n from object_copy where site = 'hq'`;
  expect((await there.execute(first.db)).rows[0]?.n).toBe(0);
  await liveOn(first, 4);
  const second = await recovered();
  expect(second.catalog).toEqual(await rowsOf(first.db));
  expect(second.rebuilt).toMatchObject({ timeline: 2, gaps: [] });
  await liveOn(second, 5);
  const third = await recovered();
  expect(third.catalog).toEqual(await rowsOf(second.db));
  expect(third.rebuilt).toMatchObject({ timeline: 3, gaps: [] });
  // A snapshot of its own, and what was before can go.
  await liveOn(third, 6);
  const continues = async () =>
    (await third.db.selectFrom('journal_state').select('continues').executeTakeFirst())?.continues;
  expect(await continues()).not.toBeNull();
  await writeSnapshot(third.writer);
  expect(await continues()).toBeNull();
  await fillTables(third.db, 7);
  await drain(third);
  await pruneJournal(third.db, scene.stores, 1);
  for (const at of [0, 1, 2]) {
    const fourth = await recovered(at);
    expect(fourth.catalog).toEqual(await rowsOf(third.db));
    expect(fourth.rebuilt.timeline).toBe(4);
  }
});

test('rows of a snapshot that are not wanted are not loaded, and all others are', async () => {
  await fillTables(scene.db, 4, 'object_copy');
  await sql`insert into object_copy select object_id, 'branch', now(), null, null from object_copy
    where site = 'hq' on conflict do nothing`.execute(scene.db);
  await writeSnapshot(scene.writer);
  const only = (table: string) => (table === 'object_copy' ? "site not in ('hq')" : undefined);
  const { target, rebuild } = await scene.rebuild(BRANCH, scene.stores[BRANCH], 1, undefined, only);
  await rebuild.load();
  const { object_copy: before = [], ...others } = await rowsOf(scene.db);
  const { object_copy: after = [], ...same } = await rowsOf(target.db);
  expect(after).toEqual(before.filter((row) => !row.includes('"hq"')));
  expect(after.length).toBeGreaterThan(0);
  expect(same).toEqual(others);
});

test('an archive that was rebuilt and changed nothing yet is rebuilt from what it came from', async () => {
  await recovered();
  const second = await recovered();
  expect(second.catalog).toEqual(await rowsOf(scene.db));
  expect(second.rebuilt.timeline).toBe(1);
});

test('what the old archive still wrote, and a segment that comes to light later, stay out', async () => {
  const [, branch] = scene.sites;
  await fillTables(scene.db, 4, 'call_leg');
  await drain(scene);
  const missing = await scene.db
    .selectFrom('journal_segment')
    .selectAll()
    .orderBy('number', 'desc')
    .executeTakeFirstOrThrow();
  await fillTables(scene.db, 5, 'call_leg');
  await drain(scene);
  await branch?.delete('journal', missing.key);
  const gap = Number(missing.number);
  const first = await recovered();
  expect(first.rebuilt.gaps).toEqual([gap]);
  await liveOn(first, 6);
  await branch?.put('journal', missing.key, scene.stores[0]?.get(missing.key) ?? []);
  await fillTables(scene.db, 8, 'call_leg');
  await drain(scene);
  await writeSnapshot(scene.writer);
  const second = await recovered();
  expect(second.catalog).toEqual(await rowsOf(first.db));
  expect(second.rebuilt.gaps).toEqual([]);
});

test('what is missing of an earlier timeline is named; a site without its snapshot is refused', async () => {
  const first = await recovered();
  await liveOn(first, 4);
  const [hq, branch] = scene.sites;
  const { key, number } = await scene.db
    .selectFrom('journal_segment')
    .selectAll()
    .orderBy('number', 'desc')
    .executeTakeFirstOrThrow();
  await branch?.delete('journal', key);
  expect((await recovered()).rebuilt.gaps).toEqual([Number(number)]);
  const old: string[] = [];
  for await (const one of hq?.list('journal', 't0001/') ?? []) old.push(one.key);
  for (const one of old) await hq?.delete('journal', one);
  const { rebuild } = await scene.rebuild(0);
  await expect(rebuild.load()).rejects.toMatchObject({ code: 'JOURNAL_MISSING' });
});

test('a recovery that is broken off after sites began anew in it begins again, and ends the same', async () => {
  const first = await recovered();
  await liveOn(first, 4);
  await liveOn(first, 5);
  const [, store] = scene.stores;
  if (store === undefined) throw new TypeError('branch');
  let cut = true;
  const failing: JournalStore = {
    ...store,
    get(key) {
      // The second segment of the new timeline.
      if (cut && key.startsWith('t0002/segments/000000000002')) {
        throw Object.assign(new Error('cut'), { code: 'CUT' });
      }
      return store.get(key);
    },
  };
  const { target, rebuild } = await scene.rebuild(BRANCH, failing);
  await expect(rebuild.load()).rejects.toMatchObject({ code: 'CUT' });
  cut = false;
  await rebuild.load();
  await rebuild.finish();
  expect(await rowsOf(target.db)).toEqual(await rowsOf(first.db));
});
