import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { readSubmission, type Submission } from '../../intake/submission.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { ObjectPurpose, OpenObject, StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';
import { type RedactionPlan, readPlan } from '../plan.ts';

/** The record's latest object of a purpose, opened. Rejects with OBJECT_UNKNOWN. */
export async function openPurpose(
  deps: PipelineDeps,
  recordId: RecordId,
  purpose: ObjectPurpose,
): Promise<OpenObject & { stored: StoredObject }> {
  const stored = (await objectsOf(deps.db, recordId, purpose)).at(-1);
  if (stored === undefined) {
    throw new ArchiveError('OBJECT_UNKNOWN', `record ${recordId} has no object ${purpose}`);
  }
  return { ...(await deps.vault.open(stored)), stored };
}

export const openSubmission = async (deps: PipelineDeps, id: RecordId): Promise<Submission> =>
  readSubmission(await openPurpose(deps, id, 'submission'));

export const openPlan = async (deps: PipelineDeps, id: RecordId): Promise<RedactionPlan> =>
  readPlan(await openPurpose(deps, id, 'plan'));

export async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
