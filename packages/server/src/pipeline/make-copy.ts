import type { Tx } from '../core/database.ts';
import type { StoredObject } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';
import { lockCopy } from './lock-copy.ts';
import { factsUpTo, recordRow } from './record-row.ts';

/**
 * Brings an object to a site, reads it back there, locks it where the site can, and notes the copy. The
 * transaction holds the object (`holdLiving`). Rejects with the place room's codes.
 */
export async function copyAndNote(
  deps: PipelineDeps,
  tx: Tx,
  object: StoredObject,
  site: string,
): Promise<void> {
  await deps.vault.copy(object, site);
  const found = {
    verified_at: deps.clock.now(),
    locked_until: await lockedUntil(deps, tx, object, site),
  };
  await tx
    .insertInto('object_copy')
    .values({ object_id: object.id, site, written_at: found.verified_at, ...found })
    .onConflict((conflict) => conflict.columns(['object_id', 'site']).doUpdateSet(found))
    .execute();
  await tx
    .deleteFrom('evicted_copy')
    .where('object_id', '=', object.id)
    .where('site', '=', site)
    .execute();
}

async function lockedUntil(
  deps: PipelineDeps,
  tx: Tx,
  object: StoredObject,
  site: string,
): Promise<Date | null> {
  if (object.pool === 'quarantine') return null;
  const row = await recordRow(tx, object.recordId);
  const { classification, tier } = factsUpTo(row, 'classification');
  const { startedAt } = row;
  const { keepUntil } = await deps.retentionFor({ tier, classification, startedAt });
  const term = await tx
    .selectFrom('record_term')
    .select('keep_until')
    .where('record_id', '=', object.recordId)
    .executeTakeFirst();
  // A day that was told, and not the call's, may keep it longer.
  const later = term !== undefined && term.keep_until > keepUntil ? term.keep_until : keepUntil;
  return lockCopy(deps, object, site, { keepUntil: later });
}
