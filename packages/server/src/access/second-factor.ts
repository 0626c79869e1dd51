import { accessError } from './access-error.ts';
import { clearAttempts } from './count-attempts.ts';
import type { Viewer } from './policy.ts';
import { findSession, keepPending, openSession, type SessionDeps } from './sessions.ts';
import { demandCode, provePassword, takeByName } from './sign-in.ts';
import { type ChangeDeps, changeStaff, findStaff, type StaffRow } from './staff-row.ts';
import { TOTP_SECRET_BYTES, totpUri } from './totp.ts';

/**
 * The first half of setting up a second factor: the otpauth URI for the person's app. It counts
 * only once it is confirmed, in this session. Rejects with SIGN_IN_FAILED for a wrong password,
 * TOTP_ALREADY_ON, NOT_SIGNED_IN.
 */
export async function enrolTotp(
  deps: SessionDeps,
  viewer: Viewer,
  cookie: string,
  password: string,
): Promise<{ uri: string }> {
  await provePassword(deps, viewer, password);
  const found = await findSession(deps, cookie);
  if (found === undefined) throw accessError('NOT_SIGNED_IN', 'sign in first');
  if (found.staff.totp_secret !== null) {
    throw accessError('TOTP_ALREADY_ON', 'a second factor is set up already');
  }
  const secret = deps.random.bytes(TOTP_SECRET_BYTES);
  await keepPending(deps, found.session, deps.seals.hide(viewer.actorId, secret));
  return { uri: totpUri(secret, viewer.username) };
}

/**
 * The second half: a code from the app. Resolves to the proven secret, hidden, for `setTotp`.
 * Rejects with TOTP_WRONG, ACCOUNT_LOCKED.
 */
export async function proveTotp(
  deps: SessionDeps,
  viewer: Viewer,
  cookie: string,
  code: string,
): Promise<Buffer> {
  const byName = await takeByName(deps, viewer.username);
  const pending = (await findSession(deps, cookie))?.session.totp_pending;
  if (!pending) throw accessError('TOTP_WRONG', 'no second factor is being set up here', 'code');
  await demandCode(deps, viewer.actorId, pending, code);
  await clearAttempts(deps.db, deps.clock, byName);
  return pending;
}

/** Puts a proven second factor in force; the sessions of before end. */
export const setTotp = (deps: ChangeDeps, actorId: string, hidden: Buffer): Promise<StaffRow> =>
  changeStaff(deps, actorId, { totp_secret: hidden });

/** After `setTotp` has committed: the session goes on under new `cookies`. */
export async function continueSession(
  deps: SessionDeps,
  staff: StaffRow,
  client: string | undefined,
): Promise<{ cookies: string[] }> {
  return openSession(deps, staff, { method: 'password', client });
}

/** Takes the second factor away, for somebody who lost it. Rejects with ACCOUNT_UNKNOWN. */
export async function resetTotp(deps: ChangeDeps, id: string): Promise<void> {
  await changeStaff(deps, id, { totp_secret: null });
}

/** Whether this person is asked for a code beside the password. */
export async function hasSecondFactor(deps: SessionDeps, actorId: string): Promise<boolean> {
  const staff = await findStaff(deps, { id: actorId });
  return staff !== undefined && staff.totp_secret !== null;
}
