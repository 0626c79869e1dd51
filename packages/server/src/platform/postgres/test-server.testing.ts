import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { poolConfig } from './connect.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { migrate } from './migrate.ts';
import { TEMPLATE_DATABASE } from './test-database.testing.ts';

/** Vitest's global set-up: one throw-away PostgreSQL with a migrated template for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-test-'));
  const server = await startEmbeddedServer({
    dataDir: join(folder, 'pg'),
    socketDir: folder,
    password: 'throw-away',
    durable: false,
    settings: { max_connections: '200' },
  });
  if ('url' in server.address) throw new Error('the embedded server has a socket');
  const first = new pg.Pool(poolConfig(server.address));
  await first.query(`create database ${TEMPLATE_DATABASE}`);
  await first.end();
  const template = new pg.Pool(poolConfig({ ...server.address, database: TEMPLATE_DATABASE }));
  await migrate(template);
  await runMigrations({ pgPool: template });
  await template.end();
  project.provide('postgres', server.address);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
