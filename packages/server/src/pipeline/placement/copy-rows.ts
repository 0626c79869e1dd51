import type { Clock } from '../../core/clock.ts';
import type { Queryable, Tx } from '../../core/database.ts';
import type { StoredObject } from '../../record/vault.ts';

/** Ids of those whose copy the site keeps until a day that has not come, with that day. */
export async function lockedCopies(
  { db, clock }: { db: Queryable; clock: Clock },
  objects: readonly StoredObject[],
  site: string,
): Promise<ReadonlyMap<string, Date>> {
  if (objects.length === 0) return new Map();
  const rows = await db
    .selectFrom('object_copy')
    .select(['object_id', 'locked_until'])
    .where('site', '=', site)
    .where('locked_until', '>', clock.now())
    .where(
      'object_id',
      'in',
      objects.map(({ id }) => id),
    )
    .execute();
  return new Map(
    rows.flatMap(({ object_id, locked_until }) =>
      locked_until === null ? [] : [[object_id, locked_until] as const],
    ),
  );
}

/** Notes that a site has no copy of an object any more. */
export async function forgetCopy(tx: Tx, objectId: string, site: string): Promise<void> {
  for (const table of ['object_copy', 'copy_fault', 'evicted_copy'] as const) {
    await tx.deleteFrom(table).where('object_id', '=', objectId).where('site', '=', site).execute();
  }
}
