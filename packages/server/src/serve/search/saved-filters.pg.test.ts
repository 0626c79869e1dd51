import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { openFields, sealFields } from '../../keys/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { deleteFilter, listFilters, type OwnRows, saveFilter } from './saved-filters.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('keeps saved filters to their owner', async () => {
  const clock = fixedClock('2026-01-01T00:00:00Z');
  const ownKey = createHash('sha256').update('own').digest();
  const { db } = database;
  const ownRows: OwnRows = {
    seal: (id, plain) => sealFields(ownKey, id, plain, systemRandom),
    open: (id, sealed) => openFields(ownKey, id, sealed),
  };
  const saved = await saveFilter({ db, clock, ownRows }, 'a', {
    name: '找王小明',
    query: { tier: ['core'], phone: '13800002641' },
  });
  expect(await listFilters(db, ownRows, 'a')).toEqual([saved]);
  expect(await listFilters(db, ownRows, 'b')).toEqual([]);
  // What is looked for is a number or a name: the catalog holds neither.
  const { rows: stored } = await sql<{ row: string }>`
    select (saved_filter.*)::text || encode(sealed, 'escape') as row from saved_filter`.execute(db);
  expect(stored).toHaveLength(1);
  expect(stored[0]?.row).not.toMatch(/13800002641|王小明|phone/);
  expect(await deleteFilter(db, 'b', saved.id)).toBe(false);
  expect(await deleteFilter(db, 'a', saved.id)).toBe(true);
  expect(await listFilters(db, ownRows, 'a')).toEqual([]);
});
