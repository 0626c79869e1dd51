import { tilePath, verifySite } from '@voxkeep/proof';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock as clock } from '../core/clock.ts';
import { appendEntry } from './append-entry.ts';
import { knowsMore, lastUses, manifestDigestOf } from './index.ts';
import {
  act,
  append,
  codeOf,
  type LedgerScene,
  ledgerScene,
  log,
  provenEntries,
  until,
  vkey,
} from './ledger-scene.testing.ts';
import { type MemoryStore, memoryStore } from './memory-store.testing.ts';
import { inclusionProof, readEntry, searchEntries, tileBytes } from './read-entries.ts';
import { checkLog, restoreLog } from './restore-log.ts';

const ENTRIES = 5000;
let scene: LedgerScene;
/** What every site holds of them; made once, as that takes longer than most of what is tried here. */
let held: Map<string, Buffer>;
beforeAll(async () => {
  const maker = await ledgerScene();
  const sequencer = await maker.start();
  const { db } = maker.database;
  for (let at = 0; at < ENTRIES; at += 500) {
    await db.transaction().execute(async (tx) => {
      for (let n = at; n < at + 500; n += 1) await appendEntry(tx, clock, act(`r-${n}`));
    });
  }
  await sequencer.flush();
  await sequencer.stop();
  held = maker.branch.files;
  await maker.close();
}, 60_000);
beforeEach(async () => {
  scene = await ledgerScene();
  for (const { files } of [scene.hq, scene.branch, scene.cloud]) {
    for (const [path, bytes] of held) files.set(path, Buffer.from(bytes));
  }
});
afterEach(() => scene.close());

const restore = (from: MemoryStore, newest = 600) =>
  restoreLog({ db: scene.database.db, clock }, from, log, newest);
const soon = { restoreAfterMs: 200 };
const problemsOf = async (store: MemoryStore) => {
  const list = async () => [...store.files.keys()];
  const report = await verifySite(
    { read: async (path) => store.files.get(path), list },
    { vkey, witnesses: [], quorum: 0 },
  );
  return report.problems;
};

it('serves with the newest entries, and has all of them again behind, at sites that begin anew too', async () => {
  const { branch } = scene;
  const [hq, cloud] = [memoryStore('hq'), memoryStore('cloud')];
  expect(await restore(branch)).toEqual({ size: ENTRIES, from: 4352 });
  const sequencer = await scene.start([hq, branch, cloud], { restoreAfterMs: 1500 });
  const { db } = scene.database;
  const { index } = await sequencer.wait(await append(db, act('r-new')));
  expect(index).toBe(ENTRIES);
  // What is not there yet is said to be coming, and no site promises it.
  expect(sequencer.health()).toMatchObject({ ok: true, toRestore: 4352 });
  for (const asked of [
    () => readEntry(db, 7),
    () => inclusionProof(db, 7, ENTRIES),
    () => tileBytes(db, 0, 1, 256),
    () => manifestDigestOf(db, 'r-7'),
    () => knowsMore(db, 'r-7'),
    () => lastUses(db, ['r-7']),
  ]) {
    expect(await codeOf(asked())).toBe('LEDGER_RESTORING');
  }
  expect(await codeOf(readEntry(db, -1))).toBe('LEDGER_INDEX_UNKNOWN');
  expect((await readEntry(db, 4360)).entry.resource).toBe('r-4360');
  expect(await hq.get('checkpoint')).toBeUndefined();
  await until(() => sequencer.health().toRestore === 0);
  await until(async () => (await hq.get('checkpoint')) !== undefined);
  await until(async () => (await cloud.get('checkpoint')) !== undefined);
  await sequencer.flush();
  await sequencer.stop();
  for (const store of [hq, branch, cloud]) {
    const entries = await provenEntries(store);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: ENTRIES + 1 }, (_, n) => n));
    expect(await problemsOf(store)).toEqual([]);
  }
  expect((await readEntry(db, 7)).entry.resource).toBe('r-7');
  expect(await inclusionProof(db, 7, ENTRIES)).not.toEqual([]);
  expect(await searchEntries(db, { resource: 'r-7' }, { limit: 5 })).toHaveLength(1);
});

it('goes on after a stop, and after another process', async () => {
  const { branch } = scene;
  await restore(branch);
  const one = await scene.start([branch], { restoreAfterMs: 0 });
  await until(() => one.health().toRestore < 4352);
  await one.stop();
  const left = one.health().toRestore;
  expect(left).toBeGreaterThan(0);
  const two = await scene.start([branch], { restoreAfterMs: 0 });
  await until(() => two.health().toRestore === 0);
  expect((await readEntry(scene.database.db, 0)).entry.resource).toBe('r-0');
});

it('takes an old entry only as it was logged: from another site, or not at all', async () => {
  const { branch, cloud } = scene;
  const path = 'tile/entries/003';
  const changed = Buffer.from(branch.files.get(path) ?? '');
  changed[40] = (changed[40] ?? 0) ^ 1;
  branch.files.set(path, changed);
  await restore(branch);
  const alone = await scene.start([branch], soon);
  await until(() => alone.health().lastError === 'LEDGER_DAMAGED');
  expect(alone.health().ok).toBe(false);
  await alone.stop();
  const both = await scene.start([branch, cloud], soon);
  await until(() => both.health().toRestore === 0);
  expect((await readEntry(scene.database.db, 800)).entry.resource).toBe('r-800');
  expect(both.health().ok).toBe(true);
});

it('takes all before it serves where there are few, and the same again for a recovery that was broken off', async () => {
  const { branch } = scene;
  expect(await restore(branch, 10_000)).toEqual({ size: ENTRIES, from: 0 });
  expect(await restore(branch, 10_000)).toEqual({ size: ENTRIES, from: 0 });
  expect((await readEntry(scene.database.db, 0)).entry.resource).toBe('r-0');
});

it('refuses a site without a log, of another key, or whose tiles are not those of the signed tree', async () => {
  const { branch } = scene;
  expect(await checkLog(branch, log)).toBe(ENTRIES);
  expect(await codeOf(checkLog(memoryStore('empty'), log))).toBe('LEDGER_DAMAGED');
  const other = { ...log, signingKey: Buffer.alloc(32, 9) };
  expect(await codeOf(checkLog(branch, other))).toBe('LEDGER_STORE_FOREIGN');
  const edge = [...branch.files.keys()].filter((path) => path.startsWith('tile/1/000.p/'));
  for (const path of edge)
    branch.files.set(path, Buffer.alloc(branch.files.get(path)?.length ?? 0));
  expect(await codeOf(restore(branch))).toBe('LEDGER_DAMAGED');
});

it('refuses a recent tile or entry that was changed', async () => {
  const { branch } = scene;
  for (const path of [tilePath(0, 18), 'tile/entries/018']) {
    const right = branch.files.get(path);
    const wrong = Buffer.from(right ?? '');
    wrong[50] = (wrong[50] ?? 0) ^ 1;
    branch.files.set(path, wrong);
    expect(await codeOf(restore(branch))).toBe('LEDGER_DAMAGED');
    branch.files.set(path, right ?? wrong);
  }
  expect(await restore(branch)).toEqual({ size: ENTRIES, from: 4352 });
});
