import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../core/database.ts';
import type { AccessTables } from '../core/tables/access.ts';
import { accessError } from './access-error.ts';
import type { Viewer } from './policy.ts';
import type { Role } from './policy-table.ts';
import type { Seals } from './seals.ts';

/** What the functions here need: a pool or the caller's transaction, and the seals. */
export interface StaffDeps {
  db: Db;
  seals: Seals;
}
/** What a change needs: `versions` takes what the transaction wrote; see `commitChange`. */
export interface ChangeDeps extends StaffDeps {
  versions: Map<string, number>;
}
export type StaffRow = Selectable<AccessTables['staff']>;
type Change = Partial<Omit<StaffRow, 'actor_id' | 'created_at' | 'version' | 'seal'>>;

/** The account of this id or user name, when its row is this archive's own. */
export async function findStaff(
  { db, seals }: StaffDeps,
  by: { id: string } | { username: string } | { provider: string; subject: string },
): Promise<StaffRow | undefined> {
  let query = db.selectFrom('staff').selectAll();
  if ('id' in by) query = query.where('actor_id', '=', by.id);
  else if ('username' in by) query = query.where('username', '=', by.username.toLowerCase());
  else query = query.where('provider', '=', by.provider).where('subject', '=', by.subject);
  const row = await query.executeTakeFirst();
  return row !== undefined && seals.authentic('staff', row) ? row : undefined;
}

/** Every account whose row is this archive's own, by user name. */
export async function allStaff({ db, seals }: StaffDeps): Promise<StaffRow[]> {
  const rows = await db.selectFrom('staff').selectAll().orderBy('username').execute();
  return rows.filter((row) => seals.authentic('staff', row));
}

/** Inserts and seals; false when the user name or the provider's identity is taken. */
export async function insertStaff(
  { db, seals }: StaffDeps,
  values: Omit<Insertable<StaffRow>, 'version' | 'seal'>,
): Promise<boolean> {
  const row = { ...values, version: 1 };
  const done = await db
    .insertInto('staff')
    .values({ ...row, seal: seals.seal('staff', row) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/**
 * Changes a row that is this archive's own, and seals it anew; every session of the account ends,
 * as sessions belong to one version of it. `change` may depend on what was there. Rejects with
 * ACCOUNT_UNKNOWN.
 */
export async function changeStaff(
  { db, seals, versions }: ChangeDeps,
  id: string,
  change: Change | ((before: StaffRow) => Change),
): Promise<StaffRow> {
  const before = await db
    .selectFrom('staff')
    .selectAll()
    .where('actor_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (before === undefined || !seals.authentic('staff', before)) throw unknownAccount();
  const changed = typeof change === 'function' ? change(before) : change;
  const row = { ...before, ...changed, version: before.version + 1 };
  const sealed = { ...row, seal: seals.seal('staff', row) };
  await db.updateTable('staff').set(sealed).where('actor_id', '=', id).execute();
  await db.deleteFrom('staff_session').where('actor_id', '=', id).execute();
  versions.set(id, row.version);
  return sealed;
}

export const unknownAccount = () => accessError('ACCOUNT_UNKNOWN', 'no such account', 'id');

export function viewerOf(staff: StaffRow): Viewer {
  return {
    actorId: staff.actor_id,
    username: staff.username,
    displayName: staff.display_name,
    role: staff.role as Role,
    ...(staff.agent_id === null ? {} : { agentId: staff.agent_id }),
    ...(staff.team_id === null ? {} : { teamId: staff.team_id }),
    ...(staff.person_ref === null ? {} : { personRef: staff.person_ref }),
    ...(staff.engagement_id === null ? {} : { engagementId: staff.engagement_id }),
  };
}
