import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { endCeph } from '../objects/ceph.testing.ts';
import { poolConfig } from './connect.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { migrate } from './migrate.ts';
import { TEMPLATE_DATABASE } from './test-database.testing.ts';

/** Where Debian's PostgreSQL of a version has its programs; VOXKEEP_TEST_POSTGRES names the version. */
const debianPrograms = (version: string) => `/usr/lib/postgresql/${version}/bin`;
/** A server that was not set up for this archive. */
const OF_ITS_OWN = { timezone: 'Asia/Shanghai', jit: 'on', random_page_cost: '4', work_mem: '4MB' };

/**
 * Vitest's global set-up: one throw-away PostgreSQL with a migrated template for the whole run, the one
 * that npm brought or, where it is asked for, Debian's; and a folder for the Ceph that some tests need.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const version = process.env['VOXKEEP_TEST_POSTGRES'];
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-test-'));
  const server = await startEmbeddedServer({
    dataDir: join(folder, 'pg'),
    socketDir: folder,
    password: 'throw-away',
    durable: false,
    settings: { max_connections: '200', ...(version === undefined ? {} : OF_ITS_OWN) },
    ...(version === undefined ? {} : { programs: debianPrograms(version) }),
  });
  if ('url' in server.address) throw new Error('the embedded server has a socket');
  const first = new pg.Pool(poolConfig(server.address));
  const { rows } = await first.query('show server_version');
  const running = String(rows[0]?.server_version);
  if (version !== undefined && !running.startsWith(`${version}.`)) {
    throw new Error(`PostgreSQL ${version} is asked for, ${running} runs`);
  }
  await first.query(`create database ${TEMPLATE_DATABASE}`);
  await first.end();
  const template = new pg.Pool(poolConfig({ ...server.address, database: TEMPLATE_DATABASE }));
  await migrate(template);
  await runMigrations({ pgPool: template });
  await template.end();
  project.provide('postgres', server.address);
  const cephFolder = join(folder, 'ceph');
  project.provide('cephFolder', cephFolder);
  return async () => {
    await endCeph(cephFolder);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
