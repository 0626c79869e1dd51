import type { Tx } from '../core/database.ts';
import type { FurtherCopy } from '../place/index.ts';
import type { StoredObject } from '../record/vault.ts';

/** Enqueues the further copies of objects, where they are not yet. */
export async function notePending(
  tx: Tx,
  objects: readonly StoredObject[],
  further: readonly FurtherCopy[],
): Promise<void> {
  const rows = further.flatMap(({ site, dueAt, bulk }) =>
    objects
      .filter((object) => !object.sites.includes(site))
      .map(({ id }) => ({ object_id: id, site, not_before: dueAt, due_at: dueAt, bulk })),
  );
  if (rows.length === 0) return;
  await tx
    .insertInto('pending_copy')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['object_id', 'site']).doNothing())
    .execute();
}
