import type { Tx } from '../core/database.ts';
import { parseDay, startOfDay } from '../core/zone.ts';
import { type ObjectRow, storedObject } from '../record/object-rows.ts';
import type { PipelineDeps } from './deps.ts';
import { type Lock, lockCopy, noteLocks } from './lock-copy.ts';

const BATCH = 100;
/** A site that was away is asked again after this time. */
const AGAIN_MS = 600_000;

type Deps = Pick<PipelineDeps, 'db' | 'clock' | 'vault' | 'timeZone'>;

/**
 * Locks copies of records that are kept longer than before until their new day, at the sites that lock. No lock
 * becomes shorter. Resolves to how many were extended, and of how many records some have to wait.
 */
export async function extendLocks(
  deps: Deps,
  signal?: AbortSignal,
): Promise<{ extended: number; left: number }> {
  const done = { extended: 0, left: 0 };
  while (!stopped(signal)) {
    const due = await deps.db
      .selectFrom('pending_lock')
      .select('record_id')
      .where('not_before', '<=', deps.clock.now())
      .orderBy('not_before')
      .limit(BATCH)
      .execute();
    let taken = 0;
    for (const { record_id: recordId } of due) {
      if (stopped(signal)) break;
      try {
        const extended = await deps.db.transaction().execute((tx) => extend(deps, tx, recordId));
        if (extended === undefined) continue;
        taken += 1;
        done.extended += extended;
      } catch {
        taken += 1;
        done.left += 1;
        await deps.db
          .updateTable('pending_lock')
          .set({ not_before: new Date(deps.clock.now().getTime() + AGAIN_MS) })
          .where('record_id', '=', recordId)
          .execute();
      }
    }
    // None is left, or another process has them all.
    if (taken === 0) break;
  }
  return done;
}

const stopped = (signal: AbortSignal | undefined) => signal?.aborted === true;

/** How many locks; undefined where another process is at it. */
async function extend(deps: Deps, tx: Tx, recordId: string): Promise<number | undefined> {
  const pending = await tx
    .selectFrom('pending_lock')
    .select('record_id')
    .where('record_id', '=', recordId)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (pending === undefined) return undefined;
  // A copy that is on its way holds its object: what it was locked until is read after it.
  const objects = await tx
    .selectFrom('sealed_object')
    .selectAll()
    .where('record_id', '=', recordId)
    .where('destroyed_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const term = await tx
    .selectFrom('record_term')
    .select('keep_until')
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  const locks: Lock[] = [];
  if (term !== undefined) {
    for (const row of objects) locks.push(...(await extendOne(deps, tx, row, term.keep_until)));
  }
  await noteLocks(tx, locks);
  await tx.deleteFrom('pending_lock').where('record_id', '=', recordId).execute();
  return locks.length;
}

async function extendOne(deps: Deps, tx: Tx, row: ObjectRow, keepUntil: string): Promise<Lock[]> {
  const day = parseDay(keepUntil);
  if (day === undefined) throw new Error(`${keepUntil} is no day`);
  const copies = await tx
    .selectFrom('object_copy')
    .select('site')
    .where('object_id', '=', row.id)
    .where('locked_until', '<', startOfDay(deps.timeZone, day))
    .execute();
  const locks: Lock[] = [];
  for (const { site } of copies) {
    const until = await lockCopy(deps, storedObject(row, [site]), site, { keepUntil });
    if (until !== null) locks.push({ site, objectId: row.id, until });
  }
  return locks;
}
