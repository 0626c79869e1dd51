import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditEntry } from '../../core/audit.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { loadConfig } from '../config.ts';
import type { DrillOrder, DrillResult } from './drill-order.ts';
import { listDrills } from './drill-rows.ts';
import { createDrills } from './drills-view.ts';
import type { DrillRun } from './run-program.ts';
import { type Drills, startDrills } from './start-drills.ts';

/** No two drills begin at once. */
let atMs = Date.parse('2026-11-20T00:00:00Z');
const clock = {
  now: () => {
    atMs += 1;
    return new Date(atMs);
  },
};
const SITES = ['hq', 'branch', 'cloud'];
const measured = {
  ...{ rows: 100, rowsOfSnapshot: 100, records: 5, rtoS: 7.5, rtoWholeS: 7.5 },
  ...{ callsOpened: 5, bytesRead: 900, ledgerEntries: 60 },
};
const result = (more: Partial<DrillResult> = {}): DrillRun => ({
  result: { measured, notOpened: [], journal: { timeline: 1, nextSegment: 1, gaps: 0 }, ...more },
});

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let entries: AuditEntry[];
let orders: DrillOrder[];
let next: { at: Date; site: string } | undefined;
let open: Drills[];
/** What the program does. */
let program: (order: DrillOrder, signal: AbortSignal) => Promise<DrillRun>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-drills-'));
  [entries, orders, open, next] = [[], [], [], undefined];
  program = async () => result();
  await database.pool.query('truncate drill_report, sealed_object, object_copy, pending_copy');
});
afterEach(async () => {
  for (const one of open) await one.stop();
  await rm(folder, { recursive: true, force: true });
});

const audit = {
  append: async (_tx: unknown, entry: AuditEntry) => {
    entries.push(entry);
    return { outboxId: '1' };
  },
  settle: async () => ({ index: 0 }),
};
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

function service(): Drills {
  const config = loadConfig({}, { workFolder: folder, args: { drillFolder: folder } });
  const drills = startDrills({
    ...{ db: database.db, pool: database.pool, clock, audit, log: quiet, sites: SITES },
    order: { config, keyFolder: '/keys', archiveId: 'archive' },
    next: async () => next,
    run: async (order, { signal, onProgress }) => {
      orders.push(order);
      mkdirSync(order.scratch, { recursive: true });
      onProgress({ phase: 'catalog', done: 1, total: 2 });
      return program(order, signal);
    },
  });
  open.push(drills);
  return drills;
}
async function ended() {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const [newest] = await listDrills(database.db);
    if (newest?.endedAt !== undefined) return newest;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('the drill does not end');
}
const drilled = async (site = 'branch') => {
  const drills = service();
  await database.pool.query('truncate journal_outbox');
  await drills.begin(site, 'sample', 'somebody');
  const end = await ended();
  await drills.stop();
  return end;
};
const goesOn = (_order: DrillOrder, signal: AbortSignal) =>
  new Promise<DrillRun>((done) => {
    if (signal.aborted) done(undefined);
    signal.addEventListener('abort', () => done(undefined));
  });

test('a drill is kept with its figures, is on the ledger, and leaves no scratch', async () => {
  await database.pool.query(
    `insert into pending_copy (object_id, site, not_before, due_at)
      values ($1, 'branch', now(), now()), ($1, 'cloud', now(), now())`,
    [newUuidV7(clock)],
  );
  const end = await drilled();
  expect(end).toMatchObject({ site: 'branch', kind: 'sample', by: 'somebody', outcome: 'ok' });
  expect(end.figures).toEqual({
    ...{ ...measured, recordsOfArchive: 0, rpoS: 0, copiesDue: 1, callsNotOpened: 0 },
  });
  expect(entries).toMatchObject([
    {
      ...{ action: 'archive.drill', resource: 'branch', outcome: 'ok' },
      detail: { kind: 'sample', outcome: 'ok', rtoS: 7.5, rtoWholeS: 7.5, rpoS: 0 },
    },
  ]);
  expect(orders).toMatchObject([{ site: 'branch', kind: 'sample', keyFolder: '/keys' }]);
  expect(existsSync(orders[0]?.scratch ?? '')).toBe(false);
});

test('one drill goes on at a time, in this process and in others', async () => {
  program = goesOn;
  const [one, other] = [service(), service()];
  await one.begin('hq', 'whole', 'somebody');
  for (const drills of [one, other]) {
    await expect(drills.begin('cloud', 'sample', 'x')).rejects.toMatchObject({
      code: 'DRILL_RUNNING',
    });
  }
  await expect(one.begin('nowhere', 'sample', 'x')).rejects.toMatchObject({ code: 'SITE_UNKNOWN' });
  expect(one.running()).toMatchObject({ progress: { phase: 'catalog', done: 1, total: 2 } });
  // Another process that starts meanwhile takes it neither for broken off, nor its scratch away.
  await service().stop();
  expect(existsSync(orders[0]?.scratch ?? '')).toBe(true);
  expect((await listDrills(database.db))[0]?.endedAt).toBeUndefined();
  await one.stop();
  expect(await ended()).toMatchObject({ outcome: 'broken-off' });
  expect(existsSync(orders[0]?.scratch ?? '')).toBe(false);
  program = async () => result();
  await other.begin('cloud', 'sample', 'x');
  expect(await ended()).toMatchObject({ site: 'cloud', outcome: 'ok' });
});

test('what a process that is gone has left is broken off at the next start, and its scratch goes', async () => {
  const id = newUuidV7(clock);
  await database.pool.query(
    `insert into drill_report (id, site, kind, begun_by, started_at)
      values ($1, 'hq', 'whole', 'archive', now())`,
    [id],
  );
  await mkdir(join(folder, id, 'pg'), { recursive: true });
  // Another archive may drill in the same place.
  const other = newUuidV7(clock);
  await mkdir(join(folder, other, 'pg'), { recursive: true });
  await writeFile(join(folder, 'not-ours'), 'stays');
  service();
  expect(await ended()).toMatchObject({ id, outcome: 'broken-off' });
  expect(existsSync(join(folder, id))).toBe(false);
  expect([other, 'not-ours'].map((name) => existsSync(join(folder, name)))).toEqual([true, true]);
  expect(entries).toMatchObject([{ outcome: 'failed', detail: { outcome: 'broken-off' } }]);
});

test('a recovery that would take longer than the limit is slow', async () => {
  const slow = { ...measured, rtoWholeS: 45 * 60 + 1 };
  program = async () => result({ measured: slow });
  expect(await drilled()).toMatchObject({ outcome: 'slow' });
  expect(entries).toMatchObject([{ outcome: 'ok', detail: { outcome: 'slow' } }]);
});

test('a drill fails by the code of what stood in its way', async () => {
  program = async () => ({ code: 'JOURNAL_DAMAGED', reason: 'JOURNAL_DAMAGED' });
  expect(await drilled()).toMatchObject({ outcome: 'failed', code: 'JOURNAL_DAMAGED' });
  program = async () => undefined;
  expect(await drilled()).toMatchObject({ outcome: 'failed', code: 'DRILL_ENDED' });
  expect(entries).toMatchObject([
    { outcome: 'failed', detail: { code: 'JOURNAL_DAMAGED' } },
    { outcome: 'failed', detail: { code: 'DRILL_ENDED' } },
  ]);
});

test('calls that did not open fail it, unless the archive wants them there no longer', async () => {
  const [there, gone] = [newUuidV7(clock), newUuidV7(clock)];
  for (const id of [there, gone]) {
    await database.pool.query(
      `insert into sealed_object (id, record_id, purpose, pool, version, media_type, plain_bytes,
        sealed_bytes, sealed_sha256, created_at) values ($1, $1, 'manifest', 'core', 1, 'a/b', 1, 1,
        '\\x00', now())`,
      [id],
    );
  }
  const copy = (id: string, site: string) =>
    database.pool.query(
      `insert into object_copy (object_id, site, written_at) values ($1,$2,now())`,
      [...[id, site]],
    );
  await copy(there, 'branch');
  await copy(gone, 'hq');
  const missing = (objectId: string) => ({ recordId: objectId, objectId, code: 'OBJECT_MISSING' });
  program = async () => result({ notOpened: [missing(gone)] });
  expect(await drilled()).toMatchObject({ outcome: 'ok', figures: { callsNotOpened: 0 } });
  program = async () => result({ notOpened: [missing(gone), missing(there)] });
  expect(await drilled()).toMatchObject({
    ...{ outcome: 'failed', code: 'OBJECT_MISSING', figures: { callsNotOpened: 1 } },
  });
});

test('a journal that is shorter than the site should have fails it; what it is known to lack is its loss', async () => {
  await database.pool.query('update journal_state set next_segment = 9');
  const journal = { timeline: 1, nextSegment: 8, gaps: 0 };
  program = async () => result({ journal });
  expect(await drilled()).toMatchObject({ outcome: 'failed', code: 'JOURNAL_GAP' });
  program = async () => result({ journal: { ...journal, timeline: 2, nextSegment: 9 } });
  expect(await drilled()).toMatchObject({ outcome: 'failed', code: 'JOURNAL_GAP' });
  await database.pool.query(
    `insert into journal_gap values ('branch', 't0001/segments/000000000008-0.vkj', $1)`,
    [new Date(clock.now().getTime() - 60_000)],
  );
  program = async () => result({ journal });
  const end = await drilled();
  expect(end.outcome).toBe('ok');
  expect(Math.round(end.figures?.rpoS ?? 0)).toBe(62);
  await database.pool.query('update journal_state set next_segment = 1; delete from journal_gap');
});

test('operators see how far it is, when the next one is due, and each site’s newest figures', async () => {
  const drills = service();
  next = { at: new Date('2026-12-01T18:00:00Z'), site: 'cloud' };
  const port = createDrills({
    ...{ db: database.db, clock, audit, drills, limitMinutes: 45, next: async () => next },
  });
  program = goesOn;
  const actor = { id: 'somebody', role: 'operator' };
  const begun = await port.begin({ site: 'hq', kind: 'sample' }, actor, 'req-1');
  expect(begun).toMatchObject({
    ...{ limitS: 2700, next: { at: '2026-12-01T18:00:00.000Z', site: 'cloud', kind: 'sample' } },
    drills: [{ site: 'hq', progress: { phase: 'catalog', done: 1, total: 2 } }],
  });
  expect(entries).toMatchObject([{ actor, requestId: 'req-1', detail: { begun: true } }]);
  await drills.stop();
  expect(await port.latest()).toEqual([]);
  program = async () => result();
  await drilled('hq');
  expect(await port.latest()).toEqual([
    { site: 'hq', rtoWholeS: 7.5, rpoS: 0, lastGoodAt: expect.any(Date) },
  ]);
});
