import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countUnrepaired } from '../inspect/sites/copy-faults.ts';
import { fillTables, type JournalScene, journalScene } from './journal-scene.testing.ts';
import { pruneJournal } from './prune-journal.ts';
import { scrubJournal } from './scrub-journal.ts';
import { startSnapshots } from './start-snapshots.ts';
import { writeSegment } from './write-segment.ts';
import { writeSnapshot } from './write-snapshot.ts';

let scene: JournalScene;
beforeEach(async () => {
  scene = await journalScene();
  await fillTables(scene.db, 1);
  await writeSegment(scene.writer);
  await writeSnapshot(scene.writer);
  for (const n of [2, 3, 4]) {
    await fillTables(scene.db, n, 'call_leg');
    await writeSegment(scene.writer);
  }
});
afterEach(() => scene.close());

const paced = async () => undefined;
const walk = (site: string, kind: 'light' | 'deep', signal?: AbortSignal) =>
  scrubJournal(scene.writer, { site, kind, paced, signal });
const siteOf = (name: string) => {
  const site = scene.sites.find((one) => one.name === name);
  if (site === undefined) throw new TypeError(name);
  return site;
};
const keysAt = async (name: string) => {
  const keys: string[] = [];
  for await (const { key } of siteOf(name).list('journal')) keys.push(key);
  return keys.sort();
};
const bytesAt = (name: string, key: string) =>
  siteOf(name).readRange('journal', key, 0, Number.MAX_SAFE_INTEGER);
/** One bit of it is another. */
async function bend(name: string, key: string): Promise<void> {
  const bytes = Buffer.from(await bytesAt(name, key));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await siteOf(name).put('journal', key, [bytes]);
}
const faults = () => scene.db.selectFrom('journal_fault').selectAll().orderBy('key').execute();
const segments = async () => (await keysAt('hq')).filter((key) => key.endsWith('.vkj'));

test('nothing is wrong at any site when nothing is wrong: all of it is looked at', async () => {
  const { length } = await keysAt('hq');
  expect(length).toBeGreaterThan(20);
  for (const site of ['hq', 'branch', 'cloud']) {
    for (const kind of ['light', 'deep'] as const) {
      expect(await walk(site, kind)).toEqual({ checked: length, faults: 0, repaired: 0 });
    }
  }
  expect(await walk('elsewhere', 'deep')).toEqual({ checked: 0, faults: 0, repaired: 0 });
});

test('light finds what is gone or of another size, deep every bent bit; both mend it from a site that is right', async () => {
  const [first = '', second = '', third = ''] = await segments();
  const whole = await keysAt('cloud');
  const part = whole.find((key) => key.endsWith('/staff.rows')) ?? '';
  const head = whole.find((key) => key.endsWith('/snapshot.vks')) ?? '';
  await siteOf('cloud').delete('journal', first);
  await siteOf('cloud').put('journal', part, [(await bytesAt('cloud', part)).subarray(0, 40)]);
  await bend('cloud', second);
  expect(await walk('cloud', 'light')).toMatchObject({ faults: 2, repaired: 2 });
  await bend('cloud', head);
  // The first that is asked for it has it otherwise too.
  await bend('cloud', third);
  await bend('hq', third);
  expect(await walk('cloud', 'deep')).toMatchObject({ faults: 3, repaired: 3 });
  expect(await walk('hq', 'deep')).toMatchObject({ faults: 1, repaired: 1 });
  for (const site of ['hq', 'branch', 'cloud']) {
    expect(await walk(site, 'deep')).toMatchObject({ checked: whole.length, faults: 0 });
    for (const key of whole) {
      expect(await bytesAt(site, key), key).toEqual(await bytesAt('branch', key));
    }
  }
  expect(await faults()).toEqual([]);
  const repairs = scene.noted.filter(({ action }) => action === 'journal.repair');
  expect(repairs).toHaveLength(6);
  expect(repairs[0]).toMatchObject({ detail: { object: first, fault: 'OBJECT_MISSING' } });
});

test('what no site has whole stays a fault that is told; a snapshot makes it needless, and it is over', async () => {
  const [first = '', second = ''] = await segments();
  for (const site of ['hq', 'branch', 'cloud']) await siteOf(site).delete('journal', first);
  for (const site of ['hq', 'branch', 'cloud']) await bend(site, second);
  expect(await walk('hq', 'deep')).toMatchObject({ faults: 2, repaired: 0 });
  expect(await walk('hq', 'deep')).toMatchObject({ faults: 2, repaired: 0 });
  expect(await faults()).toMatchObject([
    { site: 'hq', key: first, fault: 'OBJECT_MISSING', attempts: 2, last_error: 'OBJECT_MISSING' },
    {
      site: 'hq',
      key: second,
      fault: 'OBJECT_DAMAGED',
      attempts: 2,
      last_error: 'JOURNAL_DAMAGED',
    },
  ]);
  expect(await countUnrepaired(scene.db, 'hq')).toBe(2);
  const made = async () =>
    (
      await scene.db
        .selectFrom('journal_snapshot')
        .select('id')
        .where('ended_at', 'is not', null)
        .execute()
    ).length;
  const snapshots = startSnapshots({
    ...{ ...scene.writer, everyHours: 24, keep: 9, leads: () => true, onError: () => undefined },
  });
  for (let waited = 0; waited < 200 && (await made()) < 2; waited += 1) await sleep(50);
  await snapshots.stop();
  expect(await made()).toBe(2);
  // A size that is right does not make the bytes right.
  expect(await walk('hq', 'light')).toMatchObject({ faults: 2, repaired: 0 });
  await pruneJournal(scene.db, scene.stores, 1);
  expect(await faults()).toEqual([]);
  expect(await walk('hq', 'deep')).toMatchObject({ faults: 0 });
});

test('what was pruned, or is still to be brought, is not missing', async () => {
  siteOf('cloud').reachable = false;
  await fillTables(scene.db, 5, 'call_leg');
  await writeSegment(scene.writer);
  siteOf('cloud').reachable = true;
  const { length } = await keysAt('cloud');
  expect(await walk('cloud', 'deep')).toEqual({ checked: length, faults: 0, repaired: 0 });
  await scene.db.deleteFrom('journal_gap').execute();
  expect(await walk('cloud', 'light')).toMatchObject({ faults: 1, repaired: 1 });
  await writeSnapshot(scene.writer);
  expect(await pruneJournal(scene.db, scene.stores, 1)).toBeGreaterThan(10);
  const left = await keysAt('cloud');
  expect(await walk('cloud', 'deep')).toEqual({ checked: left.length, faults: 0, repaired: 0 });
});

test('an object that a killed process left beside the one that counts is removed, and nothing else', async () => {
  const before = await keysAt('branch');
  const [, second = ''] = await segments();
  const twin = second.replace(/-[0-9a-f]{8}/, '-0badcafe');
  const next = second.replace(/\d{12}/, '000000099999');
  for (const key of [twin, next]) await siteOf('branch').put('journal', key, [Buffer.from('x')]);
  expect(await walk('branch', 'light')).toMatchObject({ faults: 0 });
  expect(await keysAt('branch')).toEqual([...before, next].sort());
});

test('what is pruned while a walk comes by is rightly gone', async () => {
  const { length } = await keysAt('hq');
  const pruned = await segments();
  const stores = scene.stores.map((store) => ({
    ...store,
    async *get(key: string) {
      if (key === pruned[0]) {
        await scene.db.deleteFrom('journal_segment').execute();
        for (const one of pruned) await store.delete(one);
      }
      yield* store.get(key);
    },
  }));
  const deps = { ...scene.writer, stores };
  const whole = { checked: length - pruned.length, faults: 0, repaired: 0 };
  expect(await scrubJournal(deps, { site: 'hq', kind: 'deep', paced })).toEqual(whole);
});

test('a walk that is broken off counts nothing; a site that is away is no fault of what it holds', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await walk('hq', 'deep', stop.signal)).toBeUndefined();
  siteOf('hq').reachable = false;
  await expect(walk('hq', 'light')).rejects.toMatchObject({ code: 'SITE_UNREACHABLE' });
  expect(await faults()).toEqual([]);
});
