import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newUuidV7 } from '../../core/ids.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { countVerified, lastVerified } from './last-verified.ts';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-11-20T00:00:00Z');
const after = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const table of ['object_copy', 'scrub_run', 'site_verified']) {
    await database.pool.query(`delete from ${table}`);
  }
});

const copy = (site: string, written: Date, verified: Date | null = null) =>
  database.pool.query(
    `insert into object_copy (object_id, site, written_at, verified_at) values ($1, $2, $3, $4)`,
    [newUuidV7(), site, written, verified],
  );
const walk = (kind: string, ended: Date | null) =>
  database.pool.query(
    `insert into scrub_run (id, site, kind, started_at, ended_at) values ($1, 'hq', $2, $3, $4)`,
    [newUuidV7(), kind, NOW, ended],
  );
const count = (at: Date) => countVerified(database.db, ['hq', 'cloud'], at);
const known = () => lastVerified(database.db, 'hq');

test('the copy that is the longest unread counts from its writing until it is read back', async () => {
  await copy('hq', after(-9), after(-2));
  await copy('hq', after(-5));
  await copy('cloud', after(-90));
  await count(NOW);
  expect(await known()).toEqual({ oldestAt: after(-5) });
});

test('an archive without copies is looked at again; later only hours on, or when a deep walk has ended', async () => {
  await count(NOW);
  expect(await known()).toEqual({});
  await copy('hq', after(-1));
  await count(after(0.1));
  expect(await known()).toEqual({ oldestAt: after(-1) });
  await database.pool.query('update object_copy set verified_at = $1', [after(1)]);
  await walk('deep', null);
  await walk('light', after(1));
  await count(after(2));
  expect(await known()).toEqual({ oldestAt: after(-1) });
  await walk('deep', after(3));
  await count(after(3.1));
  expect(await known()).toEqual({ deepEndedAt: after(3), oldestAt: after(1) });
  await database.pool.query('update object_copy set verified_at = $1', [after(4)]);
  await count(after(9));
  expect((await known()).oldestAt).toEqual(after(1));
  await count(after(9.2));
  expect((await known()).oldestAt).toEqual(after(4));
});
