import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { migrate } from './migrate.ts';
import { testDatabase } from './test-database.testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('runs nothing on a catalog that is up to date, however many programs start at once', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => migrate(database.pool)));
  expect(runs).toEqual([0, 0, 0]);
});

it('refuses a catalog that a newer program wrote, with SCHEMA_NEWER', async () => {
  await database.pool.query(`insert into voxkeep_migration values (999999, 'future', 'x')`);
  const error = await migrate(database.pool).catch((caught: unknown) => caught);
  await database.pool.query('delete from voxkeep_migration where version = 999999');
  expect(hasCode(error, 'SCHEMA_NEWER')).toBe(true);
});

it('leaves nothing of a migration that fails half-way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-migration-'));
  for (const row of (await database.pool.query('select version, name from voxkeep_migration'))
    .rows) {
    await writeFile(join(folder, String(row.name)), '');
  }
  await database.pool.query(
    `update voxkeep_migration set sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'`,
  );
  await writeFile(
    join(folder, '900000_bad.sql'),
    'create table half (a int); select no_such_thing();',
  );
  const error = await migrate(database.pool, folder).catch((caught: unknown) => caught);
  expect(hasCode(error, 'MIGRATION_FAILED')).toBe(true);
  const found = await database.pool.query(`select to_regclass('half') as half`);
  expect(found.rows[0]?.half).toBeNull();
});
