import { viewerOfApiKey } from './api-keys.ts';
import type { Viewer } from './policy.ts';
import { findSession, type SessionDeps } from './sessions.ts';
import { viewerOf } from './staff-row.ts';
import { demandWithin } from './time-box.ts';

/**
 * Who sends a request with these headers: a service by `Authorization: Bearer vk_…`, a person by
 * session cookie; undefined for nobody. A request that brings a key is never judged by its cookie.
 * Without `counts` the request is no use of the session: it does not put off the end for idleness.
 * Rejects with ENGAGEMENT_OVER for an outside auditor before or after the engagement.
 */
export async function authenticate(
  deps: SessionDeps,
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  use: { counts: boolean } = { counts: true },
): Promise<Viewer | undefined> {
  if (headers.authorization !== undefined) {
    const [, key] = /^Bearer (\S+)$/i.exec(headers.authorization) ?? [];
    return key === undefined ? undefined : viewerOfApiKey(deps, key);
  }
  return headers.cookie === undefined ? undefined : viewerOfSession(deps, headers.cookie, use);
}

/** Who holds this session cookie; undefined when nobody does, any more or yet. Rejects with ENGAGEMENT_OVER. */
export async function viewerOfSession(
  deps: SessionDeps,
  cookie: string,
  use: { counts: boolean } = { counts: true },
): Promise<Viewer | undefined> {
  const found = await findSession(deps, cookie, use);
  if (found === undefined) return undefined;
  demandWithin(found.staff, deps.clock.now());
  return { ...viewerOf(found.staff), sessionId: found.session.id };
}
