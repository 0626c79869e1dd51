import { findPerson } from '../restrictions/index.ts';
import { noteSearch, type Officer } from './enter-request.ts';
import type { SubjectDeps } from './ports.ts';
import { askedIn, lockRequest, reachOf } from './request-row.ts';
import { subjectError } from './subject-error.ts';

const MOST_COPIED = 1000;

/** What goes into a copy: the person's calls, oldest first, and by what they were found. */
export interface CopyOrder {
  recordIds: string[];
  withMedia: boolean;
  phone?: string | undefined;
  account?: string | undefined;
}

/**
 * Begins the one taking of a copy. One that breaks off has to be granted again. Rejects with
 * SUBJECT_REQUEST_UNKNOWN, and SUBJECT_REQUEST_STATE where it is not granted or was taken.
 */
export async function beginCopy(
  deps: SubjectDeps,
  id: string,
  { actor }: Officer,
  requestId: string,
): Promise<CopyOrder> {
  const { order, outboxId } = await deps.db.transaction().execute(async (tx) => {
    const row = await lockRequest(tx, id);
    if (row.kind !== 'copy' || row.state !== 'granted' || row.copied_at !== null) {
      const message =
        row.copied_at === null ? `the request is ${row.state}` : 'it was taken before';
      throw subjectError('SUBJECT_REQUEST_STATE', message);
    }
    const { phone, account, withMedia = false } = askedIn(deps, row);
    const page = { limit: MOST_COPIED };
    const found = await findPerson(tx, deps, { phone, account }, reachOf(deps, row), page);
    await noteSearch(deps, tx, id, actor, found.length);
    await tx
      .updateTable('subject_request')
      .set({ copied_at: deps.clock.now() })
      .where('id', '=', id)
      .execute();
    const written = await deps.audit.append(tx, {
      ...{ actor, action: 'subject.copy', resource: id, outcome: 'ok', requestId },
      detail: { state: 'begun', records: found.length, withMedia },
    });
    const recordIds = found.map((call) => call.id);
    return { order: { recordIds, withMedia, phone, account }, outboxId: written.outboxId };
  });
  await deps.audit.settle(outboxId);
  return order;
}

/** The copy left whole: the request is answered. */
export async function endCopy(
  deps: SubjectDeps,
  id: string,
  { actor }: Officer,
  requestId: string,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockRequest(tx, id);
    if (row.state !== 'granted') return;
    await tx
      .updateTable('subject_request')
      .set({ state: 'done', ended_at: deps.clock.now() })
      .where('id', '=', id)
      .execute();
    await deps.audit.append(tx, {
      ...{ actor, action: 'subject.copy', resource: id, outcome: 'ok', requestId },
      detail: { state: 'whole' },
    });
  });
}
