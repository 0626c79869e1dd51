import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../core/audit.ts';
import { fixedClock } from '../core/clock.ts';
import { newUuidV7 } from '../core/ids.ts';
import { createNotices } from '../notices/index.ts';
import { SiteSet } from '../place/index.ts';
import { MemorySite } from '../place/memory-site.testing.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { loadConfig } from './config.ts';
import { siteLimits } from './site-settings.ts';
import { createSites } from './sites-view.ts';
import { startSiteWatch } from './start-site-watch.ts';

const clock = fixedClock('2026-11-20T00:00:00Z');
const entries: AuditEntry[] = [];
const begun: string[] = [];
const audit = {
  append: async (_tx: unknown, entry: AuditEntry) => {
    entries.push(entry);
    return { outboxId: '1' };
  },
  settle: async () => ({ index: 0 }),
};
const stores = ['hq', 'branch', 'cloud'].map((name) => new MemorySite(name));

let database: Awaited<ReturnType<typeof testDatabase>>;
let sites: ReturnType<typeof createSites>;
beforeAll(async () => {
  database = await testDatabase();
  sites = createSites({
    ...{ db: database.db, clock, audit, sites: new SiteSet(stores) },
    entries: [{ name: 'hq' }, { name: 'branch' }, { name: 'cloud', s3: {} as never }],
    scrubber: { begin: (site, kind) => void begun.push(`${site} ${kind}`), stop: async () => {} },
  });
  for (const [pool, bytes] of [
    ['core', 700],
    ['basic', 300],
  ] as const) {
    const id = newUuidV7(clock);
    await database.pool.query(
      `insert into sealed_object (id, record_id, purpose, pool, version, media_type, plain_bytes,
        sealed_bytes, sealed_sha256, created_at) values ($1, $1, 'manifest', $2, 1, 'a/b', 1, $3,
        '\\x00', $4)`,
      [id, pool, bytes, clock.now()],
    );
    for (const site of ['hq', 'cloud']) {
      await database.pool.query(
        `insert into object_copy (object_id, site, written_at) values ($1, $2, $3)`,
        [id, site, new Date(clock.now().getTime() + (site === 'hq' ? 0 : 2000))],
      );
    }
  }
});
afterAll(() => database.close());

const watch = (log: object = {}) => {
  const limits = siteLimits(loadConfig({}, { workFolder: '/tmp' }));
  const deps = { db: database.db, clock, notices: createNotices({ clock }), limits };
  return startSiteWatch(deps, sites.view, log as never);
};
const cloudNow = async () => (await sites.view()).sites[2];

test('each site says where it lies, what our copies take by pool, and how core copies lag', async () => {
  const { sites: all } = await sites.view();
  expect(all.map(({ name, kind, copies }) => [name, kind, copies])).toEqual([
    ...[
      ['hq', 'folder', 2],
      ['branch', 'folder', 0],
      ['cloud', 'bucket', 2],
    ],
  ]);
  expect(all[2]).toMatchObject({
    used: [
      { pool: 'basic', copies: 1, bytes: 300 },
      { pool: 'core', copies: 1, bytes: 700 },
    ],
    // The basic copy is no lag of a core one.
    lagMs: { p50: 2000, p99: 2000, count: 1 },
    ...{ fullUnknown: 'TOO_LITTLE_DATA', alarms: [], verified: {} },
  });
});

test('the watch keeps a history at once, goes on after a stop, and tells which copy is the longest unread', async () => {
  await watch()();
  const time = { from: new Date('2026-11-19T23:00:00Z'), to: new Date('2026-11-20T01:00:00Z') };
  const { points, stepS, site } = await sites.history('cloud', time);
  expect([site, stepS]).toEqual(['cloud', 300]);
  expect(points).toEqual([
    {
      ...{ at: '2026-11-20T00:00:00.000Z', reachable: true, behind: 0, behindS: 0, faults: 0 },
      ...{ usedBytes: 1000, lagMs: { p50: 2000, p99: 2000 } },
    },
  ]);
  expect((await cloudNow())?.verified).toEqual({ oldestAt: '2026-11-20T00:00:02.000Z' });
  clock.set('2026-11-20T00:06:00Z');
  await watch()();
  expect((await sites.history('cloud', time)).points).toHaveLength(2);
});

test('an alarm stands in the view until it is over; a look that fails is logged and does not end the watch', async () => {
  const [, , cloud] = stores;
  if (cloud === undefined) throw new Error('no site');
  cloud.reachable = false;
  await watch()();
  clock.set('2026-11-20T00:12:00Z');
  await watch()();
  const since = '2026-11-20T00:06:00.000Z';
  expect((await cloudNow())?.alarms).toEqual([{ code: 'SITE_UNREACHABLE', since }]);
  cloud.reachable = true;
  clock.set('2026-11-20T00:18:00Z');
  await watch()();
  expect((await cloudNow())?.alarms).toEqual([]);
  const said: unknown[] = [];
  const stop = startSiteWatch(
    ...([{} as never, () => Promise.reject(new TypeError('the database is away'))] as const),
    { warn: (...what: unknown[]) => void said.push(what) } as never,
  );
  await stop();
  expect(said).toEqual([['watch of the sites', { kind: 'TypeError' }]]);
});

test('a site that is being filled says how many of its copies it has; what comes is neither late nor lag', async () => {
  const { pool } = database;
  const before = await cloudNow();
  await pool.query(
    `insert into pending_copy (object_id, site, not_before, due_at, bulk)
      select id, 'branch', $1, $1, true from sealed_object`,
    [clock.now()],
  );
  await pool.query(
    `insert into site_filling (site, begun_at, moved_at) values ('branch', $1, $1), ('cloud', $1, $1)`,
    [clock.now()],
  );
  clock.set('2026-11-20T00:28:00Z');
  const { sites: all } = await sites.view();
  expect(all[1]).toMatchObject({ pendingCopies: 2, behindS: 0 });
  expect(all[1]?.filling).toEqual({ copies: 0, of: 2, since: '2026-11-20T00:18:00.000Z' });
  // Full: what it was filled with is still no lag.
  expect(before?.lagMs).toBeDefined();
  expect(all[2]?.lagMs).toBeUndefined();
  expect(all[2]).not.toHaveProperty('filling');
  await pool.query('delete from pending_copy');
});

test('copies that could not be mended are listed with what stood in the way', async () => {
  await database.pool.query(
    `insert into copy_fault (object_id, site, fault, found_at, attempts, last_error)
      select id, 'cloud', 'OBJECT_MISSING', now(), 3, 'OBJECT_UNCONFIRMED' from sealed_object`,
  );
  const { faults, total } = await sites.faults('cloud');
  expect(total).toBe(2);
  expect(faults[0]).toMatchObject({
    ...{ purpose: 'manifest', code: 'OBJECT_MISSING', attempts: 3 },
    lastError: 'OBJECT_UNCONFIRMED',
  });
  expect(await sites.faults('hq')).toEqual({ faults: [], total: 0 });
  const key = 't0001/segments/000000000007-0123abcd.vkj';
  await database.pool.query(
    `insert into journal_fault (site, key, fault, found_at, attempts, last_error)
      values ('cloud', $1, 'OBJECT_DAMAGED', now() + interval '1 minute', 1, 'OBJECT_MISSING')`,
    [key],
  );
  const more = await sites.faults('cloud');
  expect(more.total).toBe(3);
  expect(more.faults[0]).toMatchObject({ objectId: key, purpose: 'journal', attempts: 1 });
  expect(more.faults[0]).not.toHaveProperty('recordId');
  const view = (await sites.view()).sites.find(({ name }) => name === 'cloud');
  expect(view?.faults).toBe(3);
  await database.pool.query('delete from journal_fault');
});

test('a site that is not configured is named as unknown; a walk that is begun is on the ledger', async () => {
  const time = { from: new Date(0), to: clock.now() };
  for (const asked of [
    async () => sites.history('nowhere', time),
    async () => sites.faults('nowhere'),
  ]) {
    await expect(asked()).rejects.toMatchObject({ code: 'SITE_UNKNOWN' });
  }
  await sites.scrub('hq', 'deep', { id: 'o', role: 'operator' }, 'req-1');
  expect(begun).toEqual(['hq deep']);
  expect(entries).toMatchObject([{ action: 'site.scrub', resource: 'hq', requestId: 'req-1' }]);
});
