import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../access/index.ts';
import { testSeals } from '../access/seals.testing.ts';
import type { AuditEntry } from '../core/audit.ts';
import { fixedClock } from '../core/clock.ts';
import { createNotices } from '../notices/index.ts';
import { SHIPPED } from '../place/placement.testing.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { openPlacement, type PlacementInForce } from './placement-in-force.ts';
import { createPlacement, settlePlacement } from './placement-view.ts';
import { createSites } from './sites-view.ts';
import { isEvictionDue } from './start-placer.ts';

const OPERATOR = { id: 'o-1', role: 'operator' };
const MIGRATION = resolve(import.meta.dirname, '../../migrations/000015_placement.sql');
const clock = fixedClock('2026-11-20T01:00:00Z');

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let settings: { placement: string; timeZone: string };
let entries: AuditEntry[];
let warned: string[];
let woken: number;

beforeEach(async () => {
  clock.set('2026-11-20T01:00:00Z');
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-placement-'));
  settings = { placement: join(folder, 'placement.yaml'), timeZone: 'Asia/Shanghai' };
  await writeFile(settings.placement, SHIPPED);
  entries = [];
  warned = [];
  woken = 0;
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const audit = {
  append: async (_tx: unknown, entry: AuditEntry) => {
    entries.push(entry);
    return { outboxId: String(entries.length) };
  },
  settle: async () => ({ index: 0 }),
};
const log: EventLog = {
  info: () => undefined,
  warn: (event) => void warned.push(event),
  error: () => undefined,
};
/** A start of the archive. */
async function start(): Promise<PlacementInForce> {
  const { db } = database;
  const placement = await openPlacement(db, settings);
  const notices = createNotices({ clock });
  await settlePlacement(settings, { db, clock, audit, notices, placement, log });
  return placement;
}
const portOf = (placement: PlacementInForce) =>
  createPlacement(settings, {
    ...{ db: database.db, clock, audit, placement },
    placer: { wake: () => void (woken += 1) },
  });
const change = async (from: string, to: string) => {
  const yaml = await readFile(settings.placement, 'utf8');
  expect(yaml).toContain(from);
  await writeFile(settings.placement, yaml.replace(from, to));
};

test('a new archive follows its file from the first start on, and the ledger says so', async () => {
  const placement = await start();
  expect(placement.acknowledged('basic')).toEqual(['hq']);
  expect(entries).toMatchObject([{ action: 'placement.apply', detail: { first: true } }]);
  await start();
  expect(entries).toHaveLength(1);
  expect(await portOf(placement).view()).toMatchObject({
    ...{ fileDiffers: false, dailyAt: '02:00', nextDaily: '2026-11-20T18:00:00.000Z' },
    ...{ pendingCopies: 0, pendingRemovals: 0, spreadAt: clock.now().toISOString() },
  });
});

test('a changed file changes nothing before it is applied; operators are told once a day', async () => {
  const { db } = database;
  const deps = { db, clock, seals: testSeals() };
  for (const role of ['operator', 'qa'] as const) {
    const named = { username: role, displayName: role, role, personId: role };
    await createAccount(deps, { ...named, password: 'correct horse battery' });
  }
  await start();
  await change('acknowledged: [hq]', 'acknowledged: [hq, branch]');
  await change('daily: [branch, cloud]', 'daily: [cloud]');
  const placement = await start();
  expect(placement.acknowledged('basic')).toEqual(['hq']);
  expect(warned).toHaveLength(1);
  await start();
  const told = async () => {
    const rows = await db
      .selectFrom('notice')
      .innerJoin('staff', 'staff.actor_id', 'notice.actor_id')
      .select(['role', 'kind', 'severity'])
      .execute();
    return rows.map(({ role, kind, severity }) => `${role} ${kind} ${severity}`);
  };
  expect(await told()).toEqual(['operator placement.differs action']);
  clock.set('2026-11-21T02:00:00Z');
  await start();
  expect(await told()).toHaveLength(2);
});

test('what was planned is what is applied: by its digest, at once for what comes, on the ledger', async () => {
  const placement = await start();
  const port = portOf(placement);
  await change('acknowledged: [hq]', 'acknowledged: [hq, branch]');
  await change('daily: [branch, cloud]', 'daily: [cloud]');
  const plan = await port.plan();
  expect(plan).toMatchObject({
    acknowledged: [{ pool: 'basic', from: ['hq'], to: ['hq', 'branch'] }],
    lines: [],
  });
  expect(await port.view()).toMatchObject({ fileDiffers: true, fileDigest: plan.digest });
  await change('"02:00"', '"03:00"');
  const late = port.apply(plan.digest, OPERATOR, 'q-1');
  await expect(late).rejects.toMatchObject({ code: 'PLACEMENT_CHANGED', field: 'body/digest' });
  expect(placement.acknowledged('basic')).toEqual(['hq']);
  const { digest } = await port.plan();
  const applied = await port.apply(digest, OPERATOR, 'q-2');
  expect(applied).toMatchObject({ digest, fileDiffers: false, dailyAt: '03:00' });
  expect(applied.spreadAt).toBeUndefined();
  expect(placement.acknowledged('basic')).toEqual(['hq', 'branch']);
  expect(woken).toBe(1);
  expect(entries.at(-1)).toMatchObject({
    ...{ action: 'placement.apply', actor: OPERATOR, resource: digest, requestId: 'q-2' },
    detail: { before: plan.inForce },
  });
  // And after a start.
  expect((await start()).acknowledged('basic')).toEqual(['hq', 'branch']);
});

test('a file with faults stops a start, a plan and an apply, and is shown with its faults', async () => {
  const placement = await start();
  const port = portOf(placement);
  await change('acknowledged: [hq]', 'acknowledged: [hp]');
  await expect(start()).rejects.toMatchObject({ code: 'PLACEMENT_INVALID' });
  await expect(port.plan()).rejects.toMatchObject({ code: 'PLACEMENT_INVALID' });
  const apply = port.apply('0'.repeat(64), OPERATOR, 'q');
  await expect(apply).rejects.toMatchObject({ code: 'PLACEMENT_INVALID' });
  const { fileFaults, fileDiffers } = await port.view();
  expect(fileDiffers).toBe(true);
  expect(fileFaults).toContain('pools/basic/acknowledged/0: there is no site hp');
  await rm(settings.placement);
  await expect(start()).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
});

test('an archive from before there were policies goes on with what held then', async () => {
  const { pool } = database;
  await pool.query(`insert into record (id, state, source_system, idempotency_key, media_digest,
    media_bytes, started_at, received_at) values (gen_random_uuid(), 'received', 'test', '', '', 0, now(), now())`);
  const sql = await readFile(MIGRATION, 'utf8');
  const insert = sql.slice(sql.indexOf('insert into'), sql.indexOf('-- When a copy'));
  await pool.query(insert);
  const placement = await start();
  expect(entries).toEqual([]);
  expect(warned).toHaveLength(1);
  expect(placement.policy().pools.basic).toEqual({
    ...{ acknowledged: ['hq'], realtime: [], daily: ['branch', 'cloud'] },
  });
  // It is the shipped policy without its rule of eviction, to the digest.
  const rule = '    eviction:\n      site: hq\n      olderThanMonths: 3\n      unusedMonths: 3\n';
  await change(rule, '');
  expect(await portOf(placement).view()).toMatchObject({ fileDiffers: false });
});

test('copies that are old and unused are looked for once after each daily hour, and after a run that broke off', async () => {
  const placement = await start();
  const { db } = database;
  const isDue = () => isEvictionDue({ db, clock, placement }, 'Asia/Shanghai');
  expect(await isDue()).toBe(false);
  clock.set('2026-11-20T18:00:00Z');
  expect(await isDue()).toBe(true);
  const zero = { reached: null, looked: 0, evicted: 0, bytes: 0, locked: 0, unverified: 0 };
  const run = { id: '0198a1b2-0000-7000-8000-000000000001', site: 'hq', ...zero };
  await db
    .insertInto('eviction_run')
    .values({ ...run, started_at: clock.now(), ended_at: null })
    .execute();
  expect(await isDue()).toBe(true);
  await db.updateTable('eviction_run').set({ ended_at: clock.now() }).execute();
  expect(await isDue()).toBe(false);
  clock.set('2026-11-21T17:59:59Z');
  expect(await isDue()).toBe(false);
  clock.set('2026-11-21T18:00:00Z');
  expect(await isDue()).toBe(true);
});

test('a site is behind since its oldest copy was first due, not since it was last tried', async () => {
  const { db } = database;
  const due_at = new Date(clock.now().getTime() - 600_000);
  const not_before = new Date(clock.now().getTime() + 60_000);
  const object_id = '0198a1b2-0000-7000-8000-000000000002';
  await db
    .insertInto('pending_copy')
    .values({ object_id, site: 'cloud', due_at, not_before, last_error: 'SITE_UNREACHABLE' })
    .execute();
  const site = { name: 'cloud', health: async () => ({ reachable: true }) };
  const sites = { all: [site] } as never;
  const port = createSites({ db, clock, audit, sites, entries: [], scrubber: {} as never });
  expect(await port.view()).toMatchObject({ sites: [{ behindS: 600, pendingCopies: 1 }] });
});
