import type { Tx } from '../../core/database.ts';
import { holdWaiting } from './ask-wait.ts';
import { originalError } from './original-error.ts';
import type { OriginalDeps, OriginalOfficer } from './ports.ts';

/** So many different people, none of them whoever asked. */
const APPROVALS = 2;

export interface WaitDecision {
  id: string;
  decision: 'approved' | 'rejected';
  /** Of a rejection. */
  reason?: string;
}

/**
 * Decides on a question. The second approval, of another person, keeps the original until the day that was asked
 * for; one rejection ends it. Rejects with ORIGINAL_WAIT_UNKNOWN, ORIGINAL_WAIT_DECIDED, ORIGINAL_NOT_WAITING when
 * the original has gone meanwhile, OWN_REQUEST, SAME_PERSON and ALREADY_DECIDED. Resolves to the record's id.
 */
export async function decideWait(
  deps: OriginalDeps,
  officer: OriginalOfficer,
  { id, decision, reason }: WaitDecision,
): Promise<string> {
  const { actor, person, requestId } = officer;
  const now = deps.clock.now();
  const done = await deps.db.transaction().execute(async (tx) => {
    const { recordId, until } = await lockAsked(tx, id, officer);
    await tx
      .insertInto('original_wait_decision')
      .values({
        ...{ wait_id: id, record_id: recordId, actor_id: actor.id },
        ...{ person, decision, at: now },
        sealed_reason: reason === undefined ? null : deps.texts.seal(id, Buffer.from(reason)),
      })
      .execute();
    const approvals = await countApprovals(tx, id);
    const state = decision === 'rejected' ? 'refused' : 'granted';
    const final = decision === 'rejected' || approvals >= APPROVALS;
    if (final) {
      await tx
        .updateTable('original_wait')
        .set({ state, ended_at: now })
        .where('id', '=', id)
        .execute();
    }
    const action = decision === 'rejected' ? 'retention.reject_wait' : 'retention.approve_wait';
    const written = await deps.audit.append(tx, {
      ...{ actor, action, resource: recordId, outcome: 'ok', requestId },
      detail: { wait: id, until, approvals, complete: final },
    });
    return { recordId, outboxId: written.outboxId };
  });
  await deps.audit.settle(done.outboxId);
  return done.recordId;
}

/** The record's row first, as whoever destroys does; then the question's. */
async function lockAsked(
  tx: Tx,
  id: string,
  { actor, person }: OriginalOfficer,
): Promise<{ recordId: string; until: string }> {
  const unknown = () => originalError('ORIGINAL_WAIT_UNKNOWN', `no question ${id}`, 'id');
  const about = await tx
    .selectFrom('original_wait')
    .select('record_id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (about === undefined) throw unknown();
  await holdWaiting(tx, about.record_id);
  const row = await tx
    .selectFrom('original_wait')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw unknown();
  if (row.state !== 'asked') throw originalError('ORIGINAL_WAIT_DECIDED', `it is ${row.state}`);
  if (row.person === person || row.asked_by === actor.id) {
    throw originalError('OWN_REQUEST', 'nobody decides on what they asked for themselves');
  }
  const own = await tx
    .selectFrom('original_wait_decision')
    .select('actor_id')
    .where('wait_id', '=', id)
    .where('person', '=', person)
    .executeTakeFirst();
  if (own?.actor_id === actor.id) {
    throw originalError('ALREADY_DECIDED', 'this account has decided already');
  }
  if (own !== undefined) {
    throw originalError('SAME_PERSON', 'the same person has decided under another account');
  }
  return { recordId: row.record_id, until: row.until };
}

async function countApprovals(tx: Tx, id: string): Promise<number> {
  const { count } = await tx
    .selectFrom('original_wait_decision')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('wait_id', '=', id)
    .where('decision', '=', 'approved')
    .executeTakeFirstOrThrow();
  return Number(count);
}
