import { noteSigner, openCheckpoint, type SiteReport, verifySite } from '@voxkeep/proof';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock as clock } from '../core/clock.ts';
import {
  act,
  append,
  codeOf,
  type LedgerScene,
  ledgerScene,
  log,
  until,
  vkey,
} from './ledger-scene.testing.ts';
import { type MemoryStore, memoryStore } from './memory-store.testing.ts';
import { latestCheckpoint, readEntry, servedCheckpoint } from './read-entries.ts';
import { restoreLog } from './restore-log.ts';
import type { Sequencer } from './sequencer-port.ts';
import { lastSuccession, type OpenedSuccession } from './succeed-log.ts';
import { type MemoryWitness, memoryWitness } from './witness.testing.ts';

const named = (end: string) => noteSigner(log.origin + end, log.signingKey);
const [second, third] = [named('/2'), named('/3')];
let scene: LedgerScene;
let witnesses: MemoryWitness[];
let opened: OpenedSuccession[];
beforeEach(async () => {
  scene = await ledgerScene();
  opened = [];
  witnesses = ['one', 'two'].map((name, at) =>
    memoryWitness(`witness.test/${name}`, 20 + at, vkey),
  );
});
afterEach(() => scene.close());

interface Start {
  stores?: MemoryStore[];
  succession?: 'rebuilt' | 'asked';
  required?: boolean;
}
const start = ({ stores = [scene.hq, scene.cloud], succession, required = false }: Start = {}) =>
  scene.start(stores, {
    ...{ waitMs: 1500, witnesses: { witnesses, quorum: 2, required } },
    ...(succession && { succession }),
    onSuccession: (one) => opened.push(one),
  });
const write = async (sequencer: Sequencer, count: number, mark: string) => {
  let last = '';
  for (let at = 0; at < count; at += 1) {
    last = await append(scene.database.db, act(`${mark}-${at}`));
  }
  await sequencer.wait(last);
};
const witnessed = (sequencer: Sequencer, size: number) =>
  until(() => sequencer.health().witnessing.size === size);
const verify = (store: MemoryStore, key: string): Promise<SiteReport> =>
  verifySite(
    { read: async (path) => store.files.get(path), list: async () => [...store.files.keys()] },
    { vkey: key },
  );
const checkpointAt = (store: MemoryStore, key: string) =>
  openCheckpoint(store.files.get('checkpoint') ?? '', key);

/** The witnesses have seen `seen` entries; what is left has the first `left` of them. */
async function lose(seen: number, left: number): Promise<MemoryStore> {
  const before = await start({ stores: [scene.hq, scene.branch, scene.cloud] });
  await write(before, left, 'kept');
  await witnessed(before, left);
  await until(() => scene.cloud.files.get('witnessed') !== undefined);
  await until(() => before.health().stores.every(({ size }) => size === left));
  scene.cloud.fault = () => true;
  await write(before, seen - left, 'lost');
  await witnessed(before, seen);
  await before.stop();
  scene.cloud.fault = undefined;
  await recover();
  return scene.cloud;
}

/** A new machine and an empty headquarters; the catalog's ledger comes from the cloud. */
async function recover(): Promise<void> {
  await scene.loseCatalog();
  scene.hq.files.clear();
  await restoreLog({ db: scene.database.db, clock }, scene.cloud, log, 10_000);
}

test('a recovery that lost entries goes on under another name, which cites the log before', async () => {
  const cloud = await lose(9, 6);
  const before = checkpointAt(cloud, vkey);
  const sequencer = await start({ succession: 'rebuilt' });
  expect(opened).toEqual([
    { previous: log.origin, origin: second.name, verifierKey: second.vkey, size: 6 },
  ]);
  expect(sequencer.log()).toEqual({ origin: second.name, verifierKey: second.vkey });
  const { db } = scene.database;
  const { entry } = await readEntry(db, 6);
  const root = before.root.toString('hex');
  expect(entry).toMatchObject({
    ...{ seq: 6, action: 'ledger.succeed', resource: second.name, outcome: 'ok' },
    detail: {
      ...{ previous: log.origin, size: 6, root, witnessedSize: 6, witnessedRoot: root },
      ...{ seen1: 'witness.test/one:9', seen2: 'witness.test/two:9' },
    },
  });
  expect(await lastSuccession(db)).toEqual({ previous: log.origin, origin: second.name, size: 6 });
  // What was countersigned under the old name is not this log's.
  expect(sequencer.health().witnessing).toMatchObject({ witnessed: false, size: undefined });
  await write(sequencer, 2, 'new');
  await until(() => sequencer.health().witnessing.witnesses[0]?.lastError === 'WITNESS_REFUSED');
  for (const one of witnesses) one.trust(second.vkey);
  await until(() => sequencer.health().witnessing.size === 9);
  await until(() => scene.hq.files.get('witnessed') !== undefined);
  await sequencer.stop();
  for (const site of [scene.hq, cloud]) {
    const report = await verify(site, second.vkey);
    expect(report.problems).toEqual([]);
    expect(report.notices.filter(({ kind }) => kind === 'SUCCEEDED')).toHaveLength(1);
  }
  expect((await servedCheckpoint(db))?.checkpoint).toContain(`${second.name}\n9\n`);
});

test('nothing is answered without the new name countersigned, where that is required', async () => {
  await lose(5, 3);
  const sequencer = await start({ succession: 'rebuilt', required: true });
  const waiting = await append(scene.database.db, act('r-1'));
  expect(await codeOf(sequencer.wait(waiting))).toBe('LEDGER_UNAVAILABLE');
  for (const one of witnesses) one.trust(second.vkey);
  await until(() => sequencer.health().ok);
  expect(await sequencer.wait(waiting)).toEqual({ index: 4 });
});

test('a second recovery goes on under that name; one that lost its entries again under the next', async () => {
  const cloud = await lose(9, 6);
  const sequencer = await start({ succession: 'rebuilt' });
  for (const one of witnesses) one.trust(second.vkey);
  await write(sequencer, 3, 'new');
  await witnessed(sequencer, 10);
  await sequencer.stop();
  await recover();
  expect((await latestCheckpoint(scene.database.db))?.origin).toBe(second.name);
  const again = await start({ succession: 'rebuilt' });
  expect([again.log().origin, opened.length]).toEqual([second.name, 1]);
  cloud.fault = () => true;
  scene.branch.files.clear();
  await again.stop();
  const longer = await start({ stores: [scene.hq, scene.branch, cloud] });
  await write(longer, 4, 'lost-too');
  await witnessed(longer, 14);
  await longer.stop();
  cloud.fault = undefined;
  await recover();
  const last = await start({ succession: 'rebuilt' });
  expect(last.log().origin).toBe(third.name);
  expect(await lastSuccession(scene.database.db)).toMatchObject({
    previous: second.name,
    size: 10,
  });
  await write(last, 1, 'new');
  await last.stop();
  expect((await verify(cloud, third.vkey)).problems).toEqual([]);
});

test('a name that was lost with all its entries is not taken again', async () => {
  await lose(9, 6);
  for (const one of witnesses) one.trust(second.vkey);
  const old = new Map(scene.cloud.files);
  const sequencer = await start({ succession: 'rebuilt' });
  await write(sequencer, 1, 'new');
  await witnessed(sequencer, 8);
  await sequencer.stop();
  scene.cloud.files.clear();
  for (const [path, bytes] of old) scene.cloud.files.set(path, bytes);
  await recover();
  const again = await start({ succession: 'rebuilt' });
  expect(again.log().origin).toBe(third.name);
  await write(again, 1, 'new');
  await again.stop();
  expect((await verify(scene.cloud, third.vkey)).problems).toEqual([]);
});

test('a site that still has the entries is no loss: they come back, and the name stays', async () => {
  await lose(9, 6);
  const sequencer = await start({
    stores: [scene.hq, scene.branch, scene.cloud],
    succession: 'rebuilt',
  });
  await write(sequencer, 1, 'new');
  expect([sequencer.log().origin, opened]).toEqual([log.origin, []]);
  expect((await readEntry(scene.database.db, 8)).entry.resource).toBe('lost-2');
  await witnessed(sequencer, 10);
});

test('with no needed site to look at nothing is asked nor numbered; with one both, in that order', async () => {
  await lose(9, 6);
  scene.hq.fault = () => true;
  const sequencer = await start({ succession: 'rebuilt' });
  const waiting = await append(scene.database.db, act('r-1'));
  expect(await codeOf(sequencer.wait(waiting))).toBe('LEDGER_UNAVAILABLE');
  expect([opened.length, sequencer.health().size]).toEqual([0, 6]);
  scene.hq.fault = undefined;
  await until(() => opened.length === 1);
  expect(await sequencer.wait(waiting)).toEqual({ index: 7 });
  expect((await readEntry(scene.database.db, 6)).entry.action).toBe('ledger.succeed');
});

test('a witness that is silent then leaves the name; an operator opens the successor later', async () => {
  await lose(9, 6);
  for (const one of witnesses) one.fault = 'down';
  const sequencer = await start({ succession: 'rebuilt' });
  await write(sequencer, 8, 'other');
  expect(sequencer.log().origin).toBe(log.origin);
  for (const one of witnesses) one.fault = undefined;
  await until(() => sequencer.health().witnessing.witnesses[1]?.lastError === 'WITNESS_FORKED');
  await sequencer.stop();
  const asked = await start({ succession: 'asked' });
  expect(asked.log().origin).toBe(second.name);
  expect((await readEntry(scene.database.db, 14)).entry.detail).toMatchObject({
    ...{ previous: log.origin, size: 14, seen1: 'witness.test/one:9' },
  });
});

test('where a quorum is required nothing is numbered before it has been asked', async () => {
  await lose(9, 6);
  for (const one of witnesses) one.fault = 'down';
  const early = start({ succession: 'rebuilt', required: true });
  expect(await codeOf(early)).toBe('LEDGER_UNAVAILABLE');
  expect((await latestCheckpoint(scene.database.db))?.size).toBe(6);
  for (const one of witnesses) one.fault = undefined;
  const sequencer = await start({ succession: 'rebuilt', required: true });
  expect(sequencer.log().origin).toBe(second.name);
});

test('an operator is refused where no witness has seen another history, or none answers', async () => {
  const before = await start();
  await write(before, 3, 'kept');
  await witnessed(before, 3);
  expect(await codeOf(start({ succession: 'asked' }))).toBe('LEDGER_NOT_SUCCEEDED');
  await before.stop();
  expect(await codeOf(start({ succession: 'asked' }))).toBe('LEDGER_NOT_SUCCEEDED');
  for (const one of witnesses) one.fault = 'down';
  const error = await start({ succession: 'asked' }).catch((reason: unknown) => reason);
  expect(String(error)).toContain('not told by witness.test/one (WITNESS_UNREACHABLE), witness.');
  expect((await latestCheckpoint(scene.database.db))?.origin).toBe(log.origin);
});

test('what the catalog knows to be shown and countersigned of the log before counts for it alone', async () => {
  const before = await start();
  await write(before, 3, 'kept');
  await witnessed(before, 3);
  await before.stop();
  const { db } = scene.database;
  expect((await servedCheckpoint(db))?.size).toBe(3);
  for (const one of witnesses) one.seen.size = 50;
  const asked = await start({ succession: 'asked' });
  const nameServed = async () => (await servedCheckpoint(db))?.checkpoint.split('\n')[0];
  expect(await nameServed()).not.toBe(log.origin);
  expect(asked.health().witnessing.size).toBeUndefined();
  expect((await readEntry(db, 3)).entry.detail).toMatchObject({ witnessedSize: 3 });
  await write(asked, 1, 'new');
  // Told to other processes a moment later.
  await until(async () => (await nameServed()) === second.name);
  expect((await servedCheckpoint(db))?.witnessed).toBeUndefined();
  expect(await db.selectFrom('ledger_witness').selectAll().execute()).toEqual([]);
});

test('an old disk of the lost log is refused as a fork; one from before the loss catches up', async () => {
  await lose(9, 6);
  const early = memoryStore('early');
  for (const [path, bytes] of scene.cloud.files) early.files.set(path, bytes);
  const sequencer = await start({ succession: 'rebuilt' });
  await write(sequencer, 5, 'new');
  await sequencer.stop();
  const lost = scene.branch;
  expect(await codeOf(start({ stores: [scene.hq, scene.cloud, lost] }))).toBe('LEDGER_FORKED');
  const all = await start({ stores: [scene.hq, scene.cloud, early] });
  await write(all, 1, 'newer');
  await all.stop();
  expect(checkpointAt(early, second.vkey)).toEqual(checkpointAt(scene.hq, second.vkey));
  expect((await verify(early, second.vkey)).problems).toEqual([]);
});

test('a catalog from before the succession takes the name over from a site, entries and all', async () => {
  await lose(9, 6);
  const sequencer = await start({ succession: 'rebuilt' });
  await write(sequencer, 2, 'new');
  await sequencer.stop();
  const [hq, cloud] = [new Map(scene.hq.files), new Map(scene.cloud.files)];
  await scene.loseCatalog();
  for (const [path, bytes] of hq) scene.hq.files.set(path, bytes);
  for (const [path, bytes] of cloud) scene.cloud.files.set(path, bytes);
  const again = await start();
  expect(again.log().origin).toBe(second.name);
  expect(await again.wait(await append(scene.database.db, act('r-1')))).toEqual({ index: 9 });
});
