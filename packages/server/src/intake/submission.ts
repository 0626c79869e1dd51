import type { CallMetadata } from '../record/metadata.ts';
import type { OpenObject } from '../record/vault.ts';

/** What came with the media, sealed in quarantine until the redact step has passed. */
export interface Submission {
  metadata: CallMetadata;
  /** Salt of the commitment to the original that stands in the ledger. */
  salt: Buffer;
  /** Hex of SHA-256(salt ‖ original bytes). */
  commitment: string;
  transcript: Buffer | undefined;
}

export function encodeSubmission(submission: Submission): Buffer {
  return Buffer.from(
    JSON.stringify({
      format: 'voxkeep/submission/v1',
      metadata: { ...submission.metadata, startedAt: submission.metadata.startedAt.toISOString() },
      salt: submission.salt.toString('base64'),
      commitment: submission.commitment,
      ...(submission.transcript === undefined
        ? {}
        : { transcript: submission.transcript.toString('base64') }),
    }),
  );
}

export async function readSubmission(object: OpenObject): Promise<Submission> {
  const json = JSON.parse((await object.readRange(0, object.sizeBytes)).toString()) as {
    metadata: Omit<CallMetadata, 'startedAt'> & { startedAt: string };
    salt: string;
    commitment: string;
    transcript?: string;
  };
  return {
    metadata: { ...json.metadata, startedAt: new Date(json.metadata.startedAt) },
    salt: Buffer.from(json.salt, 'base64'),
    commitment: json.commitment,
    transcript: json.transcript === undefined ? undefined : Buffer.from(json.transcript, 'base64'),
  };
}
