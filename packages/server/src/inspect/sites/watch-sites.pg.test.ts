import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import { fixedClock } from '../../core/clock.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { createNotices } from '../../notices/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { standingAlarms } from './standing-alarms.ts';
import { type SeenSite, watchSites } from './watch-sites.ts';

const START = new Date('2026-11-20T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const limits = {
  ...{ awayMinutes: 5, lagSeconds: 60, overdueMinutes: 15, dailyHours: 24, freePercent: 10 },
  ...{ fullDays: 30, scrubPeriods: 2, lightHours: 24, deepDays: 7 },
  ...{ drillDays: 30, drillLimitMinutes: 45, fillDays: 7 },
};
const GOOD: SeenSite = {
  ...{ name: 'cloud', reachable: true, pendingCopies: 0, behindS: 0, faults: 0 },
  ...{ freeBytes: 800e9, totalBytes: 1000e9 },
};

const clock = fixedClock(START);
let database: Awaited<ReturnType<typeof testDatabase>>;
let atMs: number;
beforeAll(async () => {
  database = await testDatabase();
  for (const role of ['operator', 'compliance', 'admin', 'qa'] as const) {
    const deps = { db: database.db, clock, seals: testSeals() };
    const named = { username: `the-${role}`, displayName: role, personId: role };
    await createAccount(deps, { ...named, role, password: 'correct horse battery' });
  }
});
afterAll(() => database.close());
beforeEach(async () => {
  const tables = [
    'notice',
    'drill_report',
    'site_alarm',
    'site_sample',
    'scrub_run',
    'copy_fault',
    'pending_copy',
    'site_filling',
  ];
  for (const table of [...tables, 'object_copy', 'sealed_object']) {
    await database.pool.query(`delete from ${table}`);
  }
  atMs = 0;
  clock.set(START);
});

/** Each time a new process: nothing but the catalog is remembered. */
async function look(seen: Partial<SeenSite> = {}): Promise<void> {
  const notices = createNotices({ clock });
  await watchSites({ db: database.db, clock, notices, limits }, [{ ...GOOD, ...seen }]);
}
/** Lets time pass, looking every half minute. */
async function pass(ms: number, seen: Partial<SeenSite> = {}, everyMs = MINUTE_MS / 2) {
  for (const endMs = atMs + ms; atMs < endMs; ) {
    atMs += everyMs;
    clock.set(new Date(START.getTime() + atMs));
    await look(seen);
  }
}
/** Who was told of what, in order, and the tellings are forgotten. */
async function told(): Promise<string[]> {
  const rows = await database.db
    .selectFrom('notice')
    .innerJoin('staff', 'staff.actor_id', 'notice.actor_id')
    .select(['role', 'kind', 'severity', 'resource', 'detail'])
    .orderBy('notice.id')
    .execute();
  await database.pool.query('delete from notice');
  return rows.map(({ role, kind, severity, resource, detail }) => {
    expect([kind, severity, resource]).toEqual([
      ...(kind === 'site.alarm' ? [kind, 'alarm', 'cloud'] : ['site.clear', 'info', 'cloud']),
    ]);
    return `${role} ${kind.slice(5)} ${detail['code']}`;
  });
}
const standing = async () => (await standingAlarms(database.db)).map(({ code }) => code);
const instant = (ago: number) => new Date(clock.now().getTime() - ago);

async function object(pool: string, createdAt: Date, bytes = 100): Promise<string> {
  const id = newUuidV7({ now: () => createdAt });
  await database.pool.query(
    `insert into sealed_object (id, record_id, purpose, pool, version, media_type, plain_bytes,
      sealed_bytes, sealed_sha256, created_at) values ($1, $1, 'redacted', $2, 1, 'audio/wav', 1,
      $3, '\\x00', $4)`,
    [id, pool, bytes, createdAt],
  );
  return id;
}
const copied = (id: string, writtenAt: Date) =>
  database.pool.query(
    `insert into object_copy (object_id, site, written_at) values ($1,'cloud',$2)`,
    [...[id, writtenAt]],
  );
const pending = (id: string, due: Date, more: { notBefore?: Date; bulk?: boolean } = {}) =>
  database.pool.query(
    `insert into pending_copy (object_id, site, due_at, not_before, attempts, bulk)
      values ($1, 'cloud', $2, $3, $4, $5)`,
    [id, due, more.notBefore ?? due, more.notBefore === undefined ? 0 : 3, more.bulk ?? false],
  );

/** A walk over all objects began at that time, and found copies missing. */
const filled = (at: Date) =>
  database.pool.query(
    `insert into site_filling (site, begun_at, moved_at) values ('cloud', $1, $1)`,
    [at],
  );

test('a site that does not answer is told to operators after five minutes, once, and once when it is back for five', async () => {
  await pass(4 * MINUTE_MS, { reachable: false });
  expect(await told()).toEqual([]);
  expect(await standing()).toEqual([]);
  await pass(30 * MINUTE_MS, { reachable: false });
  expect(await told()).toEqual(['operator alarm SITE_UNREACHABLE']);
  expect(await standing()).toEqual(['SITE_UNREACHABLE']);
  await pass(4 * MINUTE_MS);
  // It comes and goes: that is no news.
  await pass(2 * MINUTE_MS, { reachable: false });
  await pass(4 * MINUTE_MS);
  expect(await told()).toEqual([]);
  await pass(3 * MINUTE_MS);
  expect(await told()).toEqual(['operator clear SITE_UNREACHABLE']);
  expect(await standing()).toEqual([]);
  await pass(10 * MINUTE_MS);
  expect(await told()).toEqual([]);
});

test('a site that answers again within five minutes is not told, however often', async () => {
  for (let turn = 0; turn < 4; turn += 1) {
    await pass(4 * MINUTE_MS, { reachable: false });
    await pass(MINUTE_MS);
  }
  expect(await told()).toEqual([]);
});

test('processes that look at the same moment tell once', async () => {
  await Promise.all(Array.from({ length: 6 }, () => look({ freeBytes: 50e9 })));
  expect(await told()).toEqual(['operator alarm SITE_SPACE_LOW']);
});

test('copies that took more than a minute are told while they are the newest, of basic calls never', async () => {
  const created = instant(3 * MINUTE_MS);
  for (let at = 0; at < 50; at += 1) await copied(await object('basic', created), clock.now());
  for (let at = 0; at < 50; at += 1) await copied(await object('core', created), created);
  await look();
  expect(await told()).toEqual([]);
  for (let at = 0; at < 3; at += 1) await copied(await object('core', created), clock.now());
  await look();
  expect(await told()).toEqual(['operator alarm SITE_LAGGING']);
  // A quarter of an hour later nothing slow is among what was copied lately.
  await pass(14 * MINUTE_MS);
  expect(await told()).toEqual([]);
  await pass(8 * MINUTE_MS);
  expect(await told()).toEqual(['operator clear SITE_LAGGING']);
});

test('while copies wait and none is made nobody says that they are fast again', async () => {
  const created = instant(3 * MINUTE_MS);
  await copied(await object('core', created), clock.now());
  await look();
  expect(await told()).toEqual(['operator alarm SITE_LAGGING']);
  await pending(await object('core', clock.now()), clock.now());
  await pass(25 * MINUTE_MS);
  expect(await told()).toEqual(['operator alarm COPIES_OVERDUE']);
  expect(await standing()).toContain('SITE_LAGGING');
});

/** Core objects from before, and that they are to come. */
async function toFill(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push(await object('core', instant(2 * HOUR_MS)));
  await filled(clock.now());
  for (const id of ids) await pending(id, clock.now(), { bulk: true });
  return ids;
}
async function fillWith(id: string | undefined): Promise<void> {
  await database.pool.query('delete from pending_copy where object_id = $1', [id]);
  await copied(id ?? '', clock.now());
}

test('a site that is being filled neither lags nor is late, and a new call that is slow there still lags', async () => {
  for (const id of await toFill(40)) {
    await fillWith(id);
    await pass(MINUTE_MS);
  }
  expect(await told()).toEqual([]);
  await copied(await object('core', instant(2 * MINUTE_MS)), clock.now());
  await look();
  expect(await told()).toEqual(['operator alarm SITE_LAGGING']);
});

test('a filling that stands still is told after ninety minutes, not while its site is away, and is over when it moves', async () => {
  const ids = await toFill(3);
  await pass(80 * MINUTE_MS);
  expect(await told()).toEqual([]);
  await pass(3 * HOUR_MS, { reachable: false });
  expect(await told()).toEqual(['operator alarm SITE_UNREACHABLE']);
  await pass(80 * MINUTE_MS);
  expect(await told()).toEqual(['operator clear SITE_UNREACHABLE']);
  await pass(15 * MINUTE_MS);
  expect(await told()).toEqual(['operator alarm SITE_FILLING_SLOWLY']);
  for (const id of ids.slice(1)) await fillWith(id);
  await pass(10 * MINUTE_MS);
  expect(await told()).toEqual(['operator clear SITE_FILLING_SLOWLY']);
});

test('a filling that would need more than a week more is told, and one that is faster is not', async () => {
  const ids = await toFill(200);
  await pass(HOUR_MS / 2);
  await fillWith(ids[0]);
  await pass(HOUR_MS / 4);
  // An hour at least is looked at.
  expect(await told()).toEqual([]);
  await pass(HOUR_MS / 2);
  expect(await told()).toEqual(['operator alarm SITE_FILLING_SLOWLY']);
  for (const id of ids.slice(1, 100)) await fillWith(id);
  await pass(10 * MINUTE_MS);
  expect(await told()).toEqual(['operator clear SITE_FILLING_SLOWLY']);
});

test('a core copy is overdue after fifteen minutes, whenever its next try is; a basic one after a day', async () => {
  const tried = { notBefore: new Date('2026-11-20T01:00:00Z') };
  await pending(await object('core', clock.now()), clock.now(), tried);
  await filled(instant(DAY_MS));
  await pending(await object('core', instant(90 * DAY_MS)), instant(DAY_MS), { bulk: true });
  // As the daily copies of calls are.
  const daily = { bulk: true };
  await pending(
    await object('basic', clock.now()),
    new Date(START.getTime() + 20 * HOUR_MS),
    daily,
  );
  await pass(15 * MINUTE_MS);
  expect(await told()).toEqual([]);
  await pass(MINUTE_MS);
  expect(await told()).toEqual(['operator alarm COPIES_OVERDUE']);
  await database.pool.query('delete from pending_copy where due_at <= $1', [START]);
  await pass(24.5 * HOUR_MS, {}, HOUR_MS / 4);
  expect(await told()).toEqual(['operator clear COPIES_OVERDUE']);
  await pass(HOUR_MS, {}, HOUR_MS / 4);
  expect(await told()).toContain('operator alarm DAILY_COPIES_OVERDUE');
  expect(await standing()).not.toContain('COPIES_OVERDUE');
});

test('a site with less than a tenth free is told, and stays so while it does not answer', async () => {
  await look({ freeBytes: 99e9 });
  expect(await told()).toEqual(['operator alarm SITE_SPACE_LOW']);
  const away = { reachable: false, freeBytes: undefined, totalBytes: undefined };
  await pass(20 * MINUTE_MS, away);
  expect(await told()).toEqual(['operator alarm SITE_UNREACHABLE']);
  expect(await standing()).toEqual(['SITE_SPACE_LOW', 'SITE_UNREACHABLE']);
  await pass(10 * MINUTE_MS, { freeBytes: 101e9 });
  expect((await told()).sort()).toEqual([
    'operator clear SITE_SPACE_LOW',
    'operator clear SITE_UNREACHABLE',
  ]);
});

test('a site that will be full within thirty days is told when enough days are known', async () => {
  let free = 800e9;
  const filling = async (days: number) => {
    for (let at = 0; at < days * 4; at += 1) {
      free -= 10e9;
      await pass(6 * HOUR_MS, { freeBytes: free }, 6 * HOUR_MS);
    }
  };
  await filling(2);
  expect(await standing()).toEqual([]);
  await filling(2);
  // 640 GB at 40 GB a day.
  expect(await told()).toContain('operator alarm SITE_FULL_SOON');
  expect(await standing()).toContain('SITE_FULL_SOON');
});

test('copies that could not be mended are told to operators and compliance; those under repair are not', async () => {
  const id = await object('core', clock.now());
  const fault = (last: string | null) =>
    database.pool.query(
      `insert into copy_fault (object_id, site, fault, found_at, last_error)
        values ($1, 'cloud', 'OBJECT_MISSING', $2, $3)
        on conflict (object_id, site) do update set last_error = excluded.last_error`,
      [id, clock.now(), last],
    );
  await fault(null);
  await look();
  expect(await told()).toEqual([]);
  await fault('OBJECT_MISSING');
  await look();
  const alarm = 'alarm COPIES_UNREPAIRED';
  expect((await told()).sort()).toEqual([`compliance ${alarm}`, `operator ${alarm}`]);
  await database.pool.query('delete from copy_fault');
  await pass(6 * MINUTE_MS);
  const clear = 'clear COPIES_UNREPAIRED';
  expect((await told()).sort()).toEqual([`compliance ${clear}`, `operator ${clear}`]);
});

test('a walk is overdue after two of its periods without an end, and a new archive has as long', async () => {
  const walk = (kind: string, ended: Date | null) =>
    database.pool.query(
      `insert into scrub_run (id, site, kind, started_at, ended_at) values ($1,'cloud',$2,$3,$4)`,
      [newUuidV7(clock), kind, clock.now(), ended],
    );
  await pass(HOUR_MS, {}, HOUR_MS);
  await pass(47 * HOUR_MS, {}, HOUR_MS);
  expect(await told()).toEqual([]);
  await walk('light', null);
  await pass(2 * HOUR_MS, {}, HOUR_MS);
  expect(await told()).toEqual(['operator alarm SCRUB_OVERDUE']);
  await walk('light', clock.now());
  await pass(10 * MINUTE_MS);
  expect(await told()).toEqual(['operator clear SCRUB_OVERDUE']);
  for (let day = 0; day < 11; day += 1) {
    await walk('light', clock.now());
    await pass(DAY_MS, {}, DAY_MS);
  }
  expect(await told()).toEqual([]);
  await walk('light', clock.now());
  await pass(DAY_MS, {}, DAY_MS);
  await walk('light', clock.now());
  await pass(DAY_MS, {}, DAY_MS);
  expect(await told()).toEqual(['operator alarm SCRUB_OVERDUE']);
});
