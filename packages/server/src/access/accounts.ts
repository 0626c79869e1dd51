import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import { accessError } from './access-error.ts';
import { hashPassword } from './auth.ts';
import type { Role } from './policy-table.ts';
import { together } from './together.ts';

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
  /** Whether a code is asked for beside the password. */
  secondFactor: boolean;
}

/**
 * Makes an account that may sign in at once; in the caller's transaction when `db` is one, so that
 * it and its ledger entry commit together. Rejects with ACCOUNT_EXISTS, ACCOUNT_INVALID,
 * PASSWORD_WEAK.
 */
export async function createAccount(
  deps: { db: Db; clock: Clock },
  account: NewAccount,
): Promise<Account> {
  const { username, displayName, role, agentId, teamId } = account;
  demandIds(role, agentId, teamId);
  demandStrength(account.password, username);
  const password = await hashPassword(account.password);
  const id = newUuidV7(deps.clock);
  const createdAt = deps.clock.now();
  const times = { createdAt, updatedAt: createdAt };
  await together(deps.db, async (tx) => {
    const user = await tx
      .insertInto('auth_user')
      .values({
        ...{ id, name: displayName, username, displayUsername: username, ...times },
        // The library wants an address; the archive sends no mail and keeps none.
        ...{ email: `${username}@voxkeep.invalid`, emailVerified: true, twoFactorEnabled: false },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (user.numInsertedOrUpdatedRows === 0n) {
      throw accessError('ACCOUNT_EXISTS', 'there is an account of that name', 'username');
    }
    await tx
      .insertInto('auth_account')
      .values({
        ...{ id: newUuidV7(deps.clock), accountId: id, userId: id, providerId: 'credential' },
        ...{ password, ...times },
      })
      .execute();
    await tx
      .insertInto('staff')
      .values({
        ...{ actor_id: id, username, display_name: displayName, role, created_at: createdAt },
        ...{ agent_id: agentId ?? null, team_id: teamId ?? null, locked_at: null },
      })
      .execute();
  });
  return {
    ...{ id, username, displayName, role, createdAt, secondFactor: false },
    ...(agentId === undefined ? {} : { agentId }),
    ...(teamId === undefined ? {} : { teamId }),
  };
}

/** Everyone who may, or might, sign in, by user name. */
export async function listAccounts(db: Db): Promise<Account[]> {
  const rows = await db
    .selectFrom('staff')
    .innerJoin('auth_user', 'auth_user.id', 'staff.actor_id')
    .selectAll('staff')
    .select('auth_user.twoFactorEnabled')
    .orderBy('staff.username')
    .execute();
  return rows.map((row) => ({
    id: row.actor_id,
    username: row.username,
    displayName: row.display_name,
    role: row.role as Role,
    createdAt: row.created_at,
    secondFactor: row.twoFactorEnabled === true,
    ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
    ...(row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.locked_at === null ? {} : { lockedAt: row.locked_at }),
  }));
}

/** What the accounts of these ids are called today; ids of nobody are left out. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('staff')
    .select(['actor_id', 'display_name'])
    .where('actor_id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.actor_id, row.display_name]));
}

/** The account of a user name, for the ledger; undefined when there is none. */
export async function accountIdOf(db: Db, username: string): Promise<string | undefined> {
  const staff = await db
    .selectFrom('staff')
    .select('actor_id')
    .where('username', '=', username.toLowerCase())
    .executeTakeFirst();
  return staff?.actor_id;
}

/** Locks or unlocks; a lock ends the person's sessions at once. Rejects with ACCOUNT_UNKNOWN. */
export async function setLocked(db: Db, clock: Clock, id: string, locked: boolean): Promise<void> {
  await together(db, async (tx) => {
    const changed = await tx
      .updateTable('staff')
      .set({ locked_at: locked ? clock.now() : null })
      .where('actor_id', '=', id)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) throw unknownAccount();
    if (locked) await endSessions(tx, id);
  });
}

/**
 * Gives another role; ids that are not given stay. What the old role allowed ends with the
 * person's sessions, at once. Rejects with ACCOUNT_UNKNOWN, ACCOUNT_INVALID.
 */
export async function setRole(
  db: Db,
  id: string,
  change: { role: Role; agentId?: string; teamId?: string },
): Promise<void> {
  await together(db, async (tx) => {
    const before = await tx
      .selectFrom('staff')
      .select(['agent_id', 'team_id'])
      .where('actor_id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (before === undefined) throw unknownAccount();
    const agentId = change.agentId ?? before.agent_id;
    const teamId = change.teamId ?? before.team_id;
    demandIds(change.role, agentId ?? undefined, teamId ?? undefined);
    await tx
      .updateTable('staff')
      .set({ role: change.role, agent_id: agentId, team_id: teamId })
      .where('actor_id', '=', id)
      .execute();
    await endSessions(tx, id);
  });
}

/** Sets a new password and ends the person's sessions. Rejects with ACCOUNT_UNKNOWN, PASSWORD_WEAK. */
export async function setPassword(
  db: Db,
  clock: Clock,
  id: string,
  password: string,
): Promise<void> {
  const staff = await db
    .selectFrom('staff')
    .select('username')
    .where('actor_id', '=', id)
    .executeTakeFirst();
  if (staff === undefined) throw unknownAccount();
  demandStrength(password, staff.username);
  const hashed = await hashPassword(password);
  await together(db, async (tx) => {
    await tx
      .updateTable('auth_account')
      .set({ password: hashed, updatedAt: clock.now() })
      .where('userId', '=', id)
      .where('providerId', '=', 'credential')
      .execute();
    await endSessions(tx, id);
  });
}

/** Takes the second factor away, for somebody who lost it. Rejects with ACCOUNT_UNKNOWN. */
export async function resetTotp(db: Db, id: string): Promise<void> {
  await together(db, async (tx) => {
    const changed = await tx
      .updateTable('auth_user')
      .set({ twoFactorEnabled: false })
      .where('id', '=', id)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) throw unknownAccount();
    await tx.deleteFrom('auth_two_factor').where('userId', '=', id).execute();
    await endSessions(tx, id);
  });
}

async function endSessions(db: Db, id: string): Promise<void> {
  await db.deleteFrom('auth_session').where('userId', '=', id).execute();
}

const unknownAccount = () => accessError('ACCOUNT_UNKNOWN', 'no such account', 'id');

function demandIds(role: Role, agentId: string | undefined, teamId: string | undefined): void {
  if (role === 'agent' && agentId === undefined) {
    throw accessError('ACCOUNT_INVALID', 'an agent needs an agent id', 'agentId');
  }
  if (role === 'team_lead' && teamId === undefined) {
    throw accessError('ACCOUNT_INVALID', 'a team lead needs a team', 'teamId');
  }
}

const SHORTEST = 12;
const FEWEST_DIFFERENT = 6;

/** Length before variety of classes (NIST SP 800-63B, 5.1.1.2), and nothing that names its owner. */
function demandStrength(password: string, username: string): void {
  const weak = (why: string) => accessError('PASSWORD_WEAK', why, 'password');
  if ([...password].length < SHORTEST) throw weak(`at least ${SHORTEST} characters`);
  if (new Set(password).size < FEWEST_DIFFERENT) throw weak('too few different characters');
  if (password.toLowerCase().includes(username.toLowerCase()) && username.length > 3) {
    throw weak('must not contain the user name');
  }
}
