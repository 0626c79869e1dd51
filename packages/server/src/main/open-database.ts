import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyStore } from '../keys/index.ts';
import { assertFit } from '../platform/postgres/assert-fit.ts';
import { connect, type PostgresAddress } from '../platform/postgres/connect.ts';
import { startEmbeddedServer } from '../platform/postgres/embedded-server.ts';
import { migrate, schemaVersion } from '../platform/postgres/migrate.ts';
import { migrateQueue } from '../platform/queue/job-queue.ts';
import type { Closers } from './closers.ts';
import type { Config } from './config.ts';

/** Connections beside the workers': requests, the sequencer, the copier. */
const MORE_CONNECTIONS = 24;

/**
 * PostgreSQL from npm in the data folder, or the one of DATABASE_URL_FILE; migrated. Rejects with
 * POSTGRES_TOO_OLD and the other codes of servers and migrations.
 */
export async function openDatabase(config: Config, keys: KeyStore, closers: Closers) {
  let address: PostgresAddress;
  if (config.databaseUrl === undefined) {
    const server = await startEmbeddedServer({
      dataDir: join(config.data, 'pg'),
      socketDir: join(config.data, 'run'),
      password: keys.secret('postgres-password').toString('hex'),
      durable: true,
    });
    closers.add(server.stop);
    address = server.address;
  } else {
    address = { url: (await readFile(config.databaseUrl, 'utf8')).trim() };
  }
  const connection = connect(address, { maxConnections: config.workers + MORE_CONNECTIONS });
  closers.add(connection.close);
  if (config.databaseUrl !== undefined) await assertFit(connection.pool);
  await migrate(connection.pool);
  await migrateQueue(connection.pool);
  return { ...connection, schema: await schemaVersion(connection.pool) };
}
