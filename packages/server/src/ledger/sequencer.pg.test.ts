import {
  decodeBundle,
  hashLeaf,
  openCheckpoint,
  readCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '@voxkeep/proof';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { appendEntry } from './append-entry.ts';
import {
  act,
  append,
  codeOf,
  type LedgerScene,
  ledgerScene,
  provenEntries,
  until,
  vkey,
} from './ledger-scene.testing.ts';
import {
  consistencyProof,
  entriesForResource,
  inclusionProof,
  latestCheckpoint,
  readEntry,
} from './read-entries.ts';

let scene: LedgerScene;
beforeEach(async () => {
  scene = await ledgerScene();
});
afterEach(() => scene.close());

describe('the sequencer', () => {
  test('gives eight writers of 200 entries each indices without gaps, in each one’s order', async () => {
    const { hq } = scene;
    const sequencer = await scene.start();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const waits = [];
        for (let turn = 0; turn < 200; turn += 1) {
          waits.push(sequencer.wait(await append(scene.database.db, act(`r-${writer}`, { turn }))));
        }
        const indices = (await Promise.all(waits)).map((one) => one.index);
        expect(indices).toEqual([...indices].sort((a, b) => a - b));
      }),
    );
    console.log(`1600 entries by 8 writers: ${Math.round(performance.now() - began)} ms`);
    const entries = await provenEntries(hq);
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 1600 }, (_, at) => at));
    expect(new Set(entries.map((entry) => entry.resource)).size).toBe(8);
    await sequencer.flush();
    expect(sequencer.health()).toMatchObject({
      ok: true,
      size: 1600,
      durableSize: 1600,
      behindMs: 0,
    });
  });

  test('answers only when the entry is in a signed checkpoint at the first site and another', async () => {
    const { branch, cloud, hq } = scene;
    const sequencer = await scene.start();
    const { index } = await sequencer.wait(await append(scene.database.db, act('r-1')));
    const sizes = await Promise.all(
      [hq, branch, cloud].map(
        async (one) => (await readCheckpoint((path) => one.get(path), vkey))?.size ?? 0,
      ),
    );
    expect(sizes[0]).toBeGreaterThan(index);
    expect(Math.max(sizes[1] ?? 0, sizes[2] ?? 0)).toBeGreaterThan(index);
  });

  test('does not answer while only the first site has the entry', async () => {
    const { branch, hq } = scene;
    const hold = Promise.withResolvers<void>();
    const slow = {
      ...branch,
      put: async (path: string, bytes: Uint8Array) => {
        await hold.promise;
        await branch.put(path, bytes);
      },
    };
    const sequencer = await scene.start([hq, slow]);
    let answered = false;
    const waiting = sequencer.wait(await append(scene.database.db, act('r-1'))).then(() => {
      answered = true;
    });
    await until(async () => (await readCheckpoint((path) => hq.get(path), vkey))?.size === 1);
    expect(answered).toBe(false);
    hold.resolve();
    await waiting;
    expect((await readCheckpoint((path) => branch.get(path), vkey))?.size).toBe(1);
  });

  test('numbers what nobody waits for, and leaves out what was rolled back', async () => {
    const { hq } = scene;
    const sequencer = await scene.start();
    const rolledBack = scene.database.db.transaction().execute(async (tx) => {
      await appendEntry(tx, systemClock, act('r-lost'));
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await append(scene.database.db, act('r-kept'));
    await until(() => sequencer.health().durableSize === 1);
    expect((await provenEntries(hq)).map((entry) => entry.resource)).toEqual(['r-kept']);
  });

  test('keeps a trail for each resource, newest first and page by page, with proofs', async () => {
    const sequencer = await scene.start();
    for (let turn = 0; turn < 300; turn += 1) await append(scene.database.db, act(`r-${turn % 3}`));
    await sequencer.flush();
    const { db } = scene.database;
    const page = await entriesForResource(db, 'r-1', { limit: 60 });
    const next = await entriesForResource(db, 'r-1', {
      limit: 60,
      before: page.at(-1)?.index ?? 0,
    });
    expect([...page, ...next].map((one) => one.index)).toEqual(
      Array.from({ length: 100 }, (_, at) => 298 - at * 3),
    );
    const head = openCheckpoint((await latestCheckpoint(db))?.checkpoint ?? '', vkey);
    const { bytes } = await readEntry(db, 17);
    const proof = await inclusionProof(db, 17, head.size);
    verifyInclusion({
      index: 17,
      size: head.size,
      leafHash: hashLeaf(bytes),
      proof,
      root: head.root,
    });
    expect(await codeOf(inclusionProof(db, 300, 300))).toBe('LEDGER_INDEX_UNKNOWN');
    expect(await codeOf(inclusionProof(db, 1, 301))).toBe('LEDGER_INDEX_UNKNOWN');
    expect(await codeOf(readEntry(db, 300))).toBe('LEDGER_INDEX_UNKNOWN');
  });

  test('proves that a later tree continues an earlier one', async () => {
    const sequencer = await scene.start();
    await sequencer.wait(await append(scene.database.db, act('r-1')));
    const old = openCheckpoint((await latestCheckpoint(scene.database.db))?.checkpoint ?? '', vkey);
    for (let turn = 0; turn < 9; turn += 1) await append(scene.database.db, act('r-2'));
    await sequencer.flush();
    const now = openCheckpoint((await latestCheckpoint(scene.database.db))?.checkpoint ?? '', vkey);
    const proof = await consistencyProof(scene.database.db, old.size, now.size);
    const trees = { fromSize: old.size, fromRoot: old.root, toSize: now.size, toRoot: now.root };
    verifyConsistency({ ...trees, proof });
  });
});

describe('sites that fail', () => {
  test('a third one does not hold anybody up and catches up later', async () => {
    const { cloud, hq } = scene;
    const sequencer = await scene.start();
    cloud.fault = () => true;
    for (let turn = 0; turn < 300; turn += 1) await append(scene.database.db, act('r-1'));
    await sequencer.flush();
    expect(sequencer.health().ok).toBe(true);
    await until(() => sequencer.health().stores[2]?.lastError === 'LEDGER_UNAVAILABLE');
    cloud.fault = undefined;
    await until(
      async () =>
        (await cloud.get('checkpoint'))?.equals((await hq.get('checkpoint')) ?? Buffer.alloc(0)) ??
        false,
    );
    expect(await provenEntries(cloud)).toHaveLength(300);
  });

  test('the first one, or all the others, make waiting reject and health say so; all is brought later', async () => {
    const { branch, cloud, hq } = scene;
    const sequencer = await scene.start();
    for (const down of [[hq], [branch, cloud]]) {
      for (const one of down) one.fault = (call) => call === 'put';
      const outboxId = await append(scene.database.db, act('r-1'));
      expect(await codeOf(sequencer.wait(outboxId))).toBe('LEDGER_UNAVAILABLE');
      expect(sequencer.health().ok).toBe(false);
      for (const one of down) one.fault = undefined;
      await until(() => sequencer.health().ok);
      await sequencer.wait(outboxId);
    }
    expect(await provenEntries(hq)).toHaveLength(2);
  });

  test('an outage at any single write leaves every checkpoint true and loses nothing', async () => {
    const { branch, hq } = scene;
    let sequencer = await scene.start([hq, branch]);
    for (let turn = 0; turn < 250; turn += 1) await append(scene.database.db, act('r-0'));
    await sequencer.flush();
    const seen: Buffer[] = [];
    for (let step = 0; step < 8; step += 1) {
      const store = step % 2 === 0 ? hq : branch;
      let left = step >> 1;
      store.fault = (call) => call === 'put' && left-- <= 0;
      const outboxId = await append(scene.database.db, act(`r-${step}`));
      await append(scene.database.db, act(`r-${step}`));
      await codeOf(sequencer.wait(outboxId));
      await sequencer.stop();
      for (const one of [hq, branch]) await provenEntries(one);
      store.fault = undefined;
      sequencer = await scene.start([hq, branch]);
      await sequencer.wait(outboxId);
      await sequencer.flush();
      seen.push((await hq.get('checkpoint')) ?? Buffer.alloc(0));
    }
    expect(await provenEntries(hq)).toHaveLength(266);
    expect(await provenEntries(branch)).toHaveLength(266);
    expect(new Set(seen.map(String)).size).toBe(8);
  });

  test('every site keeps the partial tiles of every size that was published, also one that was away', async () => {
    const { branch, cloud, hq } = scene;
    const sequencer = await scene.start();
    const sizes: number[] = [];
    cloud.fault = (call) => call === 'put';
    for (let turn = 0; turn < 14; turn += 1) {
      for (let one = 0; one < 20; one += 1) await append(scene.database.db, act(`r-${turn}`));
      await sequencer.flush();
      const checkpoint = await readCheckpoint((path) => hq.get(path), vkey);
      sizes.push(checkpoint?.size ?? 0);
    }
    cloud.fault = undefined;
    await until(async () => (await readCheckpoint((path) => cloud.get(path), vkey))?.size === 280);
    for (const store of [hq, branch, cloud]) {
      for (const size of sizes) {
        const at = [String(size - (size % 256)), size % 256] as const;
        const folder = at[0] === '0' ? '000' : '001';
        const bundle = await store.get(`tile/entries/${folder}.p/${at[1]}`);
        const tile = await store.get(`tile/0/${folder}.p/${at[1]}`);
        expect([store.name, size, tile?.length]).toEqual([store.name, size, at[1] * 32]);
        expect(decodeBundle(bundle ?? Buffer.alloc(0), at[1])).toHaveLength(at[1]);
      }
    }
  });

  test('a stop leaves all sites with the same checkpoint', async () => {
    const { branch, cloud, hq } = scene;
    const sequencer = await scene.start();
    for (let turn = 0; turn < 5; turn += 1) {
      await sequencer.wait(await append(scene.database.db, act('r-1')));
    }
    await sequencer.stop();
    const sizes = [hq, branch, cloud].map((one) => one.files.get('checkpoint')?.toString());
    expect(new Set(sizes).size).toBe(1);
  });

  test('with one site configured that one is enough', async () => {
    const { hq } = scene;
    const sequencer = await scene.start([hq]);
    expect(await sequencer.wait(await append(scene.database.db, act('r-1')))).toEqual({ index: 0 });
  });
});
