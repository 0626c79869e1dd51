import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import {
  act,
  append,
  codeOf,
  type LedgerScene,
  ledgerScene,
  log,
  provenEntries,
  until,
} from './ledger-scene.testing.ts';
import { entriesForResource, latestCheckpoint } from './read-entries.ts';
import { loadTree, sequenceBatch } from './sequence-batch.ts';

let scene: LedgerScene;
beforeEach(async () => {
  scene = await ledgerScene();
});
afterEach(() => scene.close());

describe('a start', () => {
  test('takes entries that the catalog has lost back from a site, proven', async () => {
    const { cloud, hq } = scene;
    const first = await scene.start();
    for (let turn = 0; turn < 600; turn += 1) await append(scene.database.db, act(`r-${turn}`));
    await first.flush();
    await until(
      async () =>
        (await cloud.get('checkpoint'))?.toString() === (await hq.get('checkpoint'))?.toString(),
    );
    await first.stop();
    const before = await hq.get('checkpoint');
    await scene.loseCatalog();
    const again = await scene.start();
    expect(again.health().size).toBe(600);
    expect((await latestCheckpoint(scene.database.db))?.checkpoint).toBe(before?.toString());
    expect(
      (await entriesForResource(scene.database.db, 'r-599', { limit: 5 })).map((one) => one.index),
    ).toEqual([599]);
    expect(await again.wait(await append(scene.database.db, act('r-new')))).toEqual({ index: 600 });
    expect(await provenEntries(hq)).toHaveLength(601);
  });

  test('does not take back a log with a bent entry', async () => {
    const { hq } = scene;
    const first = await scene.start();
    for (let turn = 0; turn < 20; turn += 1) await append(scene.database.db, act(`r-${turn}`));
    await first.flush();
    await first.stop();
    await scene.loseCatalog();
    const path = [...hq.files.keys()].find((name) => name.startsWith('tile/entries/000.p/20'));
    const bundle = hq.files.get(path ?? '');
    if (bundle === undefined) throw new Error('no bundle');
    bundle[40] = (bundle[40] ?? 0) ^ 1;
    expect(await codeOf(scene.start())).toBe('LEDGER_DAMAGED');
    expect((await latestCheckpoint(scene.database.db))?.size).toBe(0);
  });

  test('refuses a site that another key signed, and writes nothing there', async () => {
    const { hq } = scene;
    const other = await scene.start([hq], { signingKey: Buffer.alloc(32, 6) });
    await other.wait(await append(scene.database.db, act('r-1')));
    await other.stop();
    await scene.loseCatalog();
    const puts = hq.puts;
    expect(await codeOf(scene.start([hq]))).toBe('LEDGER_STORE_FOREIGN');
    expect(hq.puts).toBe(puts);
  });

  test('refuses a site whose signed tree is not this one', async () => {
    const { branch, hq } = scene;
    const first = await scene.start([hq]);
    await first.wait(await append(scene.database.db, act('r-1')));
    await first.stop();
    await scene.loseCatalog();
    const second = await scene.start([branch]);
    await second.wait(await append(scene.database.db, act('r-other')));
    await append(scene.database.db, act('r-other'));
    await second.flush();
    await second.stop();
    expect(await codeOf(scene.start([branch, hq]))).toBe('LEDGER_FORKED');
    expect(await codeOf(scene.start([hq, branch]))).toBe('LEDGER_FORKED');
  });

  test('numbers nothing before the needed sites have been looked at', async () => {
    const { branch, hq } = scene;
    hq.fault = () => true;
    const sequencer = await scene.start([hq, branch], { waitMs: 400 });
    const outboxId = await append(scene.database.db, act('r-1'));
    expect(await codeOf(sequencer.wait(outboxId))).toBe('LEDGER_UNAVAILABLE');
    expect((await latestCheckpoint(scene.database.db))?.size).toBe(0);
    expect(sequencer.health()).toMatchObject({ ok: false, lastError: 'LEDGER_UNAVAILABLE' });
    hq.fault = undefined;
    await until(() => sequencer.health().durableSize === 1);
  });
});

describe('two sequencers', () => {
  test('one leads and the other stands by, waits all the same, and takes over', async () => {
    const { hq } = scene;
    const leader = await scene.start();
    const standby = await scene.start();
    expect([leader.health().leading, standby.health().leading]).toEqual([true, false]);
    expect(await standby.wait(await append(scene.database.db, act('r-1')))).toEqual({ index: 0 });
    await leader.stop();
    await until(() => standby.health().leading);
    expect(await standby.wait(await append(scene.database.db, act('r-2')))).toEqual({ index: 1 });
    expect(await provenEntries(hq)).toHaveLength(2);
  });

  test('a leader whose lock is gone cannot number what another one has numbered', async () => {
    const { hq } = scene;
    const leader = await scene.start([hq]);
    await scene.database.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 6962
        and database = (select oid from pg_database where datname = current_database())`,
    );
    const other = await scene.start([hq]);
    const waits = [];
    for (let turn = 0; turn < 20; turn += 1) {
      waits.push(
        (turn % 2 === 0 ? leader : other).wait(await append(scene.database.db, act('r-1'))),
      );
    }
    const indices = (await Promise.all(waits)).map((one) => one.index);
    expect(indices.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect([leader, other].filter((one) => one.health().leading)).toHaveLength(1);
    expect(await provenEntries(hq)).toHaveLength(20);
  });
});

test('one that takes over in the moment in which it is stopped keeps neither lock nor connection', async () => {
  const { hq } = scene;
  const { pool } = scene.database;
  const leader = await scene.start([hq]);
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  const slow = Object.create(pool, {
    connect: {
      value: async () => {
        calls += 1;
        if (calls > 1) {
          asked.resolve();
          await gate.promise;
        }
        return pool.connect();
      },
    },
  }) as typeof pool;
  const other = await scene.start([hq], { pool: slow });
  await leader.stop();
  await asked.promise;
  const stopping = other.stop();
  gate.resolve();
  await stopping;
  expect(pool.totalCount - pool.idleCount).toBe(0);
});

describe('a batch', () => {
  test('is not numbered upon a tree that has grown meanwhile: a size is signed once', async () => {
    const { db } = scene.database;
    const stale = await loadTree(db, log, systemClock);
    await append(db, act('r-1'));
    await sequenceBatch(db, systemClock, stale);
    const signed = await latestCheckpoint(db);
    await append(db, act('r-2'));
    const late = sequenceBatch(db, systemClock, stale);
    expect(await codeOf(late)).toBe('LEDGER_UNAVAILABLE');
    expect(await latestCheckpoint(db)).toEqual(signed);
  });

  test('is not numbered upon a catalog whose tiles were changed', async () => {
    const { db, pool } = scene.database;
    await append(db, act('r-1'));
    const tree = await loadTree(db, log, systemClock);
    await sequenceBatch(db, systemClock, tree);
    await pool.query("update ledger_tile set hashes = decode(repeat('00', 32), 'hex')");
    expect(await codeOf(loadTree(db, log, systemClock))).toBe('LEDGER_DAMAGED');
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
    const error = await append(scene.database.db, input).catch((reason: unknown) => reason);
    expect(hasCode(error, 'LEDGER_ENTRY_INVALID') && error.field).toBe(field);
  });
});
