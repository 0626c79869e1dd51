import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import type { Tx } from '../core/database.ts';
import { systemRandom } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import {
  authenticate,
  cookieHeader,
  createAccount,
  issueApiKey,
  issueSetupToken,
  listAccounts,
  listApiKeys,
  redeemSetupToken,
  revokeApiKey,
  type SealedTable,
  type Seals,
  sealOldRows,
  setLocked,
  setRole,
  signIn,
} from './index.ts';
import { changing, testSeals } from './seals.testing.ts';

const PASSWORD = 'correct horse battery';
const TABLES = ['staff', 'staff_session', 'api_key'] as const;
const HOUR_MS = 3_600_000;
const clock = fixedClock('2026-03-10T02:00:00Z');

interface Actors {
  boss: string;
  lowly: string;
  /** Who was an agent all along. */
  cookie: string;
  session: string;
  key: string;
}
let database: Awaited<ReturnType<typeof testDatabase>>;
let forged: string[] = [];
let deps: {
  db: typeof database.db;
  clock: typeof clock;
  random: typeof systemRandom;
  seals: Seals;
};
let actors: Actors;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
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
});

/** Everything that the agent and the service get out of the archive with what they hold. */
async function held() {
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
const ownRow = (table: (typeof TABLES)[number]) =>
  ({
    staff: sql`actor_id = ${actors.lowly}`,
    staff_session: sql`id = ${actors.session}`,
    api_key: sql`name = 'k'`,
  })[table];

/** Columns of a table, from the catalog, so that one that is added is tried as well. */
async function columnsOf(table: SealedTable): Promise<{ name: string; type: string }[]> {
  const { rows } = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns
    where table_name = ${table} order by ordinal_position`.execute(deps.db);
  return rows;
}

const VALUES: Record<string, string> = {
  text: `'admin'`,
  bytea: `'\\x00112233'`,
  integer: `999`,
  uuid: `'0198f1d2-0000-7000-8000-000000000009'`,
  'timestamp with time zone': `'2031-01-01T00:00:00Z'`,
  ARRAY: `'{scim,intake,status}'`,
};

it('a column that a superuser changes opens nothing that was shut', async () => {
  const before = await held();
  expect(before).toMatchObject({
    session: { actorId: actors.lowly, role: 'agent' },
    key: { role: 'service', scopes: ['intake'] },
    password: { actorId: actors.lowly },
    others: undefined,
  });
  for (const table of TABLES) {
    for (const { name, type } of await columnsOf(table)) {
      await undone(async (tx) => {
        await sql`update ${sql.table(table)} set ${sql.ref(name)} = ${sql.raw(VALUES[type] ?? '')}
          where ${ownRow(table)}`.execute(tx);
        expectNothingGained(`${table}.${name}`, before, await inside(tx));
      });
    }
  }
  expect(new Set(forged.map((one) => one.split(' ')[0]))).toEqual(new Set(TABLES));
});

/** Runs and undoes; what a key of the database itself refuses changed nothing. False for that. */
async function undone(work: (tx: Tx) => Promise<void>): Promise<boolean> {
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

async function inside(db: Tx) {
  const outside = deps;
  deps = { ...deps, db };
  try {
    return await held();
  } finally {
    deps = outside;
  }
}

function expectNothingGained(
  what: string,
  before: Record<string, unknown>,
  now: Record<string, unknown>,
): void {
  for (const [way, viewer] of Object.entries(now)) {
    if (viewer !== undefined) expect([what, way, viewer]).toEqual([what, way, before[way]]);
  }
}

it('no mixture of two rows opens anything that neither opened', async () => {
  const before = await held();
  const columns = Object.fromEntries(
    await Promise.all(TABLES.map(async (table) => [table, await columnsOf(table)] as const)),
  );
  let tried = 0;
  const mixture = fc.constantFrom(...TABLES).chain((table) =>
    fc.record({
      table: fc.constant(table),
      names: fc.subarray(
        (columns[table] ?? []).map(({ name }) => name),
        { minLength: 1 },
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(mixture, async ({ table, names }) => {
      // One's own id and foreign keys aside, the other row is out of the way of unique columns.
      const copied = names.filter((name) => name !== 'id' && name !== 'actor_id');
      const set = [...new Set([...copied, 'seal'])].map(
        (name) => sql`${sql.ref(name)} = o.${sql.ref(name)}`,
      );
      const run = await undone(async (tx) => {
        const own = ownRow(table);
        await sql`create temp table kept on commit drop as
          select * from ${sql.table(table)} where not (${own}) limit 1`.execute(tx);
        if (table === 'staff') {
          await sql`update staff set username = 'moved' where not (${own})`.execute(tx);
        } else {
          await sql`delete from ${sql.table(table)} where not (${own})`.execute(tx);
        }
        await sql`update ${sql.table(table)} t set ${sql.join(set)} from kept o
          where ${sql.raw(table === 'staff' ? 't.actor_id' : 't.id')} in
            (select ${sql.ref(table === 'staff' ? 'actor_id' : 'id')} from ${sql.table(table)}
             where ${own})`.execute(tx);
        expectNothingGained(`${table} ${copied.join()}`, before, await inside(tx));
      });
      if (run) tried += 1;
    }),
    { numRuns: 40 },
  );
  expect(tried).toBeGreaterThan(30);
});

it('an older row of an account or a key, put back, counts for nothing', async () => {
  const rowOf = (id: string) =>
    deps.db.selectFrom('staff').selectAll().where('actor_id', '=', id).executeTakeFirstOrThrow();
  await changing(deps, (tx) => setRole(tx, actors.lowly, { role: 'admin' }));
  const asAdmin = await rowOf(actors.lowly);
  expect((await held()).password).toMatchObject({ role: 'admin' });
  await changing(deps, (tx) => setRole(tx, actors.lowly, { role: 'agent' }));
  await deps.db.updateTable('staff').set(asAdmin).where('actor_id', '=', actors.lowly).execute();
  expect((await held()).password).toBeUndefined();
  expect(forged).toEqual([`staff ${actors.lowly}`]);

  const [key] = await listApiKeys(deps);
  const row = await deps.db.selectFrom('api_key').selectAll().where('name', '=', 'k').execute();
  await changing(deps, (tx) => revokeApiKey(tx, key?.id ?? ''));
  await deps.db
    .updateTable('api_key')
    .set(row[0] ?? {})
    .where('name', '=', 'k')
    .execute();
  expect((await held()).key).toBeUndefined();
});

it('a session that was kept and put back ends with the account it was of', async () => {
  const kept = await deps.db.selectFrom('staff_session').selectAll().execute();
  await changing(deps, (tx) => setLocked(tx, actors.lowly, true));
  await changing(deps, (tx) => setLocked(tx, actors.lowly, false));
  const mine = kept.filter(({ actor_id }) => actor_id === actors.lowly);
  await deps.db.insertInto('staff_session').values(mine).execute();
  expect((await held()).session).toBeUndefined();
});

it('an idle session is not kept alive by the database', async () => {
  clock.set(new Date(clock.now().getTime() + HOUR_MS));
  await deps.db.updateTable('staff_session').set({ seen_at: clock.now() }).execute();
  expect((await held()).session).toBeUndefined();
});

it('a planted token makes no administrator', async () => {
  await deps.db.deleteFrom('staff_session').execute();
  await deps.db.deleteFrom('staff').execute();
  const token = 'planted'.padEnd(32, 'x');
  const digest = createHash('sha256').update(token).digest();
  const row = { created_at: clock.now(), used_at: null, seal: null };
  await deps.db
    .insertInto('setup_token')
    .values({ ...row, token_digest: digest })
    .execute();
  const person = { username: 'evil', displayName: 'E', password: PASSWORD, personId: '3' };
  await expect(redeemSetupToken(deps, token, person)).rejects.toMatchObject({
    code: 'SETUP_TOKEN_INVALID',
  });
  const real = (await issueSetupToken(deps)) ?? '';
  clock.set(new Date(clock.now().getTime() + 25 * HOUR_MS));
  await deps.db.updateTable('setup_token').set({ created_at: clock.now() }).execute();
  await expect(redeemSetupToken(deps, real, person)).rejects.toMatchObject({
    code: 'SETUP_TOKEN_INVALID',
  });
});

it('a planted row is in no list, and is reported once, however often it is met', async () => {
  await deps.db.updateTable('staff').set({ role: 'qa' }).where('username', '=', 'lowly').execute();
  for (let time = 0; time < 3; time += 1) {
    expect((await listAccounts(deps)).map(({ username }) => username)).toEqual(['boss']);
    await held();
  }
  expect(forged).toEqual([`staff ${actors.lowly}`]);
});

it('rows of before are sealed once, and open what they opened', async () => {
  const digest = createHash('sha256').update(actors.key).digest();
  await deps.db.updateTable('staff').set({ seal: null }).execute();
  await deps.db
    .updateTable('api_key')
    .set({ seal: null, key_digest: digest })
    .where('name', '=', 'k')
    .execute();
  expect(await held()).toMatchObject({ key: undefined, password: undefined });
  expect(await sealOldRows(deps)).toBe(3);
  expect(await held()).toMatchObject({
    key: { role: 'service' },
    password: { actorId: actors.lowly },
  });
  // What has no seal afterwards stays without one: nobody calls this again.
  expect(await sealOldRows(deps)).toBe(0);
});

it('knows all accounts of one person, however the number was typed, and keeps no number', async () => {
  const other = await createAccount(deps, {
    ...{ username: 'second', displayName: 'S', role: 'approver', password: PASSWORD },
    personId: ' ｇ007 ',
  });
  const first = await createAccount(deps, {
    ...{ username: 'first', displayName: 'F', role: 'qa', password: PASSWORD, personId: 'G007' },
  });
  expect(first.personRef).toMatch(/^[0-9a-f]{32}$/);
  expect(other.personRef).toBe(first.personRef);
  const { viewer } = await signIn(deps, { username: 'second', password: PASSWORD });
  expect(viewer.personRef).toBe(first.personRef);
  const rows = await deps.db.selectFrom('staff').selectAll().execute();
  expect(JSON.stringify(rows)).not.toMatch(/g007|ｇ007/i);
});
