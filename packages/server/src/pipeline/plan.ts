import type { CallMetadata } from '../record/metadata.ts';
import type { Finding, MaskSpan, Transcript } from '../record/transcript.ts';
import type { OpenObject } from '../record/vault.ts';

/** What the redact step decided, sealed in quarantine until the seal step has used it. */
export interface RedactionPlan {
  transcript: Transcript;
  findings: Finding[];
  maskSpans: MaskSpan[];
  /** Metadata with redacted free text; the customer's own fields are still whole. */
  metadata: CallMetadata;
  salt: string;
  commitment: string;
}

export function encodePlan(plan: RedactionPlan): Buffer {
  return Buffer.from(JSON.stringify({ format: 'voxkeep/plan/v1', ...plan }));
}

export async function readPlan(object: OpenObject): Promise<RedactionPlan> {
  const text = (await object.readRange(0, object.sizeBytes)).toString();
  const plan = JSON.parse(text) as RedactionPlan;
  return {
    ...plan,
    metadata: { ...plan.metadata, startedAt: new Date(plan.metadata.startedAt) },
  };
}
