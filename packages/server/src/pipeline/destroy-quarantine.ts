import type { RecordId } from '../core/ids.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyObject } from './destroy-object.ts';
import { recordRow } from './record-row.ts';

const DAY_MS = 86_400_000;

/**
 * Destroys what an archived record no longer needs in quarantine, envelopes first: the submission
 * at once, the original and its screenshots at once too, or for a sensitive record after its
 * needed time. Does nothing for a record that is not archived. May be run again at any point.
 */
export async function destroyQuarantine(deps: PipelineDeps, recordId: RecordId): Promise<number> {
  const row = await recordRow(deps.db, recordId);
  if (row.state !== 'archived') return 0;
  const now = deps.clock.now();
  const archived = await deps.db
    .selectFrom('record')
    .select('archived_at')
    .where('id', '=', recordId)
    .executeTakeFirst();
  const age = now.getTime() - (archived?.archived_at ?? now).getTime();
  const waits = row.tier === 'sensitive' && age < deps.sensitiveOriginalDays * DAY_MS;
  let destroyed = 0;
  for (const object of await objectsOf(deps.db, recordId)) {
    if (object.pool !== 'quarantine') continue;
    if (waits && (object.purpose === 'original' || object.purpose === 'screenshot')) continue;
    await destroyObject(deps, object);
    destroyed += 1;
  }
  return destroyed;
}
