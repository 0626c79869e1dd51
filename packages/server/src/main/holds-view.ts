import type { IndexKeyring } from '../core/blind-index.ts';
import type { Tx } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { JobQueue } from '../pipeline/ports.ts';
import type { EventLog } from '../platform/log/logger.ts';
import {
  acknowledge,
  addRecords,
  type HoldDeps,
  type HoldSearches,
  holdsOf,
  listHolds,
  noticeOf,
  placeHold,
  recordsOf,
  releaseHold,
  releaseRecord,
  viewHold,
} from '../retire/holds/index.ts';
import type { HoldsPort } from '../serve/ports.ts';
import { callCondition } from '../serve/search/index.ts';
import type { Closers } from './closers.ts';
import type { Disposer } from './start-disposer.ts';
import { type HoldWalker, startHolds } from './start-holds.ts';

/** Searches of holds find what the search of records finds; their fields are named where a hold has them. */
export function searchesOfHolds(keys: IndexKeyring, timeZone: string): HoldSearches {
  return {
    condition(search) {
      try {
        return callCondition(search, keys, timeZone);
      } catch (error) {
        if (!(error instanceof ArchiveError) || error.field === undefined) throw error;
        const field = error.field.replace(/^query\//, 'body/search/');
        throw new ArchiveError(error.code, error.message, { field, cause: error });
      }
    },
  };
}

/** What was put off for records that were held: what waits in quarantine goes now. */
export async function askAgain(
  queue: Pick<JobQueue, 'destroyQuarantine'>,
  tx: Tx,
  recordIds: readonly string[],
): Promise<void> {
  const rows = await tx
    .selectFrom('sealed_object')
    .select('record_id')
    .distinct()
    .where('record_id', 'in', [...recordIds])
    .where('pool', '=', 'quarantine')
    .where('destroyed_at', 'is', null)
    .execute();
  for (const { record_id } of rows) await queue.destroyQuarantine(tx, record_id as RecordId);
}

/** Whether a run of disposals came to any of the records while it was held. */
async function werePutOff(tx: Tx, recordIds: readonly string[]): Promise<boolean> {
  const row = await tx
    .selectFrom('disposal_item')
    .select('record_id')
    .where('record_id', 'in', [...recordIds])
    .where('state', '=', 'deferred')
    .where('why', '=', 'hold')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Starts what carries holds to every record; gives what officers see of them. */
export function openHolds(
  deps: Omit<HoldDeps, 'settleDeferred'>,
  more: {
    queue: JobQueue;
    log: EventLog;
    closers: Closers;
    disposals: Pick<Disposer, 'askAgain'>;
  },
): HoldsPort {
  const { queue, log, closers, disposals } = more;
  const holds: HoldDeps = {
    ...deps,
    async settleDeferred(tx, recordIds) {
      await askAgain(queue, tx, recordIds);
      if (await werePutOff(tx, recordIds)) disposals.askAgain();
    },
  };
  const walker = startHolds(holds, log);
  closers.add(() => walker.stop());
  return createHolds({ ...holds, walker });
}

/** What officers, auditors and custodians see of holds, and change. */
export function createHolds(deps: HoldDeps & { walker: Pick<HoldWalker, 'wake'> }): HoldsPort {
  const { db, walker } = deps;
  return {
    async place(asked, officer) {
      const { id, tooLate } = await placeHold(deps, asked, officer);
      walker.wake();
      return { hold: await viewHold(deps, id), tooLate };
    },
    list: (query) => listHolds(deps, query),
    view: (id) => viewHold(deps, id),
    records: (id, query) => recordsOf(db, id, query),
    async add(id, recordIds, officer) {
      const tooLate = await addRecords(deps, id, recordIds, officer);
      return { hold: await viewHold(deps, id), tooLate };
    },
    async drop(one, officer) {
      await releaseRecord(deps, one, officer);
      return viewHold(deps, one.holdId);
    },
    async release(id, reason, officer) {
      await releaseHold(deps, id, reason, officer);
      walker.wake();
      return viewHold(deps, id);
    },
    notice: (id, actorId) => noticeOf(deps, id, actorId),
    async acknowledge(id, by) {
      await acknowledge(deps, id, by);
      return noticeOf(deps, id, by.actor.id);
    },
    ofRecord: (recordId) => holdsOf(deps, recordId),
  };
}
