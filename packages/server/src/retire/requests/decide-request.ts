import type { Tx } from '../../core/database.ts';
import { countPerson, watchAlone, watchPerson } from '../restrictions/index.ts';
import { noteSearch, type Officer } from './enter-request.ts';
import type { SubjectDeps } from './ports.ts';
import {
  askedIn,
  committed,
  daysOn,
  kindOf,
  lockRequest,
  type RequestRow,
  reachOf,
  sealText,
} from './request-row.ts';
import { subjectError } from './subject-error.ts';

/** Of one copy; whoever has more calls gets several. */
const MOST_COPIED = 1000;

/**
 * Grants what was asked, by another person than who entered it. An erasure is restricted and a correction
 * made by a walk that begins now, and calls that arrive later are restricted as they come; a copy can be
 * taken once, and is granted again where that broke off. Rejects with SUBJECT_REQUEST_UNKNOWN,
 * SUBJECT_REQUEST_STATE, SUBJECT_SECOND_PERSON, SUBJECT_COPY_EMPTY, SUBJECT_COPY_TOO_LARGE.
 */
export async function grantRequest(
  deps: SubjectDeps,
  id: string,
  { actor, person }: Officer,
  requestId: string,
): Promise<void> {
  await settled(deps, async (tx) => {
    // Before the row's lock: whoever archives a call waits for neither.
    await watchAlone(tx);
    const row = await lockRequest(tx, id);
    const kind = kindOf(row);
    const again = kind === 'copy' && row.state === 'granted' && row.copied_at !== null;
    if (row.state !== 'received' && !again) throw stateOf(row);
    if (row.entered_person === person || row.entered_by === actor.id) {
      throw subjectError('SUBJECT_SECOND_PERSON', 'another person than who entered it grants it');
    }
    const decidedAt = deps.clock.now();
    const decided = { state: 'granted', decided_by: actor.id, decided_at: decidedAt };
    const asked = askedIn(deps, row);
    const reach = reachOf(deps, { ...row, decided_at: decidedAt });
    if (kind === 'copy') await demandCopies(deps, tx, id, asked, reach, actor);
    if (kind === 'erasure') await watchPerson(deps, tx, asked, { id, kind: 'erasure' }, reach);
    if (kind !== 'copy') await deps.queue.walkRequest(tx, id);
    await tx
      .updateTable('subject_request')
      .set({ ...decided, copied_at: null })
      .where('id', '=', id)
      .execute();
    return deps.audit.append(tx, {
      ...{ actor, action: 'subject.decide', resource: id, outcome: 'ok', requestId },
      detail: { kind, decision: 'granted', ...(again ? { again } : {}) },
    });
  });
}

/** Refuses what was asked; the reason is kept sealed. Rejects as granting does. */
export async function refuseRequest(
  deps: SubjectDeps,
  id: string,
  reason: string,
  { actor }: Officer,
  requestId: string,
): Promise<void> {
  await settled(deps, async (tx) => {
    const row = await lockRequest(tx, id);
    if (row.state !== 'received') throw stateOf(row);
    const at = deps.clock.now();
    await tx
      .updateTable('subject_request')
      .set({
        ...{ state: 'refused', decided_by: actor.id, decided_at: at, ended_at: at },
        sealed_decision: sealText(deps, id, 'decision', reason),
      })
      .where('id', '=', id)
      .execute();
    return deps.audit.append(tx, {
      ...{ actor, action: 'subject.decide', resource: id, outcome: 'ok', requestId },
      purpose: { category: 'subject_refusal', commitment: committed(deps, id, reason) },
      detail: { kind: row.kind, decision: 'refused' },
    });
  });
}

/**
 * Puts the deadline off, once, by as many days as the kind has or as are given. Rejects with
 * SUBJECT_REQUEST_UNKNOWN, SUBJECT_REQUEST_STATE, SUBJECT_EXTENDED_ALREADY.
 */
export async function extendRequest(
  deps: SubjectDeps,
  id: string,
  { reason, days }: { reason: string; days?: number | undefined },
  { actor }: Officer,
  requestId: string,
): Promise<void> {
  await settled(deps, async (tx) => {
    const row = await lockRequest(tx, id);
    if (row.state !== 'received') throw stateOf(row);
    if (row.extended_at !== null) {
      throw subjectError('SUBJECT_EXTENDED_ALREADY', 'the deadline was put off once already');
    }
    const answerBy = daysOn(row.answer_by, days ?? deps.answerDays[kindOf(row)]);
    await tx
      .updateTable('subject_request')
      .set({
        ...{ answer_by: answerBy, extended_by: actor.id, extended_at: deps.clock.now() },
        sealed_extension: sealText(deps, id, 'extension', reason),
        ...{ told_due_at: null, told_overdue_at: null },
      })
      .where('id', '=', id)
      .execute();
    return deps.audit.append(tx, {
      ...{ actor, action: 'subject.decide', resource: id, outcome: 'ok', requestId },
      purpose: { category: 'subject_extension', commitment: committed(deps, id, reason) },
      detail: { kind: row.kind, decision: 'extended', from: row.answer_by, answerBy },
    });
  });
}

/**
 * Takes back a request that was a mistake or that the person wants no more: what was restricted for it is
 * as before, and later calls are let be. A correction that was made and a copy that was taken stay. Rejects with
 * SUBJECT_REQUEST_UNKNOWN, SUBJECT_REQUEST_STATE.
 */
export async function withdrawRequest(
  deps: SubjectDeps,
  id: string,
  reason: string,
  { actor }: Officer,
  requestId: string,
): Promise<void> {
  await settled(deps, async (tx) => {
    await watchAlone(tx);
    const row = await lockRequest(tx, id);
    if (!isWithdrawable(row)) throw stateOf(row);
    const at = deps.clock.now();
    await tx.deleteFrom('person_watch').where('cause_id', '=', id).execute();
    await tx
      .updateTable('subject_request')
      .set({
        ...{ state: 'withdrawn', withdrawn_by: actor.id, withdrawn_at: at, ended_at: at },
        sealed_withdrawal: sealText(deps, id, 'withdrawal', reason),
        ...{ reached_at: null, reached_id: null },
      })
      .where('id', '=', id)
      .execute();
    if (row.kind === 'erasure' && row.state !== 'received') await deps.queue.walkRequest(tx, id);
    return deps.audit.append(tx, {
      ...{ actor, action: 'subject.decide', resource: id, outcome: 'ok', requestId },
      purpose: { category: 'subject_withdrawal', commitment: committed(deps, id, reason) },
      detail: { kind: row.kind, decision: 'withdrawn', from: row.state },
    });
  });
}

/** Whether there is anything that can be taken back. */
export function isWithdrawable(row: Pick<RequestRow, 'kind' | 'state' | 'copied_at'>): boolean {
  if (row.state === 'received') return true;
  if (row.kind === 'erasure') return row.state === 'granted' || row.state === 'done';
  return row.kind === 'copy' && row.state === 'granted' && row.copied_at === null;
}

async function settled(
  deps: SubjectDeps,
  work: (tx: Tx) => Promise<{ outboxId: string }>,
): Promise<void> {
  const { outboxId } = await deps.db.transaction().execute(work);
  await deps.audit.settle(outboxId);
}

async function demandCopies(
  deps: SubjectDeps,
  tx: Tx,
  id: string,
  asked: ReturnType<typeof askedIn>,
  reach: ReturnType<typeof reachOf>,
  actor: Officer['actor'],
): Promise<void> {
  const records = await countPerson(tx, deps, asked, reach);
  await noteSearch(deps, tx, id, actor, records);
  if (records === 0) throw subjectError('SUBJECT_COPY_EMPTY', 'no call of the person was found');
  if (records <= MOST_COPIED) return;
  throw subjectError('SUBJECT_COPY_TOO_LARGE', `more than ${MOST_COPIED} calls are the person's`);
}

const stateOf = (row: RequestRow) =>
  subjectError('SUBJECT_REQUEST_STATE', `the request is ${row.state}`);
