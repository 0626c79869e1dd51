import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { accessError } from './access-error.ts';
import { ABSOLUTE_MS, type Auth, hashPassword } from './auth.ts';
import type { Viewer } from './policy.ts';
import type { Role } from './policy-table.ts';

/** Failed attempts in a row before an account is closed for a while. */
export const MOST_FAILURES = 10;
const LOCK_MS = 15 * 60_000;

export interface SignInDeps {
  auth: Auth;
  db: Db;
  clock: Clock;
}

/**
 * Opens a session; `cookies` go into the answer's Set-Cookie headers. Rejects with SIGN_IN_FAILED
 * (the same for an unknown name and a wrong password, in the same time), TOTP_REQUIRED, TOTP_WRONG,
 * ACCOUNT_LOCKED.
 */
export async function signIn(
  deps: SignInDeps,
  attempt: { username: string; password: string; totp?: string },
): Promise<{ viewer: Viewer; cookies: string[] }> {
  const failed = () => accessError('SIGN_IN_FAILED', 'user name or password is wrong');
  const staff = await deps.db
    .selectFrom('staff')
    .selectAll()
    .where('username', '=', attempt.username.toLowerCase())
    .executeTakeFirst();
  if (staff === undefined) {
    await hashPassword(attempt.password);
    throw failed();
  }
  const now = deps.clock.now();
  if (staff.locked_at !== null || (staff.locked_until !== null && staff.locked_until > now)) {
    throw accessError('ACCOUNT_LOCKED', 'the account is locked; ask an administrator');
  }
  const answer = await deps.auth.api.signInUsername({
    body: { username: staff.username, password: attempt.password },
    headers: new Headers(),
    asResponse: true,
  });
  if (!answer.ok) {
    await countFailure(deps, staff.actor_id, staff.failed_attempts, now);
    throw failed();
  }
  let cookies = answer.headers.getSetCookie();
  const body = (await answer.json()) as { twoFactorRedirect?: boolean };
  if (body.twoFactorRedirect === true) {
    if (attempt.totp === undefined) throw accessError('TOTP_REQUIRED', 'a code is needed', 'totp');
    const second = await deps.auth.api.verifyTOTP({
      body: { code: attempt.totp },
      headers: new Headers({ cookie: cookieHeader(cookies) }),
      asResponse: true,
    });
    if (!second.ok) {
      await countFailure(deps, staff.actor_id, staff.failed_attempts, now);
      throw accessError('TOTP_WRONG', 'the code is wrong or too old', 'totp');
    }
    cookies = second.headers.getSetCookie();
  }
  await deps.db
    .updateTable('staff')
    .set({ failed_attempts: 0, locked_until: null })
    .where('actor_id', '=', staff.actor_id)
    .execute();
  return { viewer: viewerOf(staff), cookies };
}

/** Who holds this session cookie; undefined when nobody does, any more or yet. */
export async function viewerOfSession(
  deps: SignInDeps,
  cookie: string,
): Promise<Viewer | undefined> {
  const found = await deps.auth.api.getSession({ headers: new Headers({ cookie }) });
  if (found === null) return undefined;
  const { session } = found;
  if (deps.clock.now().getTime() - session.createdAt.getTime() > ABSOLUTE_MS) {
    await deps.db.deleteFrom('auth_session').where('id', '=', session.id).execute();
    return undefined;
  }
  const staff = await deps.db
    .selectFrom('staff')
    .selectAll()
    .where('actor_id', '=', session.userId)
    .executeTakeFirst();
  if (staff === undefined || staff.locked_at !== null) return undefined;
  return { ...viewerOf(staff), sessionId: session.id };
}

/** Ends the session; `cookies` clear it in the browser. */
export async function signOut(deps: SignInDeps, cookie: string): Promise<{ cookies: string[] }> {
  const answer = await deps.auth.api.signOut({
    headers: new Headers({ cookie }),
    asResponse: true,
  });
  return { cookies: answer.headers.getSetCookie() };
}

function viewerOf(staff: {
  actor_id: string;
  username: string;
  display_name: string;
  role: string;
  agent_id: string | null;
  team_id: string | null;
}): Viewer {
  return {
    actorId: staff.actor_id,
    username: staff.username,
    displayName: staff.display_name,
    role: staff.role as Role,
    ...(staff.agent_id === null ? {} : { agentId: staff.agent_id }),
    ...(staff.team_id === null ? {} : { teamId: staff.team_id }),
  };
}

async function countFailure(deps: SignInDeps, id: string, before: number, now: Date) {
  const locks = before + 1 >= MOST_FAILURES;
  await deps.db
    .updateTable('staff')
    .set((eb) => ({
      failed_attempts: locks ? 0 : eb('failed_attempts', '+', 1),
      locked_until: locks ? new Date(now.getTime() + LOCK_MS) : null,
    }))
    .where('actor_id', '=', id)
    .execute();
}

const cookieHeader = (setCookies: string[]): string =>
  setCookies.map((line) => line.split(';')[0]).join('; ');
