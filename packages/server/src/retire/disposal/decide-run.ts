import type { Selectable } from 'kysely';
import type { Tx } from '../../core/database.ts';
import type { DisposalTables } from '../../core/tables/disposals.ts';
import type { Assertion } from '../../record/assertion.ts';
import type { Officer, RunDeps } from './ports.ts';
import { disposalError } from './run-error.ts';

export type RunRow = Selectable<DisposalTables['disposal_run']>;

/**
 * Approves a run by a signature over its very characters; the second approver's lets it begin. Rejects with
 * DISPOSAL_RUN_UNKNOWN, DISPOSAL_RUN_STATE, DISPOSAL_OVER, OWN_REQUEST, SAME_PERSON, ALREADY_DECIDED,
 * PERSON_UNKNOWN, and the key room's SIGNATURE_INVALID, PASSKEY_NOT_ENROLLED and SIGNERS_WRONG.
 */
export async function approveRun(
  deps: RunDeps,
  officer: Officer,
  { id, assertion }: { id: string; assertion: Assertion },
  requestId: string,
): Promise<void> {
  await decide(deps, officer, id, requestId, async (tx, row) => {
    const canonical = row.canonical ?? '';
    const signer = await deps.signers.signerOf(canonical, assertion);
    if (signer.account !== officer.actorId || signer.person !== officer.personRef) {
      throw disposalError('SAME_PERSON', 'the passkey is another account’s');
    }
    const before = await tx
      .selectFrom('disposal_decision')
      .select('assertion')
      .where('run_id', '=', id)
      .where('decision', '=', 'approved')
      .orderBy('at')
      .execute();
    await insertDecision(deps, tx, officer, id, { decision: 'approved', assertion });
    const assertions = [...before.flatMap((one) => one.assertion ?? []), assertion];
    const complete = assertions.length >= 2;
    if (complete) {
      await deps.signers.demandDisposal(canonical, assertions.slice(0, 2));
      await setState(tx, id, 'approved');
    }
    return {
      action: 'disposal.approve',
      detail: { passkey: signer.id, signatures: assertions.length, complete },
    };
  });
}

/** One rejection ends a run; nothing of it goes. Codes as `approveRun`, without signatures. */
export async function rejectRun(
  deps: RunDeps,
  officer: Officer,
  { id, reason }: { id: string; reason: string },
  requestId: string,
): Promise<void> {
  await decide(deps, officer, id, requestId, async (tx) => {
    await insertDecision(deps, tx, officer, id, { decision: 'rejected', reason });
    await setState(tx, id, 'refused', deps.clock.now());
    return { action: 'disposal.reject', detail: {} };
  });
}

async function decide(
  deps: RunDeps,
  officer: Officer,
  id: string,
  requestId: string,
  work: (
    tx: Tx,
    row: RunRow,
  ) => Promise<{ action: string; detail: Record<string, string | number | boolean> }>,
): Promise<void> {
  const outboxId = await deps.db.transaction().execute(async (tx) => {
    const row = await lockRun(tx, id);
    if (row.state !== 'proposed') {
      throw disposalError('DISPOSAL_RUN_STATE', `the run is ${row.state}`);
    }
    if (row.decide_by <= deps.clock.now()) {
      throw disposalError('DISPOSAL_OVER', 'the time to decide is over');
    }
    const { personRef, actorId, role } = officer;
    if (personRef === undefined) {
      throw disposalError('PERSON_UNKNOWN', 'the account names no person');
    }
    if (row.person === personRef || row.proposed_by === actorId) {
      throw disposalError('OWN_REQUEST', 'nobody decides on what they proposed themselves');
    }
    const own = await tx
      .selectFrom('disposal_decision')
      .select('actor_id')
      .where('run_id', '=', id)
      .where('person', '=', personRef)
      .executeTakeFirst();
    if (own?.actor_id === actorId) {
      throw disposalError('ALREADY_DECIDED', 'this account has decided already');
    }
    if (own !== undefined) {
      throw disposalError('SAME_PERSON', 'the same person has decided under another account');
    }
    const { action, detail } = await work(tx, row);
    const written = await deps.audit.append(tx, {
      ...{ actor: { id: actorId, role }, action, resource: id, outcome: 'ok', requestId },
      detail: { ...detail, records: row.records },
    });
    return written.outboxId;
  });
  await deps.audit.settle(outboxId);
}

/** The run's row, locked until the transaction ends. Rejects with DISPOSAL_RUN_UNKNOWN. */
export async function lockRun(tx: Tx, id: string): Promise<RunRow> {
  const row = await tx
    .selectFrom('disposal_run')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw disposalError('DISPOSAL_RUN_UNKNOWN', `no run ${id}`);
  return row;
}

export async function setState(tx: Tx, id: string, state: string, endedAt?: Date): Promise<void> {
  await tx
    .updateTable('disposal_run')
    .set({ state, ...(endedAt === undefined ? {} : { ended_at: endedAt }) })
    .where('id', '=', id)
    .execute();
}

async function insertDecision(
  deps: RunDeps,
  tx: Tx,
  officer: Officer,
  runId: string,
  given: { decision: 'approved' | 'rejected'; assertion?: Assertion; reason?: string },
): Promise<void> {
  const { decision, assertion, reason } = given;
  await tx
    .insertInto('disposal_decision')
    .values({
      ...{ run_id: runId, actor_id: officer.actorId, actor_role: officer.role, decision },
      ...{ person: officer.personRef ?? '', at: deps.clock.now() },
      assertion: assertion === undefined ? null : JSON.stringify(assertion),
      sealed_reason: reason === undefined ? null : deps.texts.seal(runId, Buffer.from(reason)),
    })
    .execute();
}
