import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Db } from '../../core/database.ts';
import { connect, type PostgresAddress, poolConfig } from './connect.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { host: string; user: string; password: string; database: string };
  }
}

/** The database every test database is cloned from; the global set-up migrates it. */
export const TEMPLATE_DATABASE = 'voxkeep_template';

/** A fresh database of the current schema, cloned from the template, for one test file. */
export async function testDatabase(): Promise<{
  db: Db;
  pool: pg.Pool;
  address: PostgresAddress;
  close(): Promise<void>;
}> {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // A third of the time of a copy by way of the log, where nothing has to outlive a crash.
  await admin(server, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const address = { ...server, database: name };
  const connection = connect(address, { maxConnections: 12 });
  return {
    db: connection.db,
    pool: connection.pool,
    address,
    close: async () => {
      await connection.close();
      await admin(server, `drop database ${name} with (force)`);
    },
  };
}

async function admin(server: PostgresAddress, statement: string): Promise<void> {
  const client = new pg.Client(poolConfig(server));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
