import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { accessError } from './access-error.ts';
import type { Viewer } from './policy.ts';

const MARK = 'vk_';
const PREFIX_LETTERS = MARK.length + 6;
const DAY_MS = 86_400_000;
// 256 random bits need no slow hash: there is nothing to guess.
const digestOf = (key: string) => createHash('sha256').update(key).digest();

export interface ApiKey {
  id: string;
  name: string;
  /** The first letters, by which people tell keys apart. */
  prefix: string;
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
  deps: { db: Db; clock: Clock; random: Random },
  input: { name: string; createdBy: string; expiresInDays: number; accountId?: string },
): Promise<{ id: string; name: string; key: string; expiresAt: Date }> {
  const { name, createdBy, accountId } = input;
  if (accountId !== undefined) await demandService(deps.db, accountId);
  const id = newUuidV7(deps.clock, deps.random);
  const key = MARK + deps.random.bytes(32).toString('base64url');
  const createdAt = deps.clock.now();
  const expiresAt = new Date(createdAt.getTime() + input.expiresInDays * DAY_MS);
  await deps.db
    .insertInto('api_key')
    .values({
      ...{ id, name, key_sha256: digestOf(key), created_by: createdBy },
      ...{ prefix: key.slice(0, PREFIX_LETTERS), account_id: accountId ?? null },
      ...{ created_at: createdAt, expires_at: expiresAt, revoked_at: null },
    })
    .execute();
  return { id, name, key, expiresAt };
}

/** The service that holds this key; undefined for an unknown, expired, revoked or locked one. */
export async function viewerOfApiKey(
  deps: { db: Db; clock: Clock },
  key: string,
): Promise<Viewer | undefined> {
  if (!key.startsWith(MARK)) return undefined;
  const row = await deps.db
    .selectFrom('api_key')
    .leftJoin('staff', 'staff.actor_id', 'api_key.account_id')
    .select(['id', 'name', 'expires_at', 'revoked_at', 'account_id'])
    .select(['staff.username', 'staff.display_name', 'staff.role', 'staff.locked_at'])
    .where('key_sha256', '=', digestOf(key))
    .executeTakeFirst();
  if (row === undefined || row.revoked_at !== null) return undefined;
  if (row.expires_at <= deps.clock.now()) return undefined;
  if (row.account_id === null) {
    return { actorId: row.id, username: row.name, displayName: row.name, role: 'service' };
  }
  if (row.role !== 'service' || row.locked_at !== null) return undefined;
  const { username, display_name: displayName } = row;
  return {
    ...{ actorId: row.account_id, username: username ?? row.name, role: 'service' },
    displayName: displayName ?? row.name,
  };
}

/** Every key that was ever issued, oldest first; never the keys themselves. */
export async function listApiKeys(db: Db): Promise<ApiKey[]> {
  const rows = await db.selectFrom('api_key').selectAll().orderBy('created_at').execute();
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, prefix: row.prefix },
    ...(row.account_id === null ? {} : { accountId: row.account_id }),
    ...{ createdAt: row.created_at, expiresAt: row.expires_at },
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  }));
}

/** Ends a key at once, for good. Rejects with API_KEY_UNKNOWN, also when it had ended before. */
export async function revokeApiKey(db: Db, clock: Clock, id: string): Promise<void> {
  const changed = await db
    .updateTable('api_key')
    .set({ revoked_at: clock.now() })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw accessError('API_KEY_UNKNOWN', 'no such key', 'id');
}

async function demandService(db: Db, accountId: string): Promise<void> {
  const staff = await db
    .selectFrom('staff')
    .select('role')
    .where('actor_id', '=', accountId)
    .executeTakeFirst();
  if (staff === undefined) throw accessError('ACCOUNT_UNKNOWN', 'no such account', 'id');
  if (staff.role !== 'service') {
    throw accessError('ACCOUNT_INVALID', 'keys are for service accounts', 'id');
  }
}
