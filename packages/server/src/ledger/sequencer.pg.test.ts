import {
  hashLeaf,
  noteSigner,
  openCheckpoint,
  readCheckpoint,
  readLog,
  verifyConsistency,
  verifyInclusion,
} from '@voxkeep/proof';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { hasCode } from '../core/errors.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { appendEntry } from './append-entry.ts';
import type { EntryInput } from './entry.ts';
import { type MemoryStore, memoryStore } from './memory-store.testing.ts';
import type { LedgerStore } from './ports.ts';
import {
  consistencyProof,
  entriesForResource,
  inclusionProof,
  latestCheckpoint,
  readEntry,
} from './read-entries.ts';
import type { Sequencer } from './sequencer-port.ts';
import { startSequencer } from './start-sequencer.ts';

const SEED = Buffer.alloc(32, 5);
const ORIGIN = 'voxkeep.test/ledger';
const { vkey } = noteSigner(ORIGIN, SEED);

let database: Awaited<ReturnType<typeof testDatabase>>;
let hq: MemoryStore;
let branch: MemoryStore;
let cloud: MemoryStore;
const running: Sequencer[] = [];

beforeEach(async () => {
  database = await testDatabase();
  hq = memoryStore('hq');
  branch = memoryStore('branch');
  cloud = memoryStore('cloud');
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await database.close();
});

async function start(
  stores: LedgerStore[] = [hq, branch, cloud],
  more: { signingKey?: Buffer; waitMs?: number } = {},
) {
  const { db, pool } = database;
  const options = { db, pool, clock: systemClock, signingKey: SEED, origin: ORIGIN, stores };
  const sequencer = await startSequencer({ ...options, ...more });
  running.push(sequencer);
  return sequencer;
}

const act = (resource: string, detail?: EntryInput['detail']): EntryInput => ({
  actorId: 'u-1',
  actorRole: 'qa',
  action: 'record.view',
  resource,
  outcome: 'ok',
  ...(detail === undefined ? {} : { detail }),
});

async function append(db: Db, input: EntryInput): Promise<string> {
  const done = await db.transaction().execute((tx) => appendEntry(tx, systemClock, input));
  return done.outboxId;
}

/** All that a site's log proves. */
async function provenEntries(store: LedgerStore): Promise<{ seq: number; resource: string }[]> {
  const checkpoint = await readCheckpoint((path) => store.get(path), vkey);
  if (checkpoint === undefined) throw new Error('no checkpoint');
  const entries = [];
  for await (const { entry } of readLog((path) => store.get(path), checkpoint)) {
    entries.push(JSON.parse(entry.toString()));
  }
  return entries;
}

async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; !(await fact()); turn += 1) {
    if (turn > 500) throw new Error('did not come about');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error && 'code' in error ? String(error.code) : 'accepted';
}

describe('the sequencer', () => {
  test('gives eight writers of 200 entries each indices without gaps, in each one’s order', async () => {
    const sequencer = await start();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const waits = [];
        for (let turn = 0; turn < 200; turn += 1) {
          waits.push(sequencer.wait(await append(database.db, act(`r-${writer}`, { turn }))));
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
    const sequencer = await start();
    const { index } = await sequencer.wait(await append(database.db, act('r-1')));
    const sizes = await Promise.all(
      [hq, branch, cloud].map(
        async (one) => (await readCheckpoint((path) => one.get(path), vkey))?.size ?? 0,
      ),
    );
    expect(sizes[0]).toBeGreaterThan(index);
    expect(Math.max(sizes[1] ?? 0, sizes[2] ?? 0)).toBeGreaterThan(index);
  });

  test('numbers what nobody waits for, and leaves out what was rolled back', async () => {
    const sequencer = await start();
    const rolledBack = database.db.transaction().execute(async (tx) => {
      await appendEntry(tx, systemClock, act('r-lost'));
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await append(database.db, act('r-kept'));
    await until(() => sequencer.health().durableSize === 1);
    expect((await provenEntries(hq)).map((entry) => entry.resource)).toEqual(['r-kept']);
  });

  test('keeps a trail for each resource, newest first and page by page, with proofs', async () => {
    const sequencer = await start();
    for (let turn = 0; turn < 300; turn += 1) await append(database.db, act(`r-${turn % 3}`));
    await sequencer.flush();
    const { db } = database;
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
    const sequencer = await start();
    await sequencer.wait(await append(database.db, act('r-1')));
    const old = openCheckpoint((await latestCheckpoint(database.db))?.checkpoint ?? '', vkey);
    for (let turn = 0; turn < 9; turn += 1) await append(database.db, act('r-2'));
    await sequencer.flush();
    const now = openCheckpoint((await latestCheckpoint(database.db))?.checkpoint ?? '', vkey);
    const proof = await consistencyProof(database.db, old.size, now.size);
    const trees = { fromSize: old.size, fromRoot: old.root, toSize: now.size, toRoot: now.root };
    verifyConsistency({ ...trees, proof });
  });
});

describe('sites that fail', () => {
  test('a third one does not hold anybody up and catches up later', async () => {
    const sequencer = await start();
    cloud.fault = () => true;
    for (let turn = 0; turn < 300; turn += 1) await append(database.db, act('r-1'));
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
    const sequencer = await start();
    for (const down of [[hq], [branch, cloud]]) {
      for (const one of down) one.fault = (call) => call === 'put';
      const outboxId = await append(database.db, act('r-1'));
      expect(await codeOf(sequencer.wait(outboxId))).toBe('LEDGER_UNAVAILABLE');
      expect(sequencer.health().ok).toBe(false);
      for (const one of down) one.fault = undefined;
      await until(() => sequencer.health().ok);
      await sequencer.wait(outboxId);
    }
    expect(await provenEntries(hq)).toHaveLength(2);
  });

  test('an outage at any single write leaves every checkpoint true and loses nothing', async () => {
    let sequencer = await start([hq, branch]);
    for (let turn = 0; turn < 250; turn += 1) await append(database.db, act('r-0'));
    await sequencer.flush();
    const seen: Buffer[] = [];
    for (let step = 0; step < 8; step += 1) {
      const store = step % 2 === 0 ? hq : branch;
      let left = step >> 1;
      store.fault = (call) => call === 'put' && left-- <= 0;
      const outboxId = await append(database.db, act(`r-${step}`));
      await append(database.db, act(`r-${step}`));
      await codeOf(sequencer.wait(outboxId));
      await sequencer.stop();
      for (const one of [hq, branch]) await provenEntries(one);
      store.fault = undefined;
      sequencer = await start([hq, branch]);
      await sequencer.wait(outboxId);
      await sequencer.flush();
      seen.push((await hq.get('checkpoint')) ?? Buffer.alloc(0));
    }
    expect(await provenEntries(hq)).toHaveLength(266);
    expect(await provenEntries(branch)).toHaveLength(266);
    expect([...hq.files.keys()].filter((path) => path.startsWith('tile/0/000.p/'))).toEqual([]);
    expect(new Set(seen.map(String)).size).toBe(8);
  });

  test('with one site configured that one is enough', async () => {
    const sequencer = await start([hq]);
    expect(await sequencer.wait(await append(database.db, act('r-1')))).toEqual({ index: 0 });
  });
});

describe('a start', () => {
  test('takes entries that the catalog has lost back from a site, proven', async () => {
    const first = await start();
    for (let turn = 0; turn < 600; turn += 1) await append(database.db, act(`r-${turn}`));
    await first.flush();
    await until(
      async () =>
        (await cloud.get('checkpoint'))?.toString() === (await hq.get('checkpoint'))?.toString(),
    );
    await first.stop();
    const before = await hq.get('checkpoint');
    await database.close();
    database = await testDatabase();
    const again = await start();
    expect(again.health().size).toBe(600);
    expect((await latestCheckpoint(database.db))?.checkpoint).toBe(before?.toString());
    expect(
      (await entriesForResource(database.db, 'r-599', { limit: 5 })).map((one) => one.index),
    ).toEqual([599]);
    expect(await again.wait(await append(database.db, act('r-new')))).toEqual({ index: 600 });
    expect(await provenEntries(hq)).toHaveLength(601);
  });

  test('does not take back a log with a bent entry', async () => {
    const first = await start();
    for (let turn = 0; turn < 20; turn += 1) await append(database.db, act(`r-${turn}`));
    await first.flush();
    await first.stop();
    await database.close();
    database = await testDatabase();
    const path = [...hq.files.keys()].find((name) => name.startsWith('tile/entries/000.p/20'));
    const bundle = hq.files.get(path ?? '');
    if (bundle === undefined) throw new Error('no bundle');
    bundle[40] = (bundle[40] ?? 0) ^ 1;
    expect(await codeOf(start())).toBe('LEDGER_DAMAGED');
    expect((await latestCheckpoint(database.db))?.size).toBe(0);
  });

  test('refuses a site that another key signed, and writes nothing there', async () => {
    const other = await start([hq], { signingKey: Buffer.alloc(32, 6) });
    await other.wait(await append(database.db, act('r-1')));
    await other.stop();
    await database.close();
    database = await testDatabase();
    const puts = hq.puts;
    expect(await codeOf(start([hq]))).toBe('LEDGER_STORE_FOREIGN');
    expect(hq.puts).toBe(puts);
  });

  test('refuses a site whose signed tree is not this one', async () => {
    const first = await start([hq]);
    await first.wait(await append(database.db, act('r-1')));
    await first.stop();
    await database.close();
    database = await testDatabase();
    const second = await start([branch]);
    await second.wait(await append(database.db, act('r-other')));
    await append(database.db, act('r-other'));
    await second.flush();
    await second.stop();
    expect(await codeOf(start([branch, hq]))).toBe('LEDGER_FORKED');
    expect(await codeOf(start([hq, branch]))).toBe('LEDGER_FORKED');
  });

  test('numbers nothing before the needed sites have been looked at', async () => {
    hq.fault = () => true;
    const sequencer = await start([hq, branch], { waitMs: 400 });
    const outboxId = await append(database.db, act('r-1'));
    expect(await codeOf(sequencer.wait(outboxId))).toBe('LEDGER_UNAVAILABLE');
    expect((await latestCheckpoint(database.db))?.size).toBe(0);
    expect(sequencer.health()).toMatchObject({ ok: false, lastError: 'LEDGER_UNAVAILABLE' });
    hq.fault = undefined;
    await until(() => sequencer.health().durableSize === 1);
  });
});

describe('two sequencers', () => {
  test('one leads and the other stands by, waits all the same, and takes over', async () => {
    const leader = await start();
    const standby = await start();
    expect([leader.health().leading, standby.health().leading]).toEqual([true, false]);
    expect(await standby.wait(await append(database.db, act('r-1')))).toEqual({ index: 0 });
    await leader.stop();
    await until(() => standby.health().leading);
    expect(await standby.wait(await append(database.db, act('r-2')))).toEqual({ index: 1 });
    expect(await provenEntries(hq)).toHaveLength(2);
  });

  test('a leader whose lock is gone cannot number what another one has numbered', async () => {
    const leader = await start([hq]);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 6962
        and database = (select oid from pg_database where datname = current_database())`,
    );
    const other = await start([hq]);
    const waits = [];
    for (let turn = 0; turn < 20; turn += 1) {
      waits.push((turn % 2 === 0 ? leader : other).wait(await append(database.db, act('r-1'))));
    }
    const indices = (await Promise.all(waits)).map((one) => one.index);
    expect(indices.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect([leader, other].filter((one) => one.health().leading)).toHaveLength(1);
    expect(await provenEntries(hq)).toHaveLength(20);
  });
});

describe('an entry', () => {
  test.each([
    ['action', { ...act('r-1'), action: 'record.steal' }],
    ['resource', act('13800138000')],
    ['resource', act('张三')],
    ['actorId', { ...act('r-1'), actorId: '' }],
    ['detail/note', act('r-1', { note: 'he said hello' })],
    ['detail/count', act('r-1', { count: Number.NaN })],
    [
      'purpose/commitment',
      { ...act('r-1'), purpose: { category: 'complaint', commitment: 'abc' } },
    ],
  ])('that could hold personal data or no sense is refused, naming %s', async (field, input) => {
    const error = await append(database.db, input).catch((reason: unknown) => reason);
    expect(hasCode(error, 'LEDGER_ENTRY_INVALID') && error.field).toBe(field);
  });
});
