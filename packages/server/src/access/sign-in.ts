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
 * or by an administrator, which only the right password learns), RATE_LIMITED.
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
  const { db, clock, seals } = deps;
  const username = attempt.username.toLowerCase();
  const byAddress = attemptKey(seals, 'address', attempt.address ?? 'local');
  if (!(await takeAttempt(db, clock, byAddress, BY_ADDRESS))) {
    throw accessError('RATE_LIMITED', 'too many failed attempts from this address; wait a while');
  }
  const byName = await takeByName(deps, username);
  const staff = await findStaff(deps, { username });
  const right = await isPassword(staff?.password_hash, attempt.password);
  if (staff === undefined || !right) throw failed();
  if (staff.totp_secret !== null) {
    if (attempt.totp === undefined) {
      // Not a success either: clearing the count here would give endless guesses at the code.
      await returnAttempt(db, byName);
      await returnAttempt(db, byAddress);
      throw accessError('TOTP_REQUIRED', 'a code is needed', 'totp');
    }
    await demandCode(deps, staff.actor_id, staff.totp_secret, attempt.totp);
  }
  await clearAttempts(db, clock, byName);
  await returnAttempt(db, byAddress);
  demandOpen(staff);
  const { sessionId, cookies } = await openSession(deps, staff, {
    ...{ method: 'password', client: attempt.client },
  });
  return { viewer: { ...viewerOf(staff), sessionId }, cookies };
}

/** Of two ways to prove who one is, neither opens a locked account or a service's. */
export function demandOpen(staff: StaffRow): void {
  if (staff.locked_at !== null) {
    throw accessError('ACCOUNT_LOCKED', 'the account is locked; ask an administrator');
  }
  if (staff.role === 'service') throw failed();
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
  if (!(await isPassword(staff?.password_hash, password))) throw failed();
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

const failed = () => accessError('SIGN_IN_FAILED', 'user name or password is wrong');
