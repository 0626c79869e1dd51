import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { readSubmission, type Submission } from '../intake/submission.ts';
import type { MediaFacts } from '../record/facts.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { ObjectPurpose, OpenObject, StoredObject } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';
import { type RedactionPlan, redactionPlan } from './redaction-plan.ts';

/** What the steps of one record read, each opened once while they follow each other. */
export interface RecordMaterial {
  /** The record's latest object of a purpose. Rejects with OBJECT_UNKNOWN. */
  open(purpose: ObjectPurpose): Promise<OpenObject & { stored: StoredObject }>;
  submission(): Promise<Submission>;
  plan(media: MediaFacts): Promise<RedactionPlan>;
}

export function recordMaterial(deps: PipelineDeps, recordId: RecordId): RecordMaterial {
  let submission: Promise<Submission> | undefined;
  let plan: Promise<RedactionPlan> | undefined;
  const material: RecordMaterial = {
    async open(purpose) {
      const stored = (await objectsOf(deps.db, recordId, purpose)).at(-1);
      if (stored === undefined) {
        throw new ArchiveError('OBJECT_UNKNOWN', `record ${recordId} has no object ${purpose}`);
      }
      return { ...(await deps.vault.open(stored)), stored };
    },
    submission() {
      submission ??= material.open('submission').then(readSubmission);
      return submission;
    },
    plan(media) {
      plan ??= material.submission().then((sent) => redactionPlan(sent, media));
      return plan;
    },
  };
  return material;
}
