import type { Clock } from '../core/clock.ts';
import { setLocked } from './accounts.ts';
import {
  allStaff,
  type ChangeDeps,
  findStaff,
  type StaffDeps,
  type StaffRow,
} from './staff-row.ts';

/** An account as a personnel system knows it. */
export interface PersonnelAccount {
  id: string;
  username: string;
  displayName: string;
  active: boolean;
  createdAt: Date;
}

/**
 * Accounts of people, for a personnel system: all, the one of a user name, or those of a person
 * number. Accounts of services are not its business.
 */
export async function findPersonnel(
  deps: StaffDeps,
  by: { username?: string; personId?: string } = {},
): Promise<PersonnelAccount[]> {
  const { username, personId } = by;
  const ref = personId === undefined ? undefined : deps.seals.personRef(personId);
  const rows = await allStaff(deps);
  return rows
    .filter((row) => row.role !== 'service')
    .filter((row) => username === undefined || row.username === username.toLowerCase())
    .filter((row) => ref === undefined || row.person_ref === ref)
    .map(personnelOf);
}

/** The account of this id; undefined when there is none, or a service's. */
export async function personnelById(
  deps: StaffDeps,
  id: string,
): Promise<PersonnelAccount | undefined> {
  const row = await findStaff(deps, { id });
  return row === undefined || row.role === 'service' ? undefined : personnelOf(row);
}

/** Locks an account for good measure of a personnel system; false when it was locked before. */
export async function deactivate(
  deps: ChangeDeps & { clock: Clock },
  account: PersonnelAccount,
): Promise<boolean> {
  if (!account.active) return false;
  await setLocked(deps, account.id, true);
  return true;
}

const personnelOf = (row: StaffRow): PersonnelAccount => ({
  ...{ id: row.actor_id, username: row.username, displayName: row.display_name },
  ...{ active: row.locked_at === null, createdAt: row.created_at },
});
