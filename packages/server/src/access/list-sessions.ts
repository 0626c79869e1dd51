import { accessError } from './access-error.ts';
import { isOver, type SessionDeps, type SessionRow } from './sessions.ts';

export interface OpenSession {
  id: string;
  startedAt: Date;
  seenAt: Date;
  /** 'password', or the provider's name. */
  method: string;
  /** Browser and system. */
  client?: string;
}

/** The sessions that an account has open, the newest first. */
export async function listSessions(deps: SessionDeps, actorId: string): Promise<OpenSession[]> {
  const rows = await deps.db
    .selectFrom('staff_session')
    .selectAll()
    .where('actor_id', '=', actorId)
    .orderBy('started_at', 'desc')
    .execute();
  return rows.filter((row) => isOpen(deps, row)).map(sessionOf);
}

/** When each account was last seen, of those that have a session open. */
export async function lastSeen(deps: SessionDeps): Promise<Map<string, Date>> {
  const rows = await deps.db.selectFrom('staff_session').selectAll().orderBy('seen_at').execute();
  const open = rows.filter((row) => isOpen(deps, row));
  return new Map(open.map((row) => [row.actor_id, row.seen_at]));
}

/**
 * Ends one session of the account, at once: its next request, and a stream that runs within a second,
 * finds nothing. Rejects with SESSION_UNKNOWN.
 */
export async function endSession(
  { db }: Pick<SessionDeps, 'db'>,
  actorId: string,
  sessionId: string,
): Promise<void> {
  const ended = await db
    .deleteFrom('staff_session')
    .where('id', '=', sessionId)
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  if (ended.numDeletedRows === 0n) throw accessError('SESSION_UNKNOWN', 'no such session', 'id');
}

const isOpen = (deps: SessionDeps, row: SessionRow) =>
  deps.seals.authentic('staff_session', row) && !isOver(deps, row);

const sessionOf = (row: SessionRow): OpenSession => ({
  ...{ id: row.id, startedAt: row.started_at, seenAt: row.seen_at, method: row.method },
  ...(row.client === null ? {} : { client: row.client }),
});
