import type { Tx } from '../core/database.ts';
import type { StoredObject } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';
import { lockCopy } from './lock-copy.ts';
import { factsUpTo, recordRow } from './record-row.ts';

/**
 * Brings an object to a site, reads it back there, and locks it where the site can; resolves to until
 * when. Rejects with the place room's codes.
 */
export async function copyTo(
  deps: PipelineDeps,
  object: StoredObject,
  site: string,
): Promise<Date | null> {
  await deps.vault.copy(object, site);
  if (object.pool === 'quarantine') return null;
  const row = await recordRow(deps.db, object.recordId);
  const { classification, tier } = factsUpTo(row, 'classification');
  const { startedAt } = row;
  return lockCopy(deps, object, site, deps.retentionFor({ tier, classification, startedAt }));
}

/** The copy as it was found just now. */
export async function noteCopy(
  tx: Tx,
  copy: { object: StoredObject; site: string; lockedUntil: Date | null; at: Date },
): Promise<void> {
  const { object, site, lockedUntil, at } = copy;
  const found = { verified_at: at, locked_until: lockedUntil };
  await tx
    .insertInto('object_copy')
    .values({ object_id: object.id, site, written_at: at, ...found })
    .onConflict((conflict) => conflict.columns(['object_id', 'site']).doUpdateSet(found))
    .execute();
}
