import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { accessError } from './access-error.ts';
import { type Auth, isPassword } from './auth.ts';
import {
  attemptKey,
  clearAttempts,
  type Limit,
  returnAttempt,
  takeAttempt,
} from './count-attempts.ts';
import type { Viewer } from './policy.ts';
import { cookieHeader, sessionCookies, viewerOf } from './session.ts';

const QUARTER_MS = 15 * 60_000;
/** Failures in a row after which a name is shut for a while. */
const BY_NAME: Limit = { most: 10, shutMs: QUARTER_MS, forgets: false };
/** Failures from one address; a whole site may be behind it. */
const BY_ADDRESS: Limit = { most: 100, shutMs: QUARTER_MS, forgets: true };
/** A code is good once. It is accepted for at most a minute and a half around its own 30 seconds. */
const CODE_ONCE: Limit = { most: 1, shutMs: 120_000, forgets: true };

export interface SignInDeps {
  auth: Auth;
  db: Db;
  clock: Clock;
}

/**
 * Opens a session; `cookies` go into the answer's Set-Cookie headers. Rejects with SIGN_IN_FAILED
 * (the same for an unknown name and a wrong password, at the same cost), TOTP_REQUIRED, TOTP_WRONG,
 * ACCOUNT_LOCKED (ten failures in a row, for a quarter of an hour, whether or not the name exists;
 * or by an administrator, which only the right password learns), RATE_LIMITED.
 */
export async function signIn(
  deps: SignInDeps,
  attempt: { username: string; password: string; totp?: string; address?: string },
): Promise<{ viewer: Viewer; cookies: string[] }> {
  const { auth, db, clock } = deps;
  const { secret } = auth.options;
  const username = attempt.username.toLowerCase();
  const byAddress = attemptKey(secret, 'address', attempt.address ?? 'local');
  if (!(await takeAttempt(db, clock, byAddress, BY_ADDRESS))) {
    throw accessError('RATE_LIMITED', 'too many failed attempts from this address; wait a while');
  }
  const byName = await takeByName(deps, username);
  const { actorId, cookies } = await passwordThenCode(deps, { ...attempt, username }, async () => {
    await returnAttempt(db, byName);
    await returnAttempt(db, byAddress);
  });
  const staff = await db
    .selectFrom('staff')
    .selectAll()
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  await clearAttempts(db, clock, byName);
  await returnAttempt(db, byAddress);
  if (staff === undefined || staff.role === 'service' || staff.locked_at !== null) {
    await db.deleteFrom('auth_session').where('userId', '=', actorId).execute();
    if (staff !== undefined && staff.locked_at !== null) {
      throw accessError('ACCOUNT_LOCKED', 'the account is locked; ask an administrator');
    }
    throw failed();
  }
  return { viewer: viewerOf(staff), cookies };
}

/** Both factors through the library. `onHalf` runs when only the code is missing. */
async function passwordThenCode(
  deps: SignInDeps,
  attempt: { username: string; password: string; totp?: string },
  onHalf: () => Promise<void>,
): Promise<{ actorId: string; cookies: string[] }> {
  const { username, password, totp } = attempt;
  // For an unknown name the library hashes the password as well, so both take the same time.
  const first = await deps.auth.api.signInUsername({
    body: { username, password },
    headers: new Headers(),
    asResponse: true,
  });
  if (!first.ok) throw failed();
  const answer = (await first.json()) as { twoFactorRedirect?: boolean; user?: { id: string } };
  if (answer.twoFactorRedirect !== true) {
    if (answer.user === undefined) throw failed();
    return { actorId: answer.user.id, cookies: sessionCookies(first) };
  }
  if (totp === undefined) {
    // Not a success either: clearing the count here would give endless guesses at the code.
    await onHalf();
    throw accessError('TOTP_REQUIRED', 'a code is needed', 'totp');
  }
  const cookie = cookieHeader(first.headers.getSetCookie());
  const second = await deps.auth.api.verifyTOTP({
    body: { code: totp },
    headers: new Headers({ cookie }),
    asResponse: true,
  });
  if (!second.ok) throw wrongCode();
  const { user } = (await second.json()) as { user: { id: string } };
  if (!(await claimCode(deps, user.id, totp))) {
    await deps.auth.api.signOut({
      headers: new Headers({ cookie: cookieHeader(second.headers.getSetCookie()) }),
    });
    throw wrongCode();
  }
  return { actorId: user.id, cookies: sessionCookies(second) };
}

/**
 * The first half of setting up a second factor: the otpauth URI for the person's app. It counts
 * only once it is confirmed. Rejects with SIGN_IN_FAILED for a wrong password, TOTP_ALREADY_ON.
 */
export async function enrolTotp(
  deps: SignInDeps,
  viewer: Viewer,
  cookie: string,
  password: string,
): Promise<{ uri: string }> {
  const byName = await takeByName(deps, viewer.username);
  const answer = await deps.auth.api.enableTwoFactor({
    body: { password },
    headers: new Headers({ cookie }),
    asResponse: true,
  });
  const body = (await answer.json()) as { totpURI?: string; code?: string };
  if (!answer.ok || body.totpURI === undefined) {
    if (body.code === 'INVALID_PASSWORD') throw failed();
    await returnAttempt(deps.db, byName);
    throw accessError('TOTP_ALREADY_ON', 'a second factor is set up already');
  }
  await clearAttempts(deps.db, deps.clock, byName);
  return { uri: body.totpURI };
}

/** The second half: a code from the app. The session goes on under new `cookies`. TOTP_WRONG. */
export async function confirmTotp(
  deps: SignInDeps,
  viewer: Viewer,
  cookie: string,
  code: string,
): Promise<{ cookies: string[] }> {
  const byName = await takeByName(deps, viewer.username);
  const answer = await deps.auth.api.verifyTOTP({
    body: { code },
    headers: new Headers({ cookie }),
    asResponse: true,
  });
  if (!answer.ok || !(await claimCode(deps, viewer.actorId, code))) throw wrongCode();
  await clearAttempts(deps.db, deps.clock, byName);
  return { cookies: sessionCookies(answer) };
}

/**
 * Proves that whoever holds this session knows its password, before a change of it. Rejects with
 * SIGN_IN_FAILED, ACCOUNT_LOCKED.
 */
export async function provePassword(
  deps: SignInDeps,
  viewer: Viewer,
  password: string,
): Promise<void> {
  // The count must outlive a failed attempt: it is not part of the caller's transaction.
  const byName = await takeByName(deps, viewer.username);
  const account = await deps.db
    .selectFrom('auth_account')
    .select('password')
    .where('userId', '=', viewer.actorId)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  if (!account?.password || !(await isPassword(account.password, password))) throw failed();
  await clearAttempts(deps.db, deps.clock, byName);
}

/** Whether this person is asked for a code beside the password. */
export async function hasSecondFactor(db: Db, actorId: string): Promise<boolean> {
  const user = await db
    .selectFrom('auth_user')
    .select('twoFactorEnabled')
    .where('id', '=', actorId)
    .executeTakeFirst();
  return user?.twoFactorEnabled === true;
}

async function takeByName({ auth, db, clock }: SignInDeps, username: string): Promise<Buffer> {
  const key = attemptKey(auth.options.secret, 'name', username);
  if (await takeAttempt(db, clock, key, BY_NAME)) return key;
  throw accessError('ACCOUNT_LOCKED', 'too many failed attempts; wait a quarter of an hour');
}

/** RFC 6238, 5.2: a code is accepted once. */
function claimCode(deps: SignInDeps, actorId: string, code: string): Promise<boolean> {
  const key = attemptKey(deps.auth.options.secret, 'code', `${actorId}\0${code}`);
  return takeAttempt(deps.db, deps.clock, key, CODE_ONCE);
}

const failed = () => accessError('SIGN_IN_FAILED', 'user name or password is wrong');
const wrongCode = () => accessError('TOTP_WRONG', 'the code is wrong, used or too old', 'totp');
