import { sql } from 'kysely';
import { ArchiveError } from '../core/errors.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { PipelineDeps } from './deps.ts';
import { holdLiving } from './destroy-object.ts';
import { copyAndNote } from './make-copy.ts';

const BATCH = 100;
const MOST_DELAY_MS = 3_600_000;

/**
 * Makes the further copies that are due, each read back at its new site. A copy that fails stays
 * due, later by a doubling delay, with its error code. Resolves to how many were made and remain.
 */
export async function copyPending(
  deps: PipelineDeps,
  signal?: AbortSignal,
): Promise<{ copied: number; failed: number }> {
  let copied = 0;
  let failed = 0;
  while (!stopped(signal)) {
    const due = await deps.db
      .selectFrom('pending_copy')
      .innerJoin('sealed_object', 'sealed_object.id', 'pending_copy.object_id')
      .select(['object_id', 'site', 'record_id', 'pending_copy.attempts'])
      .where(isDue(deps.clock.now()))
      .where('sealed_object.destroyed_at', 'is', null)
      // A night's copies never stand before those that are due at once.
      .orderBy('bulk')
      .orderBy('not_before')
      .limit(BATCH)
      .execute();
    if (due.length === 0) break;
    for (const line of due) {
      if (stopped(signal)) break;
      const outcome = await copyOne(deps, line);
      if (outcome === 'copied') copied += 1;
      if (outcome === 'failed') failed += 1;
    }
  }
  return { copied, failed };
}

/** Also what a clock that was put back would keep waiting: only a night's copies begin later than they are noted. */
const isDue = (now: Date) => sql<boolean>`(not_before <= ${now}
  or (pending_copy.attempts = 0 and not bulk)
  or (pending_copy.attempts > 0 and not_before > ${new Date(now.getTime() + MOST_DELAY_MS)}))`;

async function copyOne(
  deps: PipelineDeps,
  line: { object_id: string; site: string; record_id: string; attempts: number },
): Promise<'copied' | 'failed' | 'called off'> {
  const object = (await objectsOf(deps.db, line.record_id)).find(
    (one) => one.id === line.object_id,
  );
  try {
    if (object === undefined) throw new ArchiveError('OBJECT_UNKNOWN', line.object_id);
    return await deps.db.transaction().execute(async (tx) => {
      if (!(await holdLiving(tx, object.id))) return 'called off';
      // A policy that was applied meanwhile may want it no longer.
      const { numDeletedRows } = await tx
        .deleteFrom('pending_copy')
        .where('object_id', '=', line.object_id)
        .where('site', '=', line.site)
        .executeTakeFirst();
      if (numDeletedRows === 0n) return 'called off';
      await copyAndNote(deps, tx, object, line.site);
      return 'copied';
    });
  } catch (error) {
    const code = error instanceof ArchiveError ? error.code : 'COPY_FAILED';
    const delayMs = Math.min(MOST_DELAY_MS, 5_000 * 2 ** line.attempts);
    await deps.db
      .updateTable('pending_copy')
      .set({
        attempts: line.attempts + 1,
        last_error: code,
        not_before: new Date(deps.clock.now().getTime() + delayMs),
      })
      .where('object_id', '=', line.object_id)
      .where('site', '=', line.site)
      .execute();
    return 'failed';
  }
}

function stopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
