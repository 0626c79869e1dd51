import { accessError } from './access-error.ts';
import {
  attemptKey,
  clearAttempts,
  type Limit,
  returnAttempt,
  takeAttempt,
} from './count-attempts.ts';
import { isPassword } from './passwords.ts';
import type { Viewer } from './policy.ts';
import { openSession, type SessionDeps } from './sessions.ts';
import { findStaff, type StaffRow, viewerOf } from './staff-row.ts';
import { demandWithin } from './time-box.ts';
import { isTotp } from './totp.ts';

const QUARTER_MS = 15 * 60_000;
/** Failures in a row after which a name is shut for a while. */
const BY_NAME: Limit = { most: 10, shutMs: QUARTER_MS, forgets: false };
/** Failures from one address; a whole site may be behind it. */
const BY_ADDRESS: Limit = { most: 100, shutMs: QUARTER_MS, forgets: true };
/** A code is good once. It is accepted for at most a minute and a half around its own 30 seconds. */
const CODE_ONCE: Limit = { most: 1, shutMs: 120_000, forgets: true };

/**
 * Opens a session; `cookies` go into the answer's Set-Cookie headers. Rejects with SIGN_IN_FAILED
 * (the same for an unknown name and a wrong password, at the same cost), TOTP_REQUIRED, TOTP_WRONG,
 * ACCOUNT_LOCKED (ten failures in a row, for a quarter of an hour, whether or not the name exists;
 * or by an administrator, which only the right password learns), ENGAGEMENT_OVER likewise, RATE_LIMITED.
 */
export async function signIn(
  deps: SessionDeps,
  attempt: {
    username: string;
    password: string;
    totp?: string;
    address?: string;
    client?: string | undefined;
  },
): Promise<{ viewer: Viewer; cookies: string[] }> {
  const username = attempt.username.toLowerCase();
  const taken = await takeAttempts(deps, username, attempt.address);
  const staff = await findStaff(deps, { username });
  const right = await isPassword(staff?.password_hash, attempt.password);
  if (staff === undefined || !right) throw signInFailed();
  await demandSecondFactor(deps, staff, attempt.totp, taken);
  demandOpen(staff, deps.clock.now());
  const { sessionId, cookies } = await openSession(deps, staff, {
    ...{ method: 'password', client: attempt.client },
  });
  return { viewer: { ...viewerOf(staff), sessionId }, cookies };
}

/** Attempts that were taken before it is known how they end. */
export interface Taken {
  byName: Buffer;
  byAddress: Buffer;
}

/** One by name and one by address. Rejects with RATE_LIMITED, ACCOUNT_LOCKED. */
export async function takeAttempts(
  deps: SessionDeps,
  name: string,
  address = 'local',
): Promise<Taken> {
  const byAddress = attemptKey(deps.seals, 'address', address);
  if (!(await takeAttempt(deps.db, deps.clock, byAddress, BY_ADDRESS))) {
    throw accessError('RATE_LIMITED', 'too many failed attempts from this address; wait a while');
  }
  return { byName: await takeByName(deps, name), byAddress };
}

/** Gives them back: they neither failed nor succeeded. */
export async function returnAttempts({ db }: SessionDeps, taken: Taken): Promise<void> {
  await returnAttempt(db, taken.byName);
  await returnAttempt(db, taken.byAddress);
}

/**
 * The code beside what was proved already, where the account has one; then the attempts are over.
 * Rejects with TOTP_REQUIRED, TOTP_WRONG.
 */
export async function demandSecondFactor(
  deps: SessionDeps,
  staff: StaffRow,
  code: string | undefined,
  taken: Taken,
): Promise<void> {
  if (staff.totp_secret !== null) {
    if (code === undefined) {
      // Not a success either: clearing the count here would give endless guesses at the code.
      await returnAttempts(deps, taken);
      throw accessError('TOTP_REQUIRED', 'a code is needed', 'totp');
    }
    await demandCode(deps, staff.actor_id, staff.totp_secret, code);
  }
  await clearAttempts(deps.db, deps.clock, taken.byName);
  await returnAttempt(deps.db, taken.byAddress);
}

/** Of two ways to prove who one is, neither opens a locked account, a service's, or one out of its time. */
export function demandOpen(staff: StaffRow, now: Date): void {
  if (staff.locked_at !== null) {
    throw accessError('ACCOUNT_LOCKED', 'the account is locked; ask an administrator');
  }
  if (staff.role === 'service') throw signInFailed();
  demandWithin(staff, now);
}

/**
 * Proves that whoever holds this session knows its password, before a change of it. Rejects with
 * SIGN_IN_FAILED, ACCOUNT_LOCKED.
 */
export async function provePassword(
  deps: SessionDeps,
  viewer: Viewer,
  password: string,
): Promise<void> {
  // The count must outlive a failed attempt: it is not part of the caller's transaction.
  const byName = await takeByName(deps, viewer.username);
  const staff = await findStaff(deps, { id: viewer.actorId });
  if (!(await isPassword(staff?.password_hash, password))) throw signInFailed();
  await clearAttempts(deps.db, deps.clock, byName);
}

/** One of the attempts by name; ACCOUNT_LOCKED when none is left. */
export async function takeByName(
  { seals, db, clock }: SessionDeps,
  username: string,
): Promise<Buffer> {
  const key = attemptKey(seals, 'name', username);
  if (await takeAttempt(db, clock, key, BY_NAME)) return key;
  throw accessError('ACCOUNT_LOCKED', 'too many failed attempts; wait a quarter of an hour');
}

/** TOTP_WRONG unless the code is right and is used for the first time (RFC 6238, 5.2). */
export async function demandCode(
  deps: SessionDeps,
  actorId: string,
  hidden: Buffer,
  code: string,
): Promise<void> {
  const secret = deps.seals.reveal(actorId, hidden);
  const right = secret !== undefined && isTotp(secret, code, deps.clock.now());
  const key = attemptKey(deps.seals, 'code', `${actorId}\0${code}`);
  if (right && (await takeAttempt(deps.db, deps.clock, key, CODE_ONCE))) return;
  throw accessError('TOTP_WRONG', 'the code is wrong, used or too old', 'totp');
}

export const signInFailed = () => accessError('SIGN_IN_FAILED', 'user name or password is wrong');
