import { sql } from 'kysely';
import { ARCHIVE_ACTOR } from '../core/audit.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { insertObjects, objectsOf } from '../record/object-rows.ts';
import type { StoredObject } from '../record/vault.ts';
import type { RecordState } from '../record/vocabulary.ts';
import type { PipelineDeps } from './deps.ts';
import { recordMaterial } from './record-material.ts';
import { type RecordRow, recordRow } from './record-row.ts';
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

const FIRST_DELAY_MS = 1_000;
const MOST_DELAY_MS = 300_000;

/**
 * Takes a record as far as it goes: to `archived`, or into quarantine. One job does it and stays in
 * the queue until it is done, so that a crash at any moment goes on from the last committed state.
 * A failure that says it is for later is tried again later, however often; one that says it is for
 * good ends in quarantine; any other is thrown for the queue to retry, and in quarantine on the last
 * attempt.
 */
export async function advanceRecord(
  deps: PipelineDeps,
  recordId: RecordId,
  attempt: { lastAttempt: boolean },
  onStep: (state: RecordState, durationMs: number) => void = () => undefined,
): Promise<RecordState> {
  const material = recordMaterial(deps, recordId);
  for (let passed = 0; ; passed += 1) {
    const row = await recordRow(deps.db, recordId);
    const line = stepAfter(row.state);
    if (line === undefined) return row.state;
    const started = performance.now();
    try {
      const result = await HANDLERS[line.step](deps, row, material);
      await commitStep(deps, row, line, result);
    } catch (error) {
      const retry = error instanceof ArchiveError ? error.retry : undefined;
      const exhausted = retry === undefined && attempt.lastAttempt && passed === 0;
      if (retry === 'never' || exhausted) {
        await quarantine(deps, recordId, row.state, line.step, error);
        onStep('quarantined', performance.now() - started);
        return 'quarantined';
      }
      if (retry === undefined && passed === 0) throw error;
      await postpone(deps, recordId, error);
      return row.state;
    }
    onStep(line.to, performance.now() - started);
  }
}

/**
 * State, ledger entry and rows of a step commit together. When they do not, or when another worker
 * was faster and its result stands, what the step wrote is destroyed again.
 */
async function commitStep(
  deps: PipelineDeps,
  row: RecordRow,
  line: NonNullable<ReturnType<typeof stepAfter>>,
  result: StepResult,
): Promise<void> {
  const { facts = {}, tier, written = [], detail = {}, commit } = result;
  let taken = false;
  try {
    taken = await deps.db.transaction().execute(async (tx) => {
      // A lost commit of a step before the last is a step to take again; the last one flushes all.
      if (stepAfter(line.to) !== undefined) {
        await sql`set local synchronous_commit = off`.execute(tx);
      }
      const current = await recordRow(tx, row.id, true);
      if (current.state !== row.state) return false;
      await insertObjects(tx, written, deps.clock.now());
      await tx
        .updateTable('record')
        .set({
          state: line.to,
          ...{ attempts: 0, reason_code: null, reason: null },
          facts: JSON.stringify({ ...row.facts, ...facts }),
          ...(tier === undefined ? {} : { tier }),
        })
        .where('id', '=', row.id)
        .execute();
      await commit?.(tx);
      await deps.audit.append(tx, {
        actor: ARCHIVE_ACTOR,
        action: 'record.state',
        resource: row.id,
        outcome: 'ok',
        detail: { from: line.from, to: line.to, ...detail },
      });
      return true;
    });
  } finally {
    if (!taken) await destroyUnnoted(deps, row.id, written).catch(() => undefined);
  }
}

/**
 * Destroys what no row knows of. A commit whose answer was lost may have been made, or be under way:
 * the row's lock waits for it, and what it noted stays.
 */
async function destroyUnnoted(
  deps: PipelineDeps,
  recordId: RecordId,
  written: readonly StoredObject[],
): Promise<void> {
  if (written.length === 0) return;
  const noted = await deps.db.transaction().execute(async (tx) => {
    await recordRow(tx, recordId, true);
    return objectsOf(tx, recordId);
  });
  const known = new Set(noted.map((object) => object.id));
  await deps.vault.discard(written.filter((object) => !known.has(object.id)));
}

/**
 * A new job in place of the one that ends, and why for the operator to see. What is down comes back:
 * a record that waits for a site or the ledger tries again, less and less often, for as long as that
 * takes.
 */
async function postpone(deps: PipelineDeps, recordId: RecordId, error: unknown): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { attempts } = await tx
      .updateTable('record')
      .set(({ eb }) => ({
        attempts: eb('attempts', '+', 1),
        reason_code: error instanceof ArchiveError ? error.code : 'STEP_FAILED',
        reason: error instanceof ArchiveError ? error.publicMessage : null,
      }))
      .where('id', '=', recordId)
      .returning('attempts')
      .executeTakeFirstOrThrow();
    const delayMs = Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
    await deps.queue.advance(tx, recordId, delayMs);
  });
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
