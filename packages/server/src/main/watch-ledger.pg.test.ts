import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../access/index.ts';
import { testSeals } from '../access/seals.testing.ts';
import { systemClock } from '../core/clock.ts';
import type { LedgerHealth } from '../ledger/index.ts';
import {
  act,
  append,
  type LedgerScene,
  ledgerScene,
  until,
  vkey,
} from '../ledger/ledger-scene.testing.ts';
import { memoryWitness } from '../ledger/witness.testing.ts';
import { createNotices } from '../notices/index.ts';
import { watchLedger } from './watch-ledger.ts';

const TOLD = ['admin', 'auditor', 'compliance'] as const;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;

let scene: LedgerScene;
let stops: (() => Promise<void>)[];
beforeEach(async () => {
  scene = await ledgerScene();
  stops = [];
  for (const role of [...TOLD, 'qa', 'operator', 'approver'] as const) {
    const deps = { db: scene.database.db, clock: systemClock, seals: testSeals() };
    const named = { username: `the-${role}`, displayName: role, personId: role };
    await createAccount(deps, { ...named, role, password: 'correct horse battery' });
  }
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await scene.close();
});

function watch(health: () => LedgerHealth, aheadMs = 0) {
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  const queue = { deliver: async () => undefined };
  const channels = new Set(['webhook', 'mail'] as const);
  const notices = createNotices({ clock, outgoing: { channels, queue } });
  const stop = watchLedger({ ...{ db: scene.database.db, clock, notices, log, everyMs }, health });
  stops.push(stop);
  return stop;
}
/** Who was told of what, each telling once. */
async function told(): Promise<string[]> {
  const rows = await scene.database.db
    .selectFrom('notice')
    .innerJoin('staff', 'staff.actor_id', 'notice.actor_id')
    .select(['role', 'kind', 'severity', 'resource', 'detail'])
    .orderBy('notice.id')
    .execute();
  expect(rows.every(({ kind, severity }) => kind === 'ledger.alarm' && severity === 'alarm')).toBe(
    true,
  );
  return rows.map(({ role, resource, detail }) => `${role} ${detail['code']} ${resource ?? '-'}`);
}
const tellingOf = (what: string) => TOLD.map((role) => `${role} ${what}`).sort();
const everyMs = 50;
/** Several looks. Of a ledger that works, also what it does after it has rested from a failure. */
const aWhile = (ms = 8 * everyMs) => new Promise((resolve) => setTimeout(resolve, ms));
const RESTED_MS = 1_600;

/** The health of a ledger at whose witness `code` was met last. */
const withWitness = (code?: string, at: Partial<LedgerHealth> = {}): LedgerHealth =>
  ({
    ...{ ok: true, stores: [], lastError: undefined, ...at },
    witnessing: { witnesses: [{ name: 'witness.test/one', lastError: code }] },
  }) as unknown as LedgerHealth;

test('a witness that has seen another history is told to administrators, auditors and compliance, once', async () => {
  const witness = memoryWitness('witness.test/one', 20, vkey);
  const sequencer = await scene.start(undefined, {
    witnesses: { witnesses: [witness], quorum: 1, required: false },
  });
  const { db } = scene.database;
  const { actor_id: auditor } = await db
    .selectFrom('staff')
    .select('actor_id')
    .where('role', '=', 'auditor')
    .executeTakeFirstOrThrow();
  const sealed = { sealed: Buffer.alloc(1), changed_at: new Date() };
  await db
    .insertInto('notice_address')
    .values({ actor_id: auditor, ...sealed })
    .execute();
  watch(() => sequencer.health());
  await append(scene.database.db, act('r-1'));
  await until(() => witness.seen.size === 1);
  witness.seen.root = Buffer.alloc(32, 9);
  await append(scene.database.db, act('r-2'));
  await until(async () => (await told()).length > 0);
  await append(scene.database.db, act('r-3'));
  await aWhile(RESTED_MS);
  expect((await told()).sort()).toEqual(tellingOf('WITNESS_FORKED witness.test/one'));
  // One by webhook, and a mail to the one who gave an address.
  const leaving = await scene.database.db
    .selectFrom('notice_delivery')
    .select(['channel', 'kind', 'actor_id'])
    .orderBy('channel')
    .execute();
  expect(leaving).toEqual([
    { channel: 'mail', kind: 'ledger.alarm', actor_id: auditor },
    { channel: 'webhook', kind: 'ledger.alarm', actor_id: null },
  ]);
});

test('a site whose tree is another one is told while the archive refuses further acts', async () => {
  const other = await scene.start();
  await other.wait(await append(scene.database.db, act('r-1')));
  await other.stop();
  const foreign = new Map(scene.hq.files);
  await scene.loseCatalog();
  for (const site of [scene.hq, scene.branch, scene.cloud]) site.files.clear();
  for (const role of TOLD) {
    const deps = { db: scene.database.db, clock: systemClock, seals: testSeals() };
    const named = { username: `new-${role}`, displayName: role, personId: role };
    await createAccount(deps, { ...named, role, password: 'correct horse battery' });
  }
  const sequencer = await scene.start();
  watch(() => sequencer.health());
  await sequencer.wait(await append(scene.database.db, act('r-2')));
  // The site goes away and comes back with another disk.
  scene.hq.fault = () => true;
  await append(scene.database.db, act('r-3'));
  await until(() => !sequencer.health().ok);
  for (const [path, bytes] of foreign) scene.hq.files.set(path, bytes);
  scene.hq.fault = undefined;
  await until(async () => (await told()).length > 0);
  await aWhile(RESTED_MS);
  const all = await told();
  expect(all.map((one) => one.split(' ')[1])).toEqual(Array(3).fill('LEDGER_FORKED'));
  expect(sequencer.health().ok).toBe(false);
});

test('a site or a witness that is silent is no alarm', async () => {
  watch(() =>
    withWitness('WITNESS_UNREACHABLE', {
      lastError: 'LEDGER_UNAVAILABLE',
      stores: [{ name: 'hq', size: 0, lastError: 'LEDGER_UNAVAILABLE' }],
    }),
  );
  await aWhile();
  expect(await told()).toEqual([]);
});

test('neither a start of the archive nor what comes and goes rings again the same day', async () => {
  let code: string | undefined = 'WITNESS_REFUSED';
  const stop = watch(() => withWitness(code));
  await until(async () => (await told()).length === 3);
  await stop();
  const next = watch(() => withWitness(code));
  await aWhile();
  code = undefined;
  await aWhile();
  code = 'WITNESS_REFUSED';
  await aWhile();
  expect(await told()).toHaveLength(3);
  // Another thing at the same witness is another alarm.
  code = 'WITNESS_AHEAD';
  await until(async () => (await told()).length === 6);
  await next();
  watch(() => withWitness('WITNESS_REFUSED'), 2 * 86_400_000);
  await until(async () => (await told()).length === 9);
});

test('a fork that several sites meet is one alarm', async () => {
  const fork = { size: 0, lastError: 'LEDGER_FORKED' as const };
  const stores = [
    { name: 'hq', ...fork },
    { name: 'cloud', ...fork },
  ];
  watch(() => withWitness(undefined, { lastError: 'LEDGER_FORKED', stores }));
  await until(async () => (await told()).length > 0);
  await aWhile();
  expect((await told()).sort()).toEqual(tellingOf('LEDGER_FORKED hq'));
});

test('what could not be told is told at the next look', async () => {
  let broken = true;
  const clock = systemClock;
  const notices = createNotices({ clock });
  stops.push(
    watchLedger({
      ...{ db: scene.database.db, clock, log, everyMs },
      health: () => withWitness('WITNESS_FORKED'),
      notices: {
        async tell(tx, telling) {
          if (broken) throw new Error('not now');
          return notices.tell(tx, telling);
        },
      },
    }),
  );
  await aWhile();
  expect(await told()).toEqual([]);
  broken = false;
  await until(async () => (await told()).length === 3);
});
