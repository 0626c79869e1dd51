import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import { accessError } from './access-error.ts';
import { demandStrength, hashPassword } from './passwords.ts';
import type { Role } from './policy-table.ts';
import type { Seals } from './seals.ts';
import {
  allStaff,
  type ChangeDeps,
  changeStaff,
  findStaff,
  insertStaff,
  type StaffDeps,
  type StaffRow,
} from './staff-row.ts';
import type { TimeBox } from './time-box.ts';

export interface NewAccount {
  username: string;
  displayName: string;
  role: Role;
  password: string;
  agentId?: string;
  teamId?: string;
  /** The person's own number (工号); only a keyed hash of it is kept. */
  personId?: string;
  /** Of an outside auditor: until it has begun, and once it is over, the account opens nothing. */
  within?: TimeBox;
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
  personRef?: string;
  /** Who else proves its person. */
  provider?: string;
  within?: TimeBox;
}

/**
 * Makes an account that may sign in at once; in the caller's transaction when `db` is one, so that
 * it and its ledger entry commit together. Rejects with ACCOUNT_EXISTS, ACCOUNT_INVALID,
 * PASSWORD_WEAK.
 */
export async function createAccount(
  deps: { db: Db; clock: Clock; seals: Seals },
  account: NewAccount,
): Promise<Account> {
  const { username, displayName, role, agentId, teamId, personId, within } = account;
  demandIds(role, agentId, teamId);
  if (within !== undefined && role !== 'auditor') {
    throw accessError('ACCOUNT_INVALID', 'only an auditor works for an engagement', 'engagementId');
  }
  demandStrength(account.password, username);
  const staff = {
    ...{ actor_id: newUuidV7(deps.clock), username, display_name: displayName, role },
    ...{ agent_id: agentId ?? null, team_id: teamId ?? null, locked_at: null },
    ...{ created_at: deps.clock.now(), totp_secret: null, provider: null, subject: null },
    person_ref: personId === undefined ? null : deps.seals.personRef(personId),
    password_hash: await hashPassword(account.password),
    ...{ engagement_id: within?.engagementId ?? null },
    ...{ opens_at: within?.opensAt ?? null, shuts_at: within?.shutsAt ?? null },
  };
  if (!(await insertStaff(deps, staff))) {
    throw accessError('ACCOUNT_EXISTS', 'there is an account of that name', 'username');
  }
  return accountOf(staff);
}

/** Everyone who may, or might, sign in, by user name. */
export async function listAccounts(deps: StaffDeps): Promise<Account[]> {
  return (await allStaff(deps)).map(accountOf);
}

/** Whether a role is of somebody who belongs to the house and whom a notice reaches. */
export const isOfTheHouse = (role: string): boolean => role !== 'service' && role !== 'regulator';

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

/** The account as its sealed row has it, for who has to be who is named; undefined when there is none. */
export async function accountAt(
  deps: StaffDeps,
  id: string,
): Promise<{ role: Role; person?: string; locked: boolean } | undefined> {
  const row = await findStaff(deps, { id });
  if (row === undefined) return undefined;
  const { role, personRef, lockedAt } = accountOf(row);
  return {
    ...{ role, locked: lockedAt !== undefined },
    ...(personRef === undefined ? {} : { person: personRef }),
  };
}

/** The account of a user name, for the ledger; undefined when there is none. */
export async function accountIdOf(deps: StaffDeps, username: string): Promise<string | undefined> {
  return (await findStaff(deps, { username }))?.actor_id;
}

/** Locks or unlocks; a lock ends the person's sessions at once. Rejects with ACCOUNT_UNKNOWN. */
export async function setLocked(
  deps: ChangeDeps & { clock: Clock },
  id: string,
  locked: boolean,
): Promise<void> {
  await changeStaff(deps, id, { locked_at: locked ? deps.clock.now() : null });
}

/**
 * Gives another role; ids that are not given stay. What the old role allowed ends with the
 * person's sessions, at once. Rejects with ACCOUNT_UNKNOWN, ACCOUNT_INVALID, the latter also for an outside
 * auditor, who would go on after the engagement in another role.
 */
export async function setRole(
  deps: ChangeDeps,
  id: string,
  change: { role: Role; agentId?: string; teamId?: string },
): Promise<void> {
  await changeStaff(deps, id, (before) => {
    if (before.password_hash === null) throw ofProvider();
    if (before.engagement_id !== null) {
      throw accessError('ACCOUNT_INVALID', 'an outside auditor is nothing else here', 'id');
    }
    const agentId = change.agentId ?? before.agent_id;
    const teamId = change.teamId ?? before.team_id;
    demandIds(change.role, agentId ?? undefined, teamId ?? undefined);
    return { role: change.role, agent_id: agentId, team_id: teamId };
  });
}

/** Says whose account it is, by the person's number. Rejects with ACCOUNT_UNKNOWN. */
export async function setPerson(deps: ChangeDeps, id: string, personId: string): Promise<void> {
  await changeStaff(deps, id, { person_ref: deps.seals.personRef(personId) });
}

/** Sets a new password and ends the person's sessions. Rejects with ACCOUNT_UNKNOWN, PASSWORD_WEAK. */
export async function setPassword(deps: ChangeDeps, id: string, password: string): Promise<void> {
  const hashed = await hashPassword(password);
  await changeStaff(deps, id, (before) => {
    if (before.password_hash === null) throw ofProvider();
    demandStrength(password, before.username);
    return { password_hash: hashed };
  });
}

export function accountOf(row: Omit<StaffRow, 'version' | 'seal'>): Account {
  const { engagement_id: engagementId, opens_at: opensAt, shuts_at: shutsAt } = row;
  const bound = engagementId !== null && opensAt !== null && shutsAt !== null;
  return {
    id: row.actor_id,
    username: row.username,
    displayName: row.display_name,
    role: row.role as Role,
    createdAt: row.created_at,
    secondFactor: row.totp_secret !== null,
    ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
    ...(row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.locked_at === null ? {} : { lockedAt: row.locked_at }),
    ...(row.person_ref === null ? {} : { personRef: row.person_ref }),
    ...(row.provider === null ? {} : { provider: row.provider }),
    ...(bound ? { within: { engagementId, opensAt, shutsAt } } : {}),
  };
}

/** What a provider says at each sign-in is not changed here. */
const ofProvider = () =>
  accessError('ACCOUNT_INVALID', 'the provider decides over role and password', 'id');

/** Throws ACCOUNT_INVALID when a role rests on an id that is not there. */
export function demandIds(
  role: Role,
  agentId: string | undefined,
  teamId: string | undefined,
): void {
  if (role === 'agent' && agentId === undefined) {
    throw accessError('ACCOUNT_INVALID', 'an agent needs an agent id', 'agentId');
  }
  if (role === 'team_lead' && teamId === undefined) {
    throw accessError('ACCOUNT_INVALID', 'a team lead needs a team', 'teamId');
  }
}
