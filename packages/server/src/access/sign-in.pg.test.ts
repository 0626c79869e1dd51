import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { systemRandom } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import {
  authenticate,
  continueSession,
  cookieHeader,
  createAccount,
  enrolTotp,
  proveTotp,
  type Role,
  resetTotp,
  setLocked,
  setPassword,
  setRole,
  setTotp,
  signIn,
  signOut,
  type Viewer,
  viewerOfSession,
} from './index.ts';
import { changing, testSeals } from './seals.testing.ts';
import { totpCode } from './totp.testing.ts';

const PASSWORD = 'correct horse battery';
const MINUTE_MS = 60_000;
const clock = systemClock;

let database: Awaited<ReturnType<typeof testDatabase>>;
const tools = { clock, random: systemRandom, seals: testSeals() };
let deps: { db: typeof database.db } & typeof tools;
beforeAll(async () => {
  database = await testDatabase();
  deps = { db: database.db, ...tools };
});
afterAll(() => database.close());
// Only the date stands still: the library reads it, too.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-10T02:00:00Z') }));
afterEach(() => vi.useRealTimers());
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

const account = (username: string, role: Role = 'qa') =>
  createAccount(deps, { username, displayName: 'P', role, password: PASSWORD });
/** Every name from an address of its own, so that tests do not share a counter. */
const enter = async (username: string, more: { totp?: string } = {}) => {
  const attempt = { username, password: PASSWORD, address: username, ...more };
  return cookieHeader((await signIn(deps, attempt)).cookies);
};
const confirmTotp = async (viewer: Viewer, cookie: string, code: string) => {
  const hidden = await proveTotp(deps, viewer, cookie, code);
  const staff = await changing(deps, (tx) => setTotp(tx, viewer.actorId, hidden));
  return continueSession(deps, staff, undefined);
};
const guess = (username: string, address = username) =>
  codeOf(signIn(deps, { username, password: 'not the password', address }));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  );

it('opens a session by user name and password, and ends it on sign-out', async () => {
  await account('anna');
  const { viewer, cookies } = await signIn(deps, { username: 'Anna', password: PASSWORD });
  expect(viewer).toMatchObject({ username: 'anna', role: 'qa' });
  const cookie = cookieHeader(cookies);
  const found = await authenticate(deps, { cookie });
  expect(found?.actorId).toBe(viewer.actorId);
  expect(found?.sessionId).toBeDefined();
  await signOut(deps, cookie);
  expect(await viewerOfSession(deps, cookie)).toBeUndefined();
});

it('sets cookies for this host only, over TLS, unseen by scripts and other sites', async () => {
  await account('astrid');
  const { cookies } = await signIn(deps, { username: 'astrid', password: PASSWORD });
  expect(cookies.length).toBeGreaterThan(0);
  for (const line of cookies) {
    expect(line).toMatch(/^__Host-voxkeep\./);
    expect(line).toMatch(/; Path=\/(;|$)/);
    expect(line).toMatch(/; Secure/);
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Strict/i);
    expect(line).not.toMatch(/Domain=|Max-Age=[1-9]|Expires=/i);
  }
});

it('opens nothing for a cookie with one letter changed', async () => {
  await account('agnes');
  const cookie = await enter('agnes');
  const at = cookie.indexOf('=') + 5;
  const forged = `${cookie.slice(0, at)}${cookie[at] === 'a' ? 'b' : 'a'}${cookie.slice(at + 1)}`;
  expect(await viewerOfSession(deps, forged)).toBeUndefined();
  expect(await viewerOfSession(deps, cookie)).toBeDefined();
});

it('judges a request that brings a key by the key alone', async () => {
  await account('alma');
  const cookie = await enter('alma');
  expect(await authenticate(deps, { cookie, authorization: 'Bearer vk_wrong' })).toBeUndefined();
});

it('ends a session after half an hour without a request, and not before', async () => {
  await account('ida');
  const cookie = await enter('ida');
  for (let round = 0; round < 3; round += 1) {
    pass(29 * MINUTE_MS);
    expect(await viewerOfSession(deps, cookie)).toBeDefined();
  }
  pass(30 * MINUTE_MS + 1000);
  expect(await viewerOfSession(deps, cookie)).toBeUndefined();
});

it('ends a session after twelve hours, however busy', async () => {
  await account('irma');
  const cookie = await enter('irma');
  for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
    pass(20 * MINUTE_MS);
    expect(await viewerOfSession(deps, cookie)).toBeDefined();
  }
  pass(20 * MINUTE_MS + 1);
  expect(await viewerOfSession(deps, cookie)).toBeUndefined();
});

it('answers an unknown name and a wrong password alike, up to the lock', async () => {
  await account('bert');
  const known: unknown[] = [];
  const unknown: unknown[] = [];
  for (let time = 0; time < 11; time += 1) {
    known.push(await guess('bert'));
    unknown.push(await guess('nobody'));
  }
  expect(known).toEqual(unknown);
  expect(known).toEqual([...Array<string>(10).fill('SIGN_IN_FAILED'), 'ACCOUNT_LOCKED']);
});

it('shuts a name for a quarter of an hour after ten failures, right password or not', async () => {
  await account('carl');
  for (let time = 0; time < 10; time += 1) expect(await guess('carl')).toBe('SIGN_IN_FAILED');
  expect(await codeOf(enter('carl'))).toBe('ACCOUNT_LOCKED');
  pass(15 * MINUTE_MS - 1);
  expect(await codeOf(enter('carl'))).toBe('ACCOUNT_LOCKED');
  pass(1);
  expect(await codeOf(enter('carl'))).toBe('none');
});

it('counts failures in a row: a success begins anew', async () => {
  await account('cleo');
  for (let round = 0; round < 2; round += 1) {
    for (let time = 0; time < 9; time += 1) expect(await guess('cleo')).toBe('SIGN_IN_FAILED');
    expect(await codeOf(enter('cleo'))).toBe('none');
  }
});

it('lets no more than ten guesses through, however many come at once', async () => {
  await account('cora');
  const codes = await Promise.all(Array.from({ length: 16 }, () => guess('cora')));
  expect(codes.filter((code) => code === 'SIGN_IN_FAILED').length).toBe(10);
  expect(codes.filter((code) => code === 'ACCOUNT_LOCKED').length).toBe(6);
});

it('shuts an address out after a hundred failures on whatever names', async () => {
  await account('dana');
  const address = '192.0.2.7';
  // The counter is filled directly: a hundred password hashes prove nothing more.
  const rows = () => database.db.selectFrom('sign_in_attempt').selectAll().execute();
  const before = new Set((await rows()).map(({ key }) => key.toString('hex')));
  expect(await guess('dana', address)).toBe('SIGN_IN_FAILED');
  for (const { key } of await rows()) {
    if (before.has(key.toString('hex'))) continue;
    await database.db
      .updateTable('sign_in_attempt')
      .set((eb) => ({ attempts: eb('attempts', '*', 100) }))
      .where('key', '=', key)
      .execute();
  }
  expect(await guess('dieter', address)).toBe('RATE_LIMITED');
  expect(await guess('dieter', '192.0.2.8')).toBe('SIGN_IN_FAILED');
  pass(15 * MINUTE_MS);
  expect(await guess('dieter', address)).toBe('SIGN_IN_FAILED');
});

it('keeps neither the names that were tried nor the addresses', async () => {
  await guess('a-secret-name', '192.0.2.99');
  const rows = await database.db.selectFrom('sign_in_attempt').select('key').execute();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ key }) => key.length === 32)).toBe(true);
});

it('tells only who knows the password that an administrator locked the account', async () => {
  const { id } = await account('edda');
  await changing(deps, (tx) => setLocked(tx, id, true));
  expect(await guess('edda')).toBe('SIGN_IN_FAILED');
  expect(await codeOf(enter('edda'))).toBe('ACCOUNT_LOCKED');
  const sessions = database.db.selectFrom('staff_session').where('actor_id', '=', id);
  expect(await sessions.selectAll().execute()).toEqual([]);
  await changing(deps, (tx) => setLocked(tx, id, false));
  expect(await codeOf(enter('edda'))).toBe('none');
});

it('ends sessions at once on a lock, another role and another password', async () => {
  const { id } = await account('dora');
  const ends: [string, () => Promise<void>][] = [
    ['role', () => changing(deps, (tx) => setRole(tx, id, { role: 'analyst' }))],
    ['password', () => changing(deps, (tx) => setPassword(tx, id, PASSWORD))],
    ['second factor', () => changing(deps, (tx) => resetTotp(tx, id))],
    ['lock', () => changing(deps, (tx) => setLocked(tx, id, true))],
  ];
  for (const [name, end] of ends) {
    const cookie = await enter('dora');
    expect(await viewerOfSession(deps, cookie)).toBeDefined();
    await end();
    expect([name, await viewerOfSession(deps, cookie)]).toEqual([name, undefined]);
  }
});

it('lets no service account in by password', async () => {
  await account('pbx', 'service');
  expect(await codeOf(enter('pbx'))).toBe('SIGN_IN_FAILED');
});

async function withTotp(username: string): Promise<{ uri: string; id: string }> {
  const { id } = await account(username);
  const cookie = await enter(username);
  const viewer = await viewerOfSession(deps, cookie);
  if (viewer === undefined) throw new Error('no session');
  const { uri } = await enrolTotp(deps, viewer, cookie, PASSWORD);
  expect(await codeOf(confirmTotp(viewer, cookie, '000000'))).toBe('TOTP_WRONG');
  // Not confirmed, not in force.
  expect(await codeOf(enter(username))).toBe('none');
  const { cookies } = await confirmTotp(viewer, cookie, totpCode(uri));
  expect(await viewerOfSession(deps, cookieHeader(cookies))).toMatchObject({ username });
  return { uri, id };
}

it('asks for a time-based code once the person has set one up', async () => {
  const { uri } = await withTotp('emil');
  expect(await codeOf(enter('emil'))).toBe('TOTP_REQUIRED');
  pass(MINUTE_MS);
  expect(await codeOf(enter('emil', { totp: '000000' }))).toBe('TOTP_WRONG');
  expect(await codeOf(enter('emil', { totp: totpCode(uri, -3) }))).toBe('TOTP_WRONG');
  expect(await codeOf(enter('emil', { totp: totpCode(uri) }))).toBe('none');
});

it('takes a code once: not again at sign-in, nor one that confirmed the enrolment', async () => {
  const { uri, id } = await withTotp('egon');
  expect(await codeOf(enter('egon', { totp: totpCode(uri) }))).toBe('TOTP_WRONG');
  pass(MINUTE_MS);
  const totp = totpCode(uri);
  expect(await codeOf(enter('egon', { totp }))).toBe('none');
  const sessions = () =>
    database.db.selectFrom('staff_session').selectAll().where('actor_id', '=', id).execute();
  const before = (await sessions()).length;
  expect(await codeOf(enter('egon', { totp }))).toBe('TOTP_WRONG');
  expect((await sessions()).length).toBe(before);
});

it('counts wrong codes towards the lock, and a right password alone does not begin anew', async () => {
  await withTotp('erna');
  for (let time = 0; time < 10; time += 1) {
    expect(await codeOf(enter('erna'))).toBe('TOTP_REQUIRED');
    expect(await codeOf(enter('erna', { totp: '000000' }))).toBe('TOTP_WRONG');
  }
  expect(await codeOf(enter('erna'))).toBe('ACCOUNT_LOCKED');
});

it('sets up a second factor for who knows the password only, and only one', async () => {
  const { uri } = await withTotp('ella');
  pass(MINUTE_MS);
  const cookie = await enter('ella', { totp: totpCode(uri) });
  const viewer = await viewerOfSession(deps, cookie);
  if (viewer === undefined) throw new Error('no session');
  expect(await codeOf(enrolTotp(deps, viewer, cookie, 'wrong'))).toBe('SIGN_IN_FAILED');
  expect(await codeOf(enrolTotp(deps, viewer, cookie, PASSWORD))).toBe('TOTP_ALREADY_ON');
});
