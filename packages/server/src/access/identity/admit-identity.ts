import type { Audit, AuditEntry } from '../../core/audit.ts';
import type { Db } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { halfDigest } from '../../core/plain-facts.ts';
import { accessError } from '../access-error.ts';
import { commitChange } from '../commit-change.ts';
import type { Viewer } from '../policy.ts';
import { openSession, type SessionDeps } from '../sessions.ts';
import { demandOpen } from '../sign-in.ts';
import {
  allStaff,
  type ChangeDeps,
  changeStaff,
  findStaff,
  insertStaff,
  type StaffRow,
  viewerOf,
} from '../staff-row.ts';
import { type MappedRole, mapRole, type RoleLine } from './map-role.ts';
import { plainName, shownName } from './plain-names.ts';
import type { ProvenIdentity } from './ports.ts';

/** How a provider's people become accounts. */
export interface Admission {
  /** The provider's id. */
  provider: string;
  roles: readonly RoleLine[];
  /** Whether somebody without an account of this provider is given the one of their person number. */
  linkByPerson: boolean;
}

export interface AdmitDeps extends SessionDeps {
  audit: Audit;
  /** Ends what ends with a role that the account had; joins the transaction of the change. */
  roleLeft(db: Db, account: string): Promise<void>;
}

type Done = { staff: StaffRow; entry?: AuditEntry };
interface Asked {
  requestId: string;
  client?: string | undefined;
}

/**
 * Lets a proven person in: the account of exactly this identity, made at the first sign-in and
 * changed when the provider says something else, each in one transaction with its ledger entry.
 * Never an account that only has the same name or address. An account with a password of its own
 * keeps the role that an administrator gave it. `further` may still refuse. Rejects with
 * IDENTITY_UNMAPPED when no role is mapped, ACCOUNT_LOCKED.
 */
export async function admitIdentity(
  deps: AdmitDeps,
  admission: Admission,
  identity: ProvenIdentity,
  asked: Asked,
  further: (staff: StaffRow) => Promise<void> = async () => undefined,
): Promise<{ viewer: Viewer; cookies: string[] }> {
  const staff = await commitChange(deps, async (tx) => {
    const { staff: found, entry } = await accountOf(
      { ...tx, ...clockOf(deps), roleLeft: deps.roleLeft },
      admission,
      identity,
    );
    return { answer: found, entry: entry && { ...entry, requestId: asked.requestId } };
  });
  await further(staff);
  demandOpen(staff, deps.clock.now());
  const how = { method: admission.provider, client: asked.client };
  const { sessionId, cookies } = await openSession(deps, staff, how);
  return { viewer: { ...viewerOf(staff), sessionId }, cookies };
}

const clockOf = ({ clock, random }: SessionDeps) => ({ clock, random });
type Making = ChangeDeps & Pick<AdmitDeps, 'clock' | 'random' | 'roleLeft'>;

async function accountOf(
  deps: Making,
  admission: Admission,
  identity: ProvenIdentity,
): Promise<Done> {
  const subject = subjectRef(deps, admission.provider, identity.subject);
  const known = await findStaff(deps, { provider: admission.provider, subject });
  const before = known ?? (await accountOfPerson(deps, admission, identity));
  if (before?.password_hash != null) {
    if (known !== undefined) return { staff: known };
    return changed(deps, before.actor_id, { provider: admission.provider, subject }, 'identity');
  }
  const mapped = mapRole(admission.roles, identity);
  if (mapped === undefined) {
    throw accessError('IDENTITY_UNMAPPED', 'the provider gives no role that is mapped here');
  }
  const wanted = columnsOf(deps, mapped, identity);
  if (before === undefined) return made(deps, admission.provider, subject, identity, wanted);
  const same = Object.entries(wanted).every(
    ([column, value]) => before[column as keyof typeof wanted] === value,
  );
  if (same) return { staff: before };
  if (before.role !== mapped.role) await deps.roleLeft(deps.db, before.actor_id);
  return changed(deps, before.actor_id, wanted, 'provider', mapped.role);
}

/** By the person's number, where that is wanted: one account that is no other identity's yet. */
async function accountOfPerson(
  deps: Making,
  admission: Admission,
  { personId }: ProvenIdentity,
): Promise<StaffRow | undefined> {
  if (!admission.linkByPerson || personId === undefined) return undefined;
  const ref = deps.seals.personRef(personId);
  const theirs = (await allStaff(deps)).filter(
    ({ person_ref, role }) => person_ref === ref && role !== 'service',
  );
  const [only, ...more] = theirs;
  // Which of several is meant only an administrator can say.
  return more.length === 0 && only?.provider === null && only.password_hash !== null
    ? only
    : undefined;
}

function columnsOf(deps: Making, mapped: MappedRole, { displayName, personId }: ProvenIdentity) {
  const display_name = shownName(displayName);
  return {
    role: mapped.role as string,
    agent_id: mapped.agentId ?? null,
    team_id: mapped.teamId ?? null,
    ...(display_name === undefined ? {} : { display_name }),
    ...(personId === undefined ? {} : { person_ref: deps.seals.personRef(personId) }),
  };
}

async function changed(
  deps: Making,
  id: string,
  columns: Partial<StaffRow>,
  what: string,
  role?: string,
): Promise<Done> {
  const staff = await changeStaff(deps, id, columns);
  const entry: AuditEntry = {
    ...{ actor: { id, role: staff.role }, action: 'account.change', resource: id, outcome: 'ok' },
    detail: { changed: what, ...(role === undefined ? {} : { role }) },
  };
  return { staff, entry };
}

async function made(
  deps: Making,
  provider: string,
  subject: string,
  identity: ProvenIdentity,
  columns: ReturnType<typeof columnsOf>,
): Promise<Done> {
  const row = {
    ...{ actor_id: newUuidV7(deps.clock, deps.random), created_at: deps.clock.now() },
    ...{ provider, subject, password_hash: null, totp_secret: null, locked_at: null },
    ...{ display_name: '', person_ref: null, ...columns },
  };
  const name = plainName(identity.username) ?? provider;
  // A name that somebody has is nobody's proof of being them.
  for (const username of [name, `${name}-${subject.slice(0, 6)}`, `${provider}-${subject}`]) {
    const display_name = row.display_name || (shownName(identity.username) ?? username);
    if (!(await insertStaff(deps, { ...row, username, display_name }))) continue;
    const staff = await findStaff(deps, { id: row.actor_id });
    if (staff === undefined) break;
    const entry: AuditEntry = {
      ...{ actor: { id: row.actor_id, role: staff.role }, action: 'account.create' },
      ...{ resource: row.actor_id, outcome: 'ok' },
      detail: { role: staff.role, by: provider },
    };
    return { staff, entry };
  }
  throw accessError('ACCOUNT_EXISTS', 'no user name is left for this identity', 'username');
}

/** Keyed, so that the table does not say who somebody is elsewhere; 32 hex digits. */
export const subjectRef = (deps: ChangeDeps, provider: string, subject: string): string =>
  halfDigest(deps.seals.digest('identity', `${provider}\0${subject}`).toString('hex'));
