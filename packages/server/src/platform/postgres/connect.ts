import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db, Tables } from '../../core/database.ts';

/** Where a PostgreSQL is: an own socket folder, or any server's URL. */
export type PostgresAddress =
  | { host: string; user: string; password: string; database: string }
  | { url: string };

export function poolConfig(address: PostgresAddress): pg.PoolConfig {
  return 'url' in address ? { connectionString: address.url } : { ...address, port: 5432 };
}

/**
 * What a server of one's own may have set otherwise: days and months are reckoned by zones that are named,
 * and compiling costs the short queries here more than it saves.
 */
const SESSION = "set timezone to 'UTC'; set jit to off";
/** The pool waits for it, though its type does not say so. */
const onConnect = (client: pg.ClientBase) => client.query(SESSION) as never;

/** A day of the calendar has no zone; the driver would make it an instant of this machine's. */
const DATE_OID = 1082;
const DAYS_AS_TEXT: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    Number(oid) === DATE_OID ? String : pg.types.getTypeParser(Number(oid), format as 'text'),
};

/** A pool and the typed query builder over it. `close` ends both. */
export function connect(
  address: PostgresAddress,
  options: { maxConnections?: number } = {},
): { db: Db; pool: pg.Pool; close(): Promise<void> } {
  const max = options.maxConnections ?? 20;
  const pool = new pg.Pool({ ...poolConfig(address), max, onConnect, types: DAYS_AS_TEXT });
  // A connection that the server ends, idle or lent out, must not end the process: the query under
  // way rejects, and the next one reconnects.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}
