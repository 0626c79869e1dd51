import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { RecordId } from '../../core/ids.ts';
import { lockRun, type RunRow, setState } from '../../retire/disposal/decide-run.ts';
import type { DisposalSigners } from '../../retire/disposal/ports.ts';
import { digestOfRecords } from '../../retire/disposal/propose-run.ts';
import { disposalError } from '../../retire/disposal/run-error.ts';
import type { DisposalDeps } from './deps.ts';
import { type Disposed, disposeRecord } from './dispose-record.ts';

const BATCH = 100;
/** Failures one after the other that are no single record's: the rest waits. */
const MOST_FAILURES = 5;

export interface RunWork extends DisposalDeps {
  signers: Pick<DisposalSigners, 'demandDisposal'>;
  mostAlone: number;
  /** Resolves when the next record may go. */
  paced(): Promise<void>;
}

/**
 * Works a run that was approved, record after record, until it is done, paused or stopped, or the signal comes.
 * What is kept meanwhile is left, with the reason. Goes on where it was after any end. Rejects with
 * DISPOSAL_NOT_SIGNED when its list is not the one that two approvers signed, and as the key room does when
 * their signatures do not hold.
 */
export async function workRun(
  deps: RunWork,
  runId: string,
  signal?: AbortSignal,
): Promise<{ disposed: number; kept: number }> {
  const sum = { disposed: 0, kept: 0 };
  const row = await begin(deps, runId);
  if (row === undefined) return sum;
  await demandSigned(deps, row);
  let last: string | undefined;
  let failures = 0;
  for (;;) {
    const items = await deps.db
      .selectFrom('disposal_item')
      .select('record_id')
      .where('run_id', '=', runId)
      .where('state', '=', 'planned')
      .orderBy('record_id')
      .limit(BATCH)
      .execute();
    if (items.length === 0) break;
    for (const { record_id } of items) {
      if (signal?.aborted === true || !(await isRunning(deps, runId))) {
        if (last !== undefined) await deps.audit.settle(last);
        return sum;
      }
      await deps.paced();
      const done = await disposeRecord(deps, record_id as RecordId, { runId }).catch(
        (error: unknown): Disposed => {
          failures += 1;
          if (failures > MOST_FAILURES) throw error;
          return { state: 'kept', why: { by: 'failed' } };
        },
      );
      await noteItem(deps, runId, record_id, done);
      if (done.state === 'kept') sum.kept += 1;
      else {
        failures = 0;
        sum.disposed += 1;
        last = done.outboxId ?? last;
      }
    }
  }
  if (last !== undefined) await deps.audit.settle(last);
  await end(deps, runId);
  return sum;
}

async function begin(deps: RunWork, runId: string): Promise<RunRow | undefined> {
  return deps.db.transaction().execute(async (tx) => {
    const row = await lockRun(tx, runId);
    if (row.state === 'running') return row;
    if (row.state !== 'approved') return undefined;
    await tx
      .updateTable('disposal_run')
      .set({ state: 'running', begun_at: row.begun_at ?? deps.clock.now() })
      .where('id', '=', runId)
      .execute();
    return row;
  });
}

/** A row says that it was approved; the key room knows who signed what. */
async function demandSigned(deps: RunWork, row: RunRow): Promise<void> {
  const items = await deps.db
    .selectFrom('disposal_item')
    .select('record_id')
    .where('run_id', '=', row.id)
    .execute();
  const unsigned = (why: string) => disposalError('DISPOSAL_NOT_SIGNED', `run ${row.id}: ${why}`);
  if (row.canonical === null) {
    if (row.kind === 'due' && items.length <= deps.mostAlone) return;
    throw unsigned('takes two approvals');
  }
  const decided = await deps.db
    .selectFrom('disposal_decision')
    .select('assertion')
    .where('run_id', '=', row.id)
    .where('decision', '=', 'approved')
    .orderBy('at')
    .limit(2)
    .execute();
  const assertions = decided.flatMap((one) => one.assertion ?? []);
  const signed = await deps.signers.demandDisposal(row.canonical, assertions);
  const digest = digestOfRecords(items.map((one) => one.record_id));
  if (signed.runId !== row.id || signed.digest !== digest) {
    throw unsigned('its list is not the one that was signed');
  }
}

async function isRunning({ db }: RunWork, runId: string): Promise<boolean> {
  const row = await db
    .selectFrom('disposal_run')
    .select('state')
    .where('id', '=', runId)
    .executeTakeFirst();
  return row?.state === 'running';
}

async function noteItem(
  deps: RunWork,
  runId: string,
  recordId: string,
  done: Disposed,
): Promise<void> {
  await deps.db
    .updateTable('disposal_item')
    .set({
      ...(done.state === 'disposed'
        ? { state: 'disposed' }
        : { state: 'deferred', why: done.why.by }),
      at: deps.clock.now(),
    })
    .where('run_id', '=', runId)
    .where('record_id', '=', recordId)
    .execute();
}

async function end(deps: RunWork, runId: string): Promise<void> {
  const outboxId = await deps.db.transaction().execute(async (tx) => {
    const row = await lockRun(tx, runId);
    if (row.state !== 'running') return undefined;
    await setState(tx, runId, 'done', deps.clock.now());
    const { disposed } = await tx
      .selectFrom('disposal_item')
      .select(({ fn }) => fn.countAll<string>().as('disposed'))
      .where('run_id', '=', runId)
      .where('state', '=', 'disposed')
      .executeTakeFirstOrThrow();
    const written = await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'disposal.end', resource: runId, outcome: 'ok' },
      detail: { disposed: Number(disposed), kept: row.records - Number(disposed) },
    });
    return written.outboxId;
  });
  if (outboxId !== undefined) await deps.audit.settle(outboxId);
}
