import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import { systemRandom } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import {
  type Auth,
  createAccount,
  createAuth,
  issueApiKey,
  issueSetupToken,
  makeDemoAccounts,
  redeemSetupToken,
  revokeApiKey,
  setLocked,
  setRole,
  signIn,
  signOut,
  viewerOfApiKey,
  viewerOfSession,
} from './index.ts';

const PASSWORD = 'correct horse battery';
const clock = fixedClock(new Date());
let database: Awaited<ReturnType<typeof testDatabase>>;
let deps: { auth: Auth; db: typeof database.db; clock: typeof clock; random: typeof systemRandom };
beforeAll(async () => {
  database = await testDatabase();
  const auth = createAuth(database.pool, 's'.repeat(44), 'https://localhost:8443');
  deps = { auth, db: database.db, clock, random: systemRandom };
});
afterAll(() => database.close());

const cookieOf = (cookies: string[]) => cookies.map((line) => line.split(';')[0]).join('; ');
const account = (username: string) =>
  createAccount(deps, { username, displayName: 'P', role: 'qa', password: PASSWORD });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );

it('opens a session by user name and password, and ends it on sign-out', async () => {
  await account('anna');
  const { viewer, cookies } = await signIn(deps, { username: 'anna', password: PASSWORD });
  expect(viewer).toMatchObject({ username: 'anna', role: 'qa' });
  expect(cookies.every((line) => /secure/i.test(line) && /samesite=strict/i.test(line))).toBe(true);
  const cookie = cookieOf(cookies);
  expect((await viewerOfSession(deps, cookie))?.actorId).toBe(viewer.actorId);
  await signOut(deps, cookie);
  expect(await viewerOfSession(deps, cookie)).toBeUndefined();
});

it('answers an unknown name and a wrong password alike', async () => {
  await account('bert');
  expect(await codeOf(signIn(deps, { username: 'bert', password: 'no' }))).toBe('SIGN_IN_FAILED');
  expect(await codeOf(signIn(deps, { username: 'nobody', password: 'no' }))).toBe('SIGN_IN_FAILED');
});

it('closes an account for a quarter of an hour after ten failures, right password or not', async () => {
  await account('carl');
  for (let time = 0; time < 10; time += 1) {
    expect(await codeOf(signIn(deps, { username: 'carl', password: 'no' }))).toBe('SIGN_IN_FAILED');
  }
  const right = { username: 'carl', password: PASSWORD };
  expect(await codeOf(signIn(deps, right))).toBe('ACCOUNT_LOCKED');
  clock.set(new Date(clock.now().getTime() + 15 * 60_000 + 1));
  expect(await codeOf(signIn(deps, right))).toBe('none');
});

it('ends sessions at once when the account is locked or its role changes', async () => {
  const { id } = await account('dora');
  const enter = async () =>
    cookieOf((await signIn(deps, { username: 'dora', password: PASSWORD })).cookies);
  let cookie = await enter();
  await setRole(deps.db, id, { role: 'analyst' });
  expect(await viewerOfSession(deps, cookie)).toBeUndefined();
  cookie = await enter();
  expect((await viewerOfSession(deps, cookie))?.role).toBe('analyst');
  await setLocked(deps.db, clock, id, true);
  expect(await viewerOfSession(deps, cookie)).toBeUndefined();
  expect(await codeOf(enter())).toBe('ACCOUNT_LOCKED');
});

it('asks for a time-based code when the person has set one up', async () => {
  await account('emil');
  const { cookies } = await signIn(deps, { username: 'emil', password: PASSWORD });
  const headers = new Headers({ cookie: cookieOf(cookies) });
  const enabled = await deps.auth.api.enableTwoFactor({ body: { password: PASSWORD }, headers });
  const totpURI = 'totpURI' in enabled ? enabled.totpURI : '';
  const code = totp(new URL(totpURI).searchParams.get('secret') ?? '');
  await deps.auth.api.verifyTOTP({ body: { code }, headers });
  const attempt = { username: 'emil', password: PASSWORD };
  expect(await codeOf(signIn(deps, attempt))).toBe('TOTP_REQUIRED');
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  expect(await codeOf(signIn(deps, { ...attempt, totp: wrong }))).toBe('TOTP_WRONG');
  expect(await codeOf(signIn(deps, { ...attempt, totp: code }))).toBe('none');
});

/** RFC 6238 with SHA-1, 30 seconds, six digits. */
function totp(base32: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const value = mac.readUInt32BE((mac[19] ?? 0) & 15) & 0x7fffffff;
  return String(value % 1_000_000).padStart(6, '0');
}

it('knows a service by its key until the key is revoked or over', async () => {
  const issue = () => issueApiKey(deps, { name: 'pbx', createdBy: 'x', expiresInDays: 1 });
  const first = await issue();
  expect(await viewerOfApiKey(deps, first.key)).toMatchObject({ role: 'service' });
  expect(await viewerOfApiKey(deps, `${first.key}x`)).toBeUndefined();
  await revokeApiKey(deps.db, clock, first.id);
  expect(await viewerOfApiKey(deps, first.key)).toBeUndefined();
  const second = await issue();
  clock.set(new Date(clock.now().getTime() + 86_400_001));
  expect(await viewerOfApiKey(deps, second.key)).toBeUndefined();
});

it('makes one administrator from a set-up token, once', async () => {
  const token = (await issueSetupToken(deps)) ?? '';
  const person = { username: 'root1', displayName: 'R', password: PASSWORD };
  expect((await redeemSetupToken(deps, token, person)).role).toBe('admin');
  const again = await redeemSetupToken(deps, token, { ...person, username: 'root2' }).catch(
    (e) => e,
  );
  expect(hasCode(again, 'SETUP_TOKEN_INVALID')).toBe(true);
});

it('refuses a second account of a name', async () => {
  await account('fritz');
  expect(await codeOf(account('fritz'))).toBe('ACCOUNT_EXISTS');
});

it('makes a demonstration account for every role but the service, whose key it gives', async () => {
  const { accounts, apiKey } = await makeDemoAccounts(deps);
  expect(new Set(accounts.map((one) => one.role)).size).toBe(13);
  expect(await viewerOfApiKey(deps, apiKey)).toMatchObject({ role: 'service' });
  const [first] = accounts;
  if (first === undefined) throw new Error('no accounts');
  expect((await signIn(deps, first)).viewer.agentId).toBe('001');
});
