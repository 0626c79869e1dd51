import type { Tx } from '../core/database.ts';
import type { StoredObject } from '../record/vault.ts';

/** Notes copies that were read back at `at`, those that have just come there among them. */
export async function noteVerified(
  tx: Tx,
  objects: readonly StoredObject[],
  sites: readonly string[],
  at: Date,
): Promise<void> {
  const read = { written_at: at, verified_at: at, locked_until: null };
  const rows = sites.flatMap((site) => objects.map(({ id }) => ({ object_id: id, site, ...read })));
  if (rows.length === 0) return;
  await tx
    .insertInto('object_copy')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['object_id', 'site']).doUpdateSet({ verified_at: at }),
    )
    .execute();
}
