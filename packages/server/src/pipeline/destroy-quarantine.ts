import type { Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { ObjectPurpose } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyObject } from './destroy-object.ts';
import { recordRow } from './record-row.ts';

/**
 * Destroys what an archived record no longer needs in quarantine, envelopes first: the submission
 * at once, the original and its screenshots at once too, or for a sensitive record after its
 * needed time, for which it comes again then. Does nothing for a record that is neither archived nor
 * restricted, or that a hold keeps: its release asks again. May be run again at any point.
 */
export async function destroyQuarantine(deps: PipelineDeps, recordId: RecordId): Promise<number> {
  const row = await recordRow(deps.db, recordId);
  if (row.state !== 'archived' && row.state !== 'restricted') return 0;
  let held = false;
  let waitsUntil: Date | undefined;
  const mayGo = async (tx: Tx, purpose: ObjectPurpose) => {
    await recordRow(tx, recordId, true);
    held = await deps.isHeld(tx, recordId);
    if (held) return false;
    if (purpose !== 'original' && purpose !== 'screenshot') return true;
    waitsUntil = await deps.originalWaitsUntil(tx, recordId);
    return waitsUntil === undefined;
  };
  let destroyed = 0;
  for (const object of await objectsOf(deps.db, recordId)) {
    if (object.pool !== 'quarantine') continue;
    if (await destroyObject(deps, object, (tx) => mayGo(tx, object.purpose))) destroyed += 1;
    else if (held) return destroyed;
  }
  if (waitsUntil !== undefined) await comeAgain(deps, recordId, waitsUntil);
  return destroyed;
}

/** After so long, by whichever clock the queue goes: one that is ahead of the archive's would come at once, for ever. */
const comeAgain = (deps: PipelineDeps, recordId: RecordId, at: Date): Promise<void> => {
  const { db, queue, clock } = deps;
  const afterMs = Math.max(0, at.getTime() - clock.now().getTime());
  return db.transaction().execute((tx) => queue.destroyQuarantine(tx, recordId, afterMs));
};
