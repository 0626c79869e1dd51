import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { accessError } from './access-error.ts';
import type { ApiScope } from './api-scopes.ts';
import type { Viewer } from './policy.ts';
import type { Seals } from './seals.ts';
import { type ChangeDeps, findStaff, type StaffDeps, unknownAccount } from './staff-row.ts';

const MARK = 'vk_';
const PREFIX_LETTERS = MARK.length + 6;
const DAY_MS = 86_400_000;

/**
 * 256 random bits need no slow hash: there is nothing to guess. The inner SHA-256 is what archives
 * kept before the digest was keyed.
 */
const digestOf = (seals: Seals, key: string) =>
  seals.digest('api-key', createHash('sha256').update(key).digest());

export interface ApiKey {
  id: string;
  name: string;
  /** The first letters, by which people tell keys apart. */
  prefix: string;
  scopes: readonly ApiScope[];
  accountId?: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt?: Date;
}

/**
 * Issues a key for a service; the key is in this answer and nowhere else. With `accountId` it acts
 * as that service account and ends with its role or lock. Rejects with ACCOUNT_UNKNOWN,
 * ACCOUNT_INVALID when the account is no service.
 */
export async function issueApiKey(
  deps: { db: Db; clock: Clock; random: Random; seals: Seals },
  input: {
    name: string;
    createdBy: string;
    expiresInDays: number;
    /** Default: intake. */
    scopes?: readonly ApiScope[];
    accountId?: string;
  },
): Promise<{ id: string; name: string; key: string; expiresAt: Date }> {
  const { name, createdBy, accountId, scopes = ['intake'] } = input;
  if (accountId !== undefined) await demandService(deps, accountId);
  const id = newUuidV7(deps.clock, deps.random);
  const key = MARK + deps.random.bytes(32).toString('base64url');
  const createdAt = deps.clock.now();
  const expiresAt = new Date(createdAt.getTime() + input.expiresInDays * DAY_MS);
  const row = {
    ...{ id, name, key_digest: digestOf(deps.seals, key), created_by: createdBy },
    ...{ prefix: key.slice(0, PREFIX_LETTERS), account_id: accountId ?? null, version: 1 },
    ...{ scopes: [...new Set(scopes)].sort(), revoked_at: null },
    ...{ created_at: createdAt, expires_at: expiresAt },
  };
  const sealed = { ...row, seal: deps.seals.seal('api_key', row) };
  await deps.db.insertInto('api_key').values(sealed).execute();
  return { id, name, key, expiresAt };
}

/** The service that holds this key; undefined for an unknown, expired, revoked or locked one. */
export async function viewerOfApiKey(
  deps: StaffDeps & { clock: Clock },
  key: string,
): Promise<Viewer | undefined> {
  if (!key.startsWith(MARK)) return undefined;
  const row = await deps.db
    .selectFrom('api_key')
    .selectAll()
    .where('key_digest', '=', digestOf(deps.seals, key))
    .executeTakeFirst();
  if (row === undefined || !deps.seals.authentic('api_key', row)) return undefined;
  if (row.revoked_at !== null || row.expires_at <= deps.clock.now()) return undefined;
  const { id, name } = row;
  const service = { role: 'service', scopes: row.scopes as ApiScope[] } as const;
  if (row.account_id === null) {
    return { actorId: id, username: name, displayName: name, ...service };
  }
  const staff = await findStaff(deps, { id: row.account_id });
  if (staff?.role !== 'service' || staff.locked_at !== null) return undefined;
  const { actor_id: actorId, username, display_name: displayName } = staff;
  return { actorId, username, displayName, ...service };
}

/** Every key that was ever issued, oldest first; never the keys themselves. */
export async function listApiKeys({ db, seals }: StaffDeps): Promise<ApiKey[]> {
  const rows = await db.selectFrom('api_key').selectAll().orderBy('created_at').execute();
  return rows
    .filter((row) => seals.authentic('api_key', row))
    .map((row) => ({
      ...{ id: row.id, name: row.name, prefix: row.prefix, scopes: row.scopes as ApiScope[] },
      ...(row.account_id === null ? {} : { accountId: row.account_id }),
      ...{ createdAt: row.created_at, expiresAt: row.expires_at },
      ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    }));
}

/** Ends a key at once, for good. Rejects with API_KEY_UNKNOWN, also when it had ended before. */
export async function revokeApiKey(
  { db, seals, clock, versions }: ChangeDeps & { clock: Clock },
  id: string,
): Promise<void> {
  const before = await db
    .selectFrom('api_key')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const theirs = before === undefined || !seals.authentic('api_key', before);
  if (theirs || before.revoked_at !== null) {
    throw accessError('API_KEY_UNKNOWN', 'no such key', 'id');
  }
  const row = { ...before, revoked_at: clock.now(), version: before.version + 1 };
  const sealed = { ...row, seal: seals.seal('api_key', row) };
  await db.updateTable('api_key').set(sealed).where('id', '=', id).execute();
  versions.set(id, row.version);
}

async function demandService(deps: StaffDeps, accountId: string): Promise<void> {
  const staff = await findStaff(deps, { id: accountId });
  if (staff === undefined) throw unknownAccount();
  if (staff.role !== 'service') {
    throw accessError('ACCOUNT_INVALID', 'keys are for service accounts', 'id');
  }
}
