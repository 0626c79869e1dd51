import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { ArchiveError } from '../../core/errors.ts';
import type { KeyStore } from '../../keys/index.ts';
import { assertFit } from '../../platform/postgres/assert-fit.ts';
import { connect } from '../../platform/postgres/connect.ts';
import { startEmbeddedServer } from '../../platform/postgres/embedded-server.ts';
import type { Closers } from '../closers.ts';
import type { Config } from '../config.ts';

const CONNECTIONS = 8;

/**
 * The catalog while it is rebuilt: without flushing until `flush`, since a machine that goes down in the
 * middle begins again anyway.
 */
export async function openScratch(
  config: Config,
  more: { keys: KeyStore; closers: Closers; goesOn: boolean },
) {
  const { keys, closers, goesOn } = more;
  if (config.databaseUrl !== undefined) {
    const url = (await readFile(config.databaseUrl, 'utf8')).trim();
    const connection = connect({ url }, { maxConnections: CONNECTIONS });
    closers.add(connection.close);
    await assertFit(connection.pool);
    if (!goesOn) await assertEmpty(connection.pool);
    return { ...connection, flush: async () => undefined };
  }
  const server = await startEmbeddedServer({
    dataDir: join(config.data, 'pg'),
    socketDir: join(config.data, 'run'),
    password: keys.secret('postgres-password').toString('hex'),
    durable: false,
    settings: {
      ...{ wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '8GB' },
      ...{ checkpoint_timeout: '30min', autovacuum: 'off' },
    },
  });
  closers.add(server.stop);
  const connection = connect(server.address, { maxConnections: CONNECTIONS });
  closers.add(connection.close);
  /** Ends with the catalog whole on the disk and its server stopped. */
  const flush = async () => {
    await connection.close();
    await server.stop();
    spawnSync('sync', ['--file-system', config.data]);
  };
  return { ...connection, flush };
}

/** Rows that are there would be gone: a database of one's own may be that of an archive that lives. */
async function assertEmpty(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query("select to_regclass('voxkeep_migration') as there");
  if ((rows[0] as { there: string | null }).there === null) return;
  throw new ArchiveError(
    'DATA_NOT_EMPTY',
    'the database of DATABASE_URL_FILE holds a catalog already: name an empty one',
  );
}
