import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { ArchiveError } from '../../core/errors.ts';

export type MigrationErrorCode = 'SCHEMA_NEWER' | 'MIGRATION_CHANGED' | 'MIGRATION_FAILED';

const MIGRATIONS = join(import.meta.dirname, '../../../migrations');
/** Any constant: two programs that start at once take turns. */
const MIGRATION_LOCK = 7_320_114;

/**
 * Brings the catalog to this program's schema, one transaction a migration, in the order of their
 * numbers, up to one of them where it is given; an interrupted run goes on where it stopped. Rejects with SCHEMA_NEWER when the catalog
 * was written by a newer program, MIGRATION_CHANGED when a migration that ran reads otherwise now.
 */
export async function migrate(
  pool: pg.Pool,
  folder = MIGRATIONS,
  upTo = Number.POSITIVE_INFINITY,
): Promise<number> {
  const files = (await readdir(folder)).filter((name) => /^\d{6}_.+\.sql$/.test(name)).sort();
  if (Number.isFinite(upTo) && !files.some((name) => Number(name.slice(0, 6)) === upTo)) {
    throw newer(upTo);
  }
  const client = await pool.connect();
  let applied = 0;
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      `create table if not exists voxkeep_migration (
         version integer primary key, name text not null, sha256 text not null,
         applied_at timestamptz not null default now())`,
    );
    const done = new Map<number, string>();
    for (const row of (await client.query('select version, sha256 from voxkeep_migration')).rows) {
      done.set(Number(row.version), String(row.sha256));
    }
    const known = new Set(files.map((name) => Number(name.slice(0, 6))));
    const unknown = [...done.keys()].find((version) => !known.has(version));
    if (unknown !== undefined) throw newer(unknown);
    for (const name of files) {
      const version = Number(name.slice(0, 6));
      if (version > upTo) break;
      const text = await readFile(join(folder, name), 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
      const before = done.get(version);
      if (before === sha256) continue;
      if (before !== undefined) {
        throw new ArchiveError<MigrationErrorCode>(
          'MIGRATION_CHANGED',
          `${name} was changed after it ran`,
        );
      }
      await applyOne(client, { version, name, text, sha256 });
      applied += 1;
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
  return applied;
}

/** The last migration that ran; 0 where none did. */
export async function schemaVersion(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query('select max(version) as version from voxkeep_migration');
  return Number(rows[0]?.version ?? 0);
}

const newer = (version: number) =>
  new ArchiveError<MigrationErrorCode>(
    'SCHEMA_NEWER',
    `the catalog has migration ${version}, which this program does not know; use a newer program`,
  );

async function applyOne(
  client: pg.PoolClient,
  migration: { version: number; name: string; text: string; sha256: string },
): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.text);
    await client.query(
      'insert into voxkeep_migration (version, name, sha256) values ($1, $2, $3)',
      [migration.version, migration.name, migration.sha256],
    );
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new ArchiveError<MigrationErrorCode>(
      'MIGRATION_FAILED',
      `${migration.name}: ${String(cause)}`,
      { cause },
    );
  }
}
