import { ARCHIVE_ACTOR } from '../core/audit.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { insertObject } from '../record/object-rows.ts';
import type { RecordState } from '../record/vocabulary.ts';
import type { PipelineDeps } from './deps.ts';
import { recordRow } from './record-row.ts';
import { type StepName, stepAfter } from './step-table.ts';
import { classifyRecord } from './steps/classify-record.ts';
import { placeRecord } from './steps/place-record.ts';
import { probeRecord } from './steps/probe-record.ts';
import { redactRecord } from './steps/redact-record.ts';
import { sealRecord } from './steps/seal-record.ts';
import type { Step, StepResult } from './steps/step.ts';
import { transcribeRecord } from './steps/transcribe-record.ts';

/** Complete by its type: a step without a handler does not compile. */
const HANDLERS: Record<StepName, Step> = {
  probe: probeRecord,
  transcribe: transcribeRecord,
  redact: redactRecord,
  classify: classifyRecord,
  seal: sealRecord,
  place: placeRecord,
};

/**
 * Takes a record one step further. State, ledger entry, rows and the next job commit together; a
 * crash before that leaves the state as it was and the step is run again. A step that says that it
 * never can succeed sends the record to quarantine; other errors are thrown for the queue to retry,
 * and on the last attempt end in quarantine too.
 */
export async function advanceRecord(
  deps: PipelineDeps,
  recordId: RecordId,
  attempt: { lastAttempt: boolean },
): Promise<RecordState> {
  const row = await recordRow(deps.db, recordId);
  const line = stepAfter(row.state);
  if (line === undefined) return row.state;
  let result: StepResult;
  try {
    result = await HANDLERS[line.step](deps, row);
  } catch (error) {
    const hopeless = error instanceof ArchiveError && error.retry === 'never';
    if (!hopeless && !attempt.lastAttempt) throw error;
    await quarantine(deps, recordId, row.state, line.step, error);
    return 'quarantined';
  }
  const { facts = {}, tier, written = [], detail = {}, commit } = result;
  await deps.db.transaction().execute(async (tx) => {
    const current = await recordRow(tx, recordId, true);
    // Another worker was faster; its result stands.
    if (current.state !== row.state) return;
    const now = deps.clock.now();
    for (const object of written) await insertObject(tx, object, now);
    await tx
      .updateTable('record')
      .set({
        state: line.to,
        attempts: 0,
        facts: JSON.stringify({ ...row.facts, ...facts }),
        ...(tier === undefined ? {} : { tier }),
      })
      .where('id', '=', recordId)
      .execute();
    await commit?.(tx);
    await deps.audit.append(tx, {
      actor: ARCHIVE_ACTOR,
      action: 'record.state',
      resource: recordId,
      outcome: 'ok',
      detail: { from: line.from, to: line.to, ...detail },
    });
    if (stepAfter(line.to) !== undefined) await deps.queue.advance(tx, recordId);
  });
  return line.to;
}

async function quarantine(
  deps: PipelineDeps,
  recordId: RecordId,
  from: RecordState,
  step: StepName,
  error: unknown,
): Promise<void> {
  const known = error instanceof ArchiveError;
  const code = known ? error.code : 'STEP_FAILED';
  // A foreign error's message could hold content; only its kind is told.
  const kind = error instanceof Error ? error.name : 'unknown';
  const reason = known ? error.publicMessage : `step ${step} failed (${kind})`;
  await deps.db.transaction().execute(async (tx) => {
    const current = await recordRow(tx, recordId, true);
    if (current.state !== from) return;
    await tx
      .updateTable('record')
      .set({ state: 'quarantined', resume_state: from, reason_code: code, reason })
      .where('id', '=', recordId)
      .execute();
    await deps.audit.append(tx, {
      actor: ARCHIVE_ACTOR,
      action: 'record.state',
      resource: recordId,
      outcome: 'failed',
      detail: { from, to: 'quarantined', step, code },
    });
  });
}
