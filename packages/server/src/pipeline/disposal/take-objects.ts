import { sql } from 'kysely';
import type { Tx } from '../../core/database.ts';
import type { DisposalDeps } from './deps.ts';

/** An object as it was when its record ended, for the certificate. */
export interface LastObject {
  id: string;
  purpose: string;
  pool: string;
  version: number;
  /** Hex SHA-256 of the ciphertext. */
  sha256: string;
  copies: { site: string; lockedUntil?: string }[];
}

const OF_THEIR_COPIES = [
  ...(['object_copy', 'pending_copy', 'copy_fault'] as const),
  ...(['evicted_copy', 'pending_removal'] as const),
];

/**
 * Takes a record's living objects for destroyed, in the caller's transaction, and notes their destruction at
 * every site. Whoever copies one has its row locked and is waited for; whoever comes later finds it gone.
 */
export async function takeObjects(
  { siteNames }: Pick<DisposalDeps, 'siteNames'>,
  tx: Tx,
  recordId: string,
  now: Date,
): Promise<LastObject[]> {
  const objects = await tx
    .selectFrom('sealed_object')
    .select(['id', 'purpose', 'pool', 'version', 'sealed_sha256'])
    .where('record_id', '=', recordId)
    .where('destroyed_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  if (objects.length === 0) return [];
  const ids = objects.map((one) => one.id);
  const copies = await tx
    .selectFrom('object_copy')
    .select(['object_id', 'site', 'locked_until'])
    .where('object_id', 'in', ids)
    .orderBy('site')
    .execute();
  await tx.updateTable('sealed_object').set({ destroyed_at: now }).where('id', 'in', ids).execute();
  for (const table of OF_THEIR_COPIES) {
    await tx.deleteFrom(table).where('object_id', 'in', ids).execute();
  }
  await sql`insert into pending_destruction (object_id, site, record_id, pool, not_before)
    select o.id, s.site, o.record_id, o.pool, ${now}
    from sealed_object o cross join unnest(${[...siteNames]}::text[]) s(site)
    where o.id = any(${ids}::uuid[]) on conflict do nothing`.execute(tx);
  return objects.map(({ id, purpose, pool, version, sealed_sha256 }) => ({
    ...{ id, purpose, pool, version, sha256: sealed_sha256.toString('hex') },
    copies: copies
      .filter((copy) => copy.object_id === id)
      .map(({ site, locked_until: until }) => ({
        site,
        ...(until === null ? {} : { lockedUntil: until.toISOString() }),
      })),
  }));
}
