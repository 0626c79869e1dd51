import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { systemRandom } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import {
  createAccount,
  issueApiKey,
  issueSetupToken,
  listAccounts,
  listApiKeys,
  makeDemoAccounts,
  redeemSetupToken,
  revokeApiKey,
  setLocked,
  setRole,
  signIn,
  viewerOfApiKey,
} from './index.ts';
import { changing, testSeals } from './seals.testing.ts';

const PASSWORD = 'correct horse battery';
const clock = fixedClock(new Date());
const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));

let database: Awaited<ReturnType<typeof testDatabase>>;
const tools = { clock, random: systemRandom, seals: testSeals() };
let deps: { db: typeof database.db } & typeof tools;
beforeAll(async () => {
  database = await testDatabase();
  deps = { db: database.db, ...tools };
});
afterAll(() => database.close());

const person = { username: 'fritz', displayName: 'F', role: 'qa', password: PASSWORD } as const;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );

it('makes one administrator from a set-up token, once, and a refused name does not use it up', async () => {
  const token = (await issueSetupToken(deps)) ?? '';
  const first = { username: 'root1', displayName: 'R', password: PASSWORD };
  const weak = { ...first, password: 'aaaaaaaaaaaaaaaa' };
  expect(await codeOf(redeemSetupToken(deps, `${token}x`, first))).toBe('SETUP_TOKEN_INVALID');
  expect(await codeOf(redeemSetupToken(deps, token, weak))).toBe('PASSWORD_WEAK');
  expect((await redeemSetupToken(deps, token, first)).role).toBe('admin');
  const again = { ...first, username: 'root2' };
  expect(await codeOf(redeemSetupToken(deps, token, again))).toBe('SETUP_TOKEN_INVALID');
  expect(await issueSetupToken(deps)).toBeUndefined();
});

it('ends a set-up token after a day, and when a newer one is issued', async () => {
  const other = await testDatabase();
  try {
    const here = { ...deps, db: other.db };
    const old = (await issueSetupToken(here)) ?? '';
    const current = (await issueSetupToken(here)) ?? '';
    const first = { username: 'root1', displayName: 'R', password: PASSWORD };
    expect(await codeOf(redeemSetupToken(here, old, first))).toBe('SETUP_TOKEN_INVALID');
    later(24 * 3_600_000);
    expect(await codeOf(redeemSetupToken(here, current, first))).toBe('SETUP_TOKEN_INVALID');
  } finally {
    await other.close();
  }
});

it('makes an account in the transaction of its ledger entry, or not at all', async () => {
  const work = deps.db.transaction().execute(async (tx) => {
    await createAccount({ ...deps, db: tx }, { ...person, username: 'undone' });
    throw new Error('the ledger cannot be written');
  });
  await expect(work).rejects.toThrow('the ledger cannot be written');
  expect((await listAccounts(deps)).map(({ username }) => username)).not.toContain('undone');
  const users = deps.db.selectFrom('staff').where('username', '=', 'undone');
  expect(await users.selectAll().execute()).toEqual([]);
});

it('refuses a second account of a name, also when both come at once', async () => {
  const codes = await Promise.all([
    codeOf(createAccount(deps, person)),
    codeOf(createAccount(deps, person)),
  ]);
  expect(codes.sort()).toEqual(['ACCOUNT_EXISTS', 'none']);
});

it.each([
  [{ role: 'agent' as const }, 'ACCOUNT_INVALID'],
  [{ role: 'team_lead' as const }, 'ACCOUNT_INVALID'],
  [{ password: 'short' }, 'PASSWORD_WEAK'],
  [{ password: 'abababababababab' }, 'PASSWORD_WEAK'],
  [{ password: 'i am GUSTAV 1234' }, 'PASSWORD_WEAK'],
])('refuses an account with %o by %s', async (change, code) => {
  expect(await codeOf(createAccount(deps, { ...person, username: 'gustav', ...change }))).toBe(
    code,
  );
});

it('keeps passwords as argon2id only', async () => {
  const rows = await deps.db.selectFrom('staff').select('password_hash').execute();
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

it('keeps the ids of an account whose role changes, and asks for those the role needs', async () => {
  const { id } = await createAccount(deps, { ...person, username: 'hugo', agentId: '007' });
  await changing(deps, (tx) => setRole(tx, id, { role: 'agent' }));
  const hugo = (await listAccounts(deps)).find((one) => one.id === id);
  expect(hugo).toMatchObject({ role: 'agent', agentId: '007' });
  expect(await codeOf(changing(deps, (tx) => setRole(tx, id, { role: 'team_lead' })))).toBe(
    'ACCOUNT_INVALID',
  );
  const nobody = '0198f1d2-0000-7000-8000-000000000009';
  expect(await codeOf(changing(deps, (tx) => setRole(tx, nobody, { role: 'qa' })))).toBe(
    'ACCOUNT_UNKNOWN',
  );
  expect(await codeOf(changing(deps, (tx) => setLocked(tx, nobody, true)))).toBe('ACCOUNT_UNKNOWN');
});

it('knows a service by its key until the key is revoked or over', async () => {
  const issue = () => issueApiKey(deps, { name: 'pbx', createdBy: 'x', expiresInDays: 1 });
  const first = await issue();
  expect(await viewerOfApiKey(deps, first.key)).toMatchObject({ role: 'service' });
  expect(await viewerOfApiKey(deps, `${first.key}x`)).toBeUndefined();
  expect(await viewerOfApiKey(deps, first.key.slice(0, -1))).toBeUndefined();
  await changing(deps, (tx) => revokeApiKey(tx, first.id));
  expect(await viewerOfApiKey(deps, first.key)).toBeUndefined();
  expect(await codeOf(changing(deps, (tx) => revokeApiKey(tx, first.id)))).toBe('API_KEY_UNKNOWN');
  const second = await issue();
  later(86_400_000);
  expect(await viewerOfApiKey(deps, second.key)).toBeUndefined();
});

it('shows the beginning of a key and keeps its digest, never the key', async () => {
  const { key, id } = await issueApiKey(deps, { name: 'k', createdBy: 'x', expiresInDays: 1 });
  const listed = (await listApiKeys(deps)).find((one) => one.id === id);
  expect(listed?.prefix).toBe(key.slice(0, 9));
  expect(JSON.stringify(listed)).not.toContain(key);
  const row = await deps.db.selectFrom('api_key').selectAll().where('id', '=', id).execute();
  expect(JSON.stringify(row)).not.toContain(key.slice(9));
});

it('ends the keys of a service account with its lock and its role, and gives others none', async () => {
  const service = { ...person, username: 'dialler', role: 'service' } as const;
  const { id } = await createAccount(deps, service);
  const input = { name: 'k', createdBy: 'x', expiresInDays: 1 };
  const { key } = await issueApiKey(deps, { ...input, accountId: id });
  expect(await viewerOfApiKey(deps, key)).toMatchObject({ actorId: id, role: 'service' });
  await changing(deps, (tx) => setLocked(tx, id, true));
  expect(await viewerOfApiKey(deps, key)).toBeUndefined();
  await changing(deps, (tx) => setLocked(tx, id, false));
  expect(await viewerOfApiKey(deps, key)).toBeDefined();
  await changing(deps, (tx) => setRole(tx, id, { role: 'qa' }));
  expect(await viewerOfApiKey(deps, key)).toBeUndefined();
  expect(await codeOf(issueApiKey(deps, { ...input, accountId: id }))).toBe('ACCOUNT_INVALID');
});

it('makes a demonstration account for every role but the service, whose key it gives', async () => {
  const { accounts, apiKey } = await makeDemoAccounts(deps);
  expect(new Set(accounts.map((one) => one.role)).size).toBe(13);
  for (const role of ['approver', 'compliance']) {
    expect(accounts.filter((one) => one.role === role).length).toBe(2);
  }
  expect(accounts.filter((one) => one.role === 'agent').map((one) => one.agentId)).toEqual([
    ...['001', '002'],
  ]);
  expect(new Set(accounts.map((one) => one.password)).size).toBe(accounts.length);
  expect(accounts.every((one) => one.password.length >= 16)).toBe(true);
  expect(await viewerOfApiKey(deps, apiKey)).toMatchObject({ role: 'service' });
  const [first] = accounts;
  if (first === undefined) throw new Error('no accounts');
  expect((await signIn(deps, first)).viewer.agentId).toBe('001');
});
