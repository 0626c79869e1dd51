import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { accessError } from './access-error.ts';
import { type Auth, hashPassword } from './auth.ts';
import type { Role } from './policy-table.ts';

export interface NewAccount {
  username: string;
  displayName: string;
  role: Role;
  password: string;
  agentId?: string;
  teamId?: string;
}

export interface Account {
  id: string;
  username: string;
  displayName: string;
  role: Role;
  agentId?: string;
  teamId?: string;
  lockedAt?: Date;
  createdAt: Date;
}

/** Makes an account that may sign in at once. Rejects with ACCOUNT_EXISTS, ACCOUNT_INVALID. */
export async function createAccount(
  deps: { auth: Auth; db: Db; clock: Clock },
  account: NewAccount,
): Promise<Account> {
  if (account.role === 'agent' && account.agentId === undefined) {
    throw accessError('ACCOUNT_INVALID', 'an agent needs an agent id', 'agentId');
  }
  if (account.role === 'team_lead' && account.teamId === undefined) {
    throw accessError('ACCOUNT_INVALID', 'a team lead needs a team', 'teamId');
  }
  const { internalAdapter } = await deps.auth.$context;
  const { username, displayName, role, agentId, teamId } = account;
  const taken = await deps.db
    .selectFrom('staff')
    .select('actor_id')
    .where('username', '=', username)
    .executeTakeFirst();
  if (taken !== undefined) {
    throw accessError('ACCOUNT_EXISTS', 'there is an account of that name', 'username');
  }
  const user = await internalAdapter.createUser(
    {
      // The library wants an address; the archive sends no mail and keeps none.
      email: `${username}@voxkeep.invalid`,
      name: displayName,
      emailVerified: true,
      username,
      displayUsername: username,
    },
    { method: 'admin' } as never,
  );
  await internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: 'credential',
    password: await hashPassword(account.password),
  });
  const createdAt = deps.clock.now();
  await deps.db
    .insertInto('staff')
    .values({
      ...{ actor_id: user.id, username, display_name: displayName, role, created_at: createdAt },
      agent_id: agentId ?? null,
      team_id: teamId ?? null,
      locked_at: null,
      locked_until: null,
    })
    .execute();
  return {
    ...{ id: user.id, username, displayName, role, createdAt },
    ...(agentId === undefined ? {} : { agentId }),
    ...(teamId === undefined ? {} : { teamId }),
  };
}

export async function listAccounts(db: Db): Promise<Account[]> {
  const rows = await db.selectFrom('staff').selectAll().orderBy('username').execute();
  return rows.map((row) => ({
    id: row.actor_id,
    username: row.username,
    displayName: row.display_name,
    role: row.role as Role,
    createdAt: row.created_at,
    ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
    ...(row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.locked_at === null ? {} : { lockedAt: row.locked_at }),
  }));
}

/** Locks or unlocks; a lock ends the person's sessions at once. Rejects with ACCOUNT_UNKNOWN. */
export async function setLocked(db: Db, clock: Clock, id: string, locked: boolean): Promise<void> {
  const changed = await db
    .updateTable('staff')
    .set({ locked_at: locked ? clock.now() : null, locked_until: null, failed_attempts: 0 })
    .where('actor_id', '=', id)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw accessError('ACCOUNT_UNKNOWN', 'no such account', 'id');
  if (locked) await endSessions(db, id);
}

/** Gives another role; what the old one allowed ends with the person's sessions, at once. */
export async function setRole(
  db: Db,
  id: string,
  change: { role: Role; agentId?: string; teamId?: string },
): Promise<void> {
  const changed = await db
    .updateTable('staff')
    .set({
      role: change.role,
      agent_id: change.agentId ?? null,
      team_id: change.teamId ?? null,
    })
    .where('actor_id', '=', id)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw accessError('ACCOUNT_UNKNOWN', 'no such account', 'id');
  await endSessions(db, id);
}

async function endSessions(db: Db, id: string): Promise<void> {
  await db.deleteFrom('auth_session').where('userId', '=', id).execute();
}
