import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillGaps } from './fill-gaps.ts';
import {
  fillTables,
  type JournalScene,
  journalScene,
  wholeCatalog,
} from './journal-scene.testing.ts';
import { pruneJournal } from './prune-journal.ts';
import { openSegment, sealSegment } from './segment.ts';
import { keptTables, LEFT_BEHIND } from './tables.ts';
import { writeSegment } from './write-segment.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** What is found out again by walking over copies, or shown again by a plan; a snapshot has it. */
const SNAPSHOTS_ONLY = [
  ...['copy_fault', 'eviction_run', 'pending_removal', 'scrub_run', 'site_sample'],
];

/** All sites are as they were. */
const NOTHING_NEW = { begunAnew: [] };

let scene: JournalScene;
beforeAll(async () => {
  scene = await journalScene();
});
afterAll(() => scene.close());

const drain = async () => {
  let changes = 0;
  for (let more = true; more; ) {
    const written = await writeSegment(scene.writer);
    changes += written?.changes ?? 0;
    more = written !== undefined;
  }
  return changes;
};

/** What is rebuilt from that site, whole, beside what there is. */
async function expectSame(at: number) {
  const { target, rebuild } = await scene.rebuild(at);
  await rebuild.load();
  const rebuilt = await rebuild.finish();
  await rebuild.takeOver(NOTHING_NEW);
  expect(await wholeCatalog(target.db)).toEqual(await wholeCatalog(scene.db));
  return { rebuilt, target };
}

test('every table is kept, or somebody decided that it is not', async () => {
  const tables = await keptTables(scene.db);
  expect(tables.filter((one) => !one.journaled).map(({ name }) => name)).toEqual(SNAPSHOTS_ONLY);
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p') and not relispartition`.execute(scene.db);
  const known = new Set([...LEFT_BEHIND, ...tables.map(({ name }) => name)]);
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  const filled = await fillTables(scene.db, 1);
  expect(tables.filter((one) => one.journaled).map(({ name }) => name)).toEqual(filled);
});

test('a catalog rebuilt from each single site has every row as it was, to the last digit', async () => {
  await fillTables(scene.db, 2);
  await writeSnapshot(scene.writer);
  await fillTables(scene.db, 3);
  await sql`update record set state = 'archived', tier = 'core', archived_at = now()`.execute(
    scene.db,
  );
  await sql`update staff set username = case username when 'user-2' then 'user-3' else 'x' end
    where username in ('user-2')`
    .execute(scene.db)
    .catch(() => undefined);
  await sql`delete from call_leg where agent_id = 'agent-2'`.execute(scene.db);
  await sql`delete from notice where id::text like '%2'`.execute(scene.db);
  expect(await drain()).toBeGreaterThan(20);
  for (const at of [0, 1, 2]) {
    const { rebuilt, target } = await expectSame(at);
    expect(rebuilt.gaps).toEqual([]);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pg_indexes where indexname = 'call_text_tokens'`.execute(
      target.db,
    );
    expect(rows[0]?.n).toBe(1);
    // An archive of its own: what changes from now on is kept again.
    await fillTables(target.db, 4, 'staff');
    const { rows: kept } = await sql<{ n: number }>`
      select count(*)::int as n from journal_outbox where table_name = 'staff'`.execute(target.db);
    expect(kept[0]?.n).toBe(1);
  }
});

test('two rows that swap a unique value in one segment are replayed', async () => {
  for (const [from, to] of [
    ['user-2', 'between'],
    ['user-3', 'user-2'],
    ['between', 'user-3'],
  ] as const) {
    await sql`update staff set username = ${to} where username = ${from}`.execute(scene.db);
  }
  await drain();
  await expectSame(0);
});

test('a change that is committed after later ones is not lost, nor is its order', async () => {
  const late = await scene.database.pool.connect();
  await late.query('begin');
  await late.query(`update record set reason_code = 'LATE' where id::text like '%1'`);
  await sql`update record set reason_code = 'EARLY' where id::text like '%2'`.execute(scene.db);
  await drain();
  await late.query('commit');
  late.release();
  await sql`update record set reason_code = 'LAST' where id::text like '%2'`.execute(scene.db);
  expect(await drain()).toBe(2);
  await expectSame(2);
});

test('what a site misses is brought to it; with too few sites everything waits', async () => {
  const [hq, branch, cloud] = scene.sites;
  if (hq === undefined || branch === undefined || cloud === undefined) throw new Error('sites');
  cloud.reachable = false;
  await fillTables(scene.db, 5);
  await drain();
  branch.reachable = false;
  await sql`delete from call_ticket where record_id::text like '%5'`.execute(scene.db);
  await expect(drain()).rejects.toMatchObject({ code: 'JOURNAL_UNREACHABLE' });
  expect(await scene.db.selectFrom('journal_outbox').selectAll().execute()).toHaveLength(1);
  branch.reachable = true;
  await drain();
  cloud.reachable = true;
  expect(await fillGaps(scene.db, scene.stores)).toBeGreaterThanOrEqual(2);
  await expectSame(2);
});

test('a segment that is missing between others is named, and waited for by who follows', async () => {
  await writeSnapshot(scene.writer);
  const { target, rebuild } = await scene.rebuild(1);
  const { nextSegment } = await rebuild.load();
  for (const n of [6, 7, 8]) {
    await fillTables(scene.db, n, 'call_leg');
    await drain();
  }
  const [, branch] = scene.sites;
  const keys: string[] = [];
  for await (const { key } of branch?.list('journal') ?? []) {
    if (key.includes(`segments/${String(nextSegment + 1).padStart(12, '0')}`)) keys.push(key);
  }
  expect(keys).toHaveLength(1);
  for (const key of keys) await branch?.delete('journal', key);
  expect((await rebuild.follow()).nextSegment).toBe(nextSegment + 1);
  const rebuilt = await rebuild.finish();
  await rebuild.takeOver(NOTHING_NEW);
  expect(rebuilt).toMatchObject({ gaps: [nextSegment + 1], nextSegment: nextSegment + 3 });
  const legs = await target.db.selectFrom('call_leg').select('agent_id').execute();
  const agents = legs.map((leg) => leg.agent_id);
  expect(agents).toContain('agent-8');
  expect(agents).not.toContain('agent-7');
});

test('no bit of a segment or a snapshot can be changed, and none stands in for another', async () => {
  await writeSnapshot(scene.writer);
  await fillTables(scene.db, 9, 'call_leg');
  await drain();
  const [hq] = scene.sites;
  const keys: string[] = [];
  for await (const { key } of hq?.list('journal') ?? []) keys.push(key);
  const newest = keys.filter((key) => key.includes('/snapshots/')).map((key) => key.split('/')[2]);
  const last = newest.sort().at(-1) ?? '';
  const segment =
    keys
      .filter((key) => key.endsWith('.vkj'))
      .sort()
      .at(-1) ?? '';
  const bytesOf = async (key: string) => {
    const parts: Uint8Array[] = [];
    for await (const part of hq?.get('journal', key) ?? []) parts.push(part);
    return Buffer.concat(parts);
  };
  const bad = async (key: string, bytes: Buffer) => {
    const whole = await bytesOf(key);
    await hq?.put('journal', key, [bytes]);
    const { rebuild } = await scene.rebuild(0);
    await expect(rebuild.load(), key).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    await hq?.put('journal', key, [whole]);
  };
  const part = keys.find((key) => key.includes(last) && key.endsWith('/staff.rows')) ?? '';
  const head = keys.find((key) => key.includes(last) && key.endsWith('snapshot.vks')) ?? '';
  for (const key of [segment, part, head]) {
    const bytes = await bytesOf(key);
    for (const at of [0, bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await bad(key, flipped);
    }
    await bad(key, bytes.subarray(0, bytes.length - 17));
  }
  const other = keys.find((key) => key.endsWith('/staff.rows') && !key.includes(last)) ?? '';
  await bad(part, await bytesOf(other));
  const before =
    keys
      .filter((key) => key.endsWith('.vkj'))
      .sort()
      .at(-2) ?? '';
  await bad(segment, await bytesOf(before));
  await expectSame(0);
});

/** A second object of a segment's number, as a process leaves it that was killed before its row. */
async function leaveTwin(of: string): Promise<string> {
  const [, branch] = scene.stores;
  if (branch === undefined) throw new TypeError('branch');
  const { head, changes } = await openSegment(scene.seal, of, branch.get(of));
  const key = of.replace(/-[0-9a-f]{8}/, '-0badcafe');
  const { sealed } = await sealSegment(scene.seal, key, { head, changes });
  await branch.put(key, [sealed]);
  return key;
}

/** Those that count, in order. */
const countedSegments = async () =>
  (await scene.db.selectFrom('journal_segment').select('key').orderBy('number').execute()).map(
    ({ key }) => key,
  );

test('of two objects of one number a damaged one is passed over when the next segment names the other', async () => {
  await writeSnapshot(scene.writer);
  for (const n of [16, 17, 18]) {
    await fillTables(scene.db, n, 'call_leg');
    await drain();
  }
  const [, second = '', last = ''] = (await countedSegments()).slice(-3);
  const twin = await leaveTwin(second);
  await scene.stores[1]?.put(twin, [Buffer.from('a bad disk')]);
  const agents = ['agent-16', 'agent-17', 'agent-18'];
  expect(await rebuilt(1)).toMatchObject({ gaps: [], agents });
  // The one that counts is the damaged one: what the other holds is there, and the doubt is named.
  await leaveTwin(second);
  await scene.stores[1]?.put(second, [Buffer.from('a bad disk')]);
  expect(await rebuilt(1)).toMatchObject({ gaps: [numberOf(second)], agents });
  // The newest one has none after it.
  await leaveTwin(last);
  await scene.stores[1]?.put(last, [Buffer.from('a bad disk')]);
  expect(await rebuilt(1)).toMatchObject({ gaps: [numberOf(second), numberOf(last)], agents });
});

const numberOf = (key: string) => Number(/(\d{12})-/.exec(key)?.[1]);

async function rebuilt(at: number) {
  const { target, rebuild } = await scene.rebuild(at);
  await rebuild.load();
  const { gaps } = await rebuild.finish();
  const legs = await target.db.selectFrom('call_leg').select('agent_id').execute();
  const agents = legs.map((leg) => leg.agent_id).filter((id) => /agent-1[678]$/.test(id));
  return { gaps, agents: [...new Set(agents)].sort() };
}

test('what is broken off goes on, and no table is loaded by halves', async () => {
  const [, , cloud] = scene.stores;
  if (cloud === undefined) throw new Error('cloud');
  let left = 6;
  const failing = {
    ...cloud,
    get: (key: string) => {
      left -= 1;
      if (left < 0) throw Object.assign(new Error('cut'), { code: 'CUT' });
      return cloud.get(key);
    },
  };
  const { target, rebuild } = await scene.rebuild(2, failing);
  await expect(rebuild.load()).rejects.toMatchObject({ code: 'CUT' });
  // Meanwhile the archive goes on, and has written another snapshot when the recovery does.
  await fillTables(scene.db, 20);
  await sql`delete from call_leg where agent_id = 'agent-1'`.execute(scene.db);
  await drain();
  await writeSnapshot(scene.writer);
  left = Number.POSITIVE_INFINITY;
  await rebuild.load();
  await rebuild.finish();
  await rebuild.takeOver(NOTHING_NEW);
  expect(await wholeCatalog(target.db)).toEqual(await wholeCatalog(scene.db));
});

test('old snapshots and the segments before them go, and what is left still rebuilds all', async () => {
  for (let round = 0; round < 3; round += 1) {
    await fillTables(scene.db, 10 + round, 'call_leg');
    await drain();
    await writeSnapshot(scene.writer);
  }
  expect(await pruneJournal(scene.db, scene.stores, 2)).toBeGreaterThan(10);
  const heads: string[] = [];
  for await (const { key } of scene.sites[0]?.list('journal') ?? []) {
    if (key.endsWith('snapshot.vks')) heads.push(key);
  }
  expect(heads).toHaveLength(2);
  for (const at of [0, 1, 2]) await expectSame(at);
});
