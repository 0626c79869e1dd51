import type { Actor, Audit } from '../core/audit.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { RecordState } from '../record/vocabulary.ts';
import type { JobQueue } from './ports.ts';

export type ResumeErrorCode = 'RECORD_UNKNOWN' | 'RECORD_NOT_RESUMABLE';

/** Lets a quarantined record try again at the step that stopped it. */
export async function resumeRecord(
  deps: { db: Db; audit: Audit; queue: JobQueue },
  recordId: RecordId,
  actor: Actor,
  requestId: string,
): Promise<RecordState> {
  const { state, outboxId } = await deps.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('record')
      .select(['state', 'resume_state'])
      .where('id', '=', recordId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) {
      throw new ArchiveError<ResumeErrorCode>('RECORD_UNKNOWN', `no record ${recordId}`);
    }
    if (row.state !== 'quarantined' || row.resume_state === null) {
      const message = `record ${recordId} is ${row.state} and has no step to resume`;
      throw new ArchiveError<ResumeErrorCode>('RECORD_NOT_RESUMABLE', message);
    }
    await tx
      .updateTable('record')
      .set({ state: row.resume_state, resume_state: null, reason_code: null, reason: null })
      .where('id', '=', recordId)
      .execute();
    await deps.queue.advance(tx, recordId);
    const entry = await deps.audit.append(tx, {
      ...{ actor, action: 'job.retry', resource: recordId, outcome: 'ok', requestId },
      detail: { state: row.resume_state },
    });
    return { state: row.resume_state as RecordState, outboxId: entry.outboxId };
  });
  await deps.audit.settle(outboxId);
  return state;
}
