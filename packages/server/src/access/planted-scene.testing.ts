import { sql } from 'kysely';
import { fixedClock } from '../core/clock.ts';
import type { Tx } from '../core/database.ts';
import { systemRandom } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import {
  authenticate,
  cookieHeader,
  createAccount,
  issueApiKey,
  type SealedTable,
  type Seals,
  signIn,
} from './index.ts';
import { testSeals } from './seals.testing.ts';

export const PASSWORD = 'correct horse battery';
export const TABLES = ['staff', 'staff_session', 'api_key'] as const;
export const HOUR_MS = 3_600_000;
export const clock = fixedClock('2026-03-10T02:00:00Z');

interface Actors {
  boss: string;
  lowly: string;
  /** Who was an agent all along. */
  cookie: string;
  session: string;
  key: string;
}
export let database: Awaited<ReturnType<typeof testDatabase>>;
export let forged: string[] = [];
export let deps: {
  db: typeof database.db;
  clock: typeof clock;
  random: typeof systemRandom;
  seals: Seals;
};
export let actors: Actors;

/** An archive without accounts. */
export async function openPlantedScene(): Promise<void> {
  database = await testDatabase();
}

/** An administrator and an agent, each with a session, and a service with a key; nothing else. */
export async function settleActors(): Promise<void> {
  clock.set('2026-03-10T02:00:00Z');
  await sql`truncate staff, staff_session, api_key, setup_token, sign_in_attempt cascade`.execute(
    database.db,
  );
  forged = [];
  const seals = testSeals((table, rowId) => void forged.push(`${table} ${rowId}`));
  deps = { db: database.db, clock, random: systemRandom, seals };
  const boss = await createAccount(deps, {
    ...{ username: 'boss', displayName: 'B', role: 'admin', password: `${PASSWORD} B` },
    personId: '1',
  });
  const lowly = await createAccount(deps, {
    ...{ username: 'lowly', displayName: 'L', role: 'agent', password: PASSWORD },
    ...{ agentId: '7', personId: '2' },
  });
  const { cookies, viewer } = await signIn(deps, { username: 'lowly', password: PASSWORD });
  const issued = await issueApiKey(deps, { name: 'k', createdBy: boss.id, expiresInDays: 1 });
  await signIn(deps, { username: 'boss', password: `${PASSWORD} B` });
  await issueApiKey(deps, {
    ...{ name: 'other', createdBy: boss.id, expiresInDays: 700, scopes: ['scim', 'status'] },
  });
  actors = {
    ...{ boss: boss.id, lowly: lowly.id, cookie: cookieHeader(cookies), key: issued.key },
    session: viewer.sessionId ?? '',
  };
}

/** Everything that the agent and the service get out of the archive with what they hold. */
export async function held() {
  const bearer = { authorization: `Bearer ${actors.key}` };
  const attempt = { username: 'lowly', password: PASSWORD, address: 'a' };
  return {
    session: await authenticate(deps, { cookie: actors.cookie }),
    key: await authenticate(deps, bearer),
    password: await signIn(deps, attempt).then(
      ({ viewer: { sessionId: _session, ...viewer } }) => viewer,
      () => undefined,
    ),
    others: await signIn(deps, { ...attempt, username: 'boss' }).then(
      ({ viewer }) => viewer.actorId,
      () => undefined,
    ),
  };
}

/** The row that the agent, or the service, came in by. */
export const ownRow = (table: (typeof TABLES)[number]) =>
  ({
    staff: sql`actor_id = ${actors.lowly}`,
    staff_session: sql`id = ${actors.session}`,
    api_key: sql`name = 'k'`,
  })[table];

/** Columns of a table, from the catalog, so that one that is added is tried as well. */
export async function columnsOf(table: SealedTable): Promise<{ name: string; type: string }[]> {
  const { rows } = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns
    where table_name = ${table} order by ordinal_position`.execute(deps.db);
  return rows;
}

export const VALUES: Record<string, string> = {
  text: `'admin'`,
  bytea: `'\\x00112233'`,
  integer: `999`,
  uuid: `'0198f1d2-0000-7000-8000-000000000009'`,
  'timestamp with time zone': `'2031-01-01T00:00:00Z'`,
  ARRAY: `'{scim,intake,status}'`,
};

/** Runs and undoes; what a key of the database itself refuses changed nothing. False for that. */
export async function undone(work: (tx: Tx) => Promise<void>): Promise<boolean> {
  try {
    await deps.db.transaction().execute(async (tx) => {
      await work(tx);
      throw new Error('undo');
    });
    return false;
  } catch (error) {
    if ((error as Error).message === 'undo') return true;
    if (!(error as { constraint?: string }).constraint) throw error;
    return false;
  }
}

export async function inside(db: Tx) {
  const outside = deps;
  deps = { ...deps, db };
  try {
    return await held();
  } finally {
    deps = outside;
  }
}
