import type pg from 'pg';
import { ArchiveError } from '../../core/errors.ts';
import type { PostgresErrorCode } from './embedded-server.ts';

/** Debian 12 has it; the tests of the catalog run on it. */
const OLDEST_MAJOR = 15;

/**
 * Whether a catalog can live in that database, before anything is written there. Rejects with
 * POSTGRES_UNREACHABLE when it does not answer or lets nobody in, POSTGRES_TOO_OLD before PostgreSQL 15,
 * POSTGRES_ENCODING for another encoding.
 */
export async function assertFit(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  const found = await ask(pool);
  const version = Number(found.number);
  if (version < OLDEST_MAJOR * 10_000) {
    const message = `the PostgreSQL of DATABASE_URL_FILE is ${found.version}; ${OLDEST_MAJOR} or newer is needed`;
    throw unfit('POSTGRES_TOO_OLD', message);
  }
  if (found.encoding !== 'UTF8') {
    const message = `the database of DATABASE_URL_FILE is encoded in ${found.encoding}; make one in UTF8`;
    throw unfit('POSTGRES_ENCODING', message);
  }
}

interface Found {
  number: string;
  version: string;
  encoding: string;
}

async function ask(pool: Pick<pg.Pool, 'query'>): Promise<Found> {
  try {
    const { rows } = await pool.query(
      `select current_setting('server_version_num') as number,
         current_setting('server_version') as version,
         current_setting('server_encoding') as encoding`,
    );
    return rows[0] as Found;
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    const why = message === '' ? String(code) : message;
    throw unfit('POSTGRES_UNREACHABLE', `the PostgreSQL of DATABASE_URL_FILE: ${why}`, cause);
  }
}

const unfit = (code: PostgresErrorCode, message: string, cause?: unknown) =>
  new ArchiveError<PostgresErrorCode>(code, message, { retry: 'later', cause });
