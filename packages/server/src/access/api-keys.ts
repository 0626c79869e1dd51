import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { newUuidV7 } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { accessError } from './access-error.ts';
import type { Viewer } from './policy.ts';

const PREFIX = 'vk_';
const DAY_MS = 86_400_000;
const digestOf = (key: string) => createHash('sha256').update(key).digest();

/** Issues a key for a service. The key is in this answer and nowhere else. */
export async function issueApiKey(
  deps: { db: Db; clock: Clock; random: Random },
  input: { name: string; createdBy: string; expiresInDays: number },
): Promise<{ id: string; name: string; key: string; expiresAt: Date }> {
  const id = newUuidV7(deps.clock, deps.random);
  const key = PREFIX + deps.random.bytes(32).toString('base64url');
  const createdAt = deps.clock.now();
  const expiresAt = new Date(createdAt.getTime() + input.expiresInDays * DAY_MS);
  const { name, createdBy } = input;
  await deps.db
    .insertInto('api_key')
    .values({
      ...{ id, name, key_sha256: digestOf(key), created_by: createdBy },
      ...{ created_at: createdAt, expires_at: expiresAt, revoked_at: null },
    })
    .execute();
  return { id, name, key, expiresAt };
}

/** The service that holds this key; undefined for an unknown, expired or revoked one. */
export async function viewerOfApiKey(
  deps: { db: Db; clock: Clock },
  key: string,
): Promise<Viewer | undefined> {
  if (!key.startsWith(PREFIX)) return undefined;
  const row = await deps.db
    .selectFrom('api_key')
    .selectAll()
    .where('key_sha256', '=', digestOf(key))
    .executeTakeFirst();
  if (row === undefined || row.revoked_at !== null) return undefined;
  if (row.expires_at <= deps.clock.now()) return undefined;
  return { actorId: row.id, username: row.name, displayName: row.name, role: 'service' };
}

export async function listApiKeys(db: Db) {
  const rows = await db.selectFrom('api_key').selectAll().orderBy('created_at').execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
  }));
}

/** Ends a key at once. Rejects with API_KEY_UNKNOWN. */
export async function revokeApiKey(db: Db, clock: Clock, id: string): Promise<void> {
  const changed = await db
    .updateTable('api_key')
    .set({ revoked_at: clock.now() })
    .where('id', '=', id)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw accessError('API_KEY_UNKNOWN', 'no such key', 'id');
}
