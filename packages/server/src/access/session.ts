import { viewerOfApiKey } from './api-keys.ts';
import { ABSOLUTE_MS } from './auth.ts';
import type { Viewer } from './policy.ts';
import type { Role } from './policy-table.ts';
import type { SignInDeps } from './sign-in.ts';

/**
 * Who sends a request with these headers: a service by `Authorization: Bearer vk_…`, a person by
 * session cookie; undefined for nobody. A request that brings a key is never judged by its cookie.
 * Without `counts` the request is no use of the session: it does not put off the end for idleness.
 */
export async function authenticate(
  deps: SignInDeps,
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  use: { counts: boolean } = { counts: true },
): Promise<Viewer | undefined> {
  if (headers.authorization !== undefined) {
    const [, key] = /^Bearer (\S+)$/i.exec(headers.authorization) ?? [];
    return key === undefined ? undefined : viewerOfApiKey(deps, key);
  }
  return headers.cookie === undefined ? undefined : viewerOfSession(deps, headers.cookie, use);
}

/** Who holds this session cookie; undefined when nobody does, any more or yet. */
export async function viewerOfSession(
  deps: SignInDeps,
  cookie: string,
  use: { counts: boolean } = { counts: true },
): Promise<Viewer | undefined> {
  const found = await deps.auth.api.getSession({
    headers: new Headers({ cookie }),
    query: { disableRefresh: !use.counts },
  });
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

export function viewerOf(staff: {
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

/**
 * The library's Set-Cookie lines without an end of their own: how long a session lives is decided
 * here, request by request, and a cookie of half an hour would end it under working hands.
 */
export function sessionCookies(answer: Response): string[] {
  return answer.headers
    .getSetCookie()
    .map((line) =>
      /;\s*max-age=0\b/i.test(line) ? line : line.replace(/;\s*(?:max-age|expires)=[^;]*/gi, ''),
    );
}

/** What a browser would send back for these Set-Cookie lines. */
export const cookieHeader = (setCookies: string[]): string =>
  setCookies.map((line) => line.split(';')[0]).join('; ');
