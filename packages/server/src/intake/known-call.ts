import { createHmac } from 'node:crypto';
import type { Tx } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import type { CallMetadata } from '../record/metadata.ts';
import type { RecordState } from '../record/vocabulary.ts';
import { type IntakeErrorCode, intakeError } from './intake-error.ts';

/** A call that was disposed of; `sameBytes` tells it from another call under the same id. */
export class RecordDisposed extends ArchiveError<IntakeErrorCode> {
  readonly sameBytes: boolean;
  constructor(sameBytes: boolean) {
    const gone = 'this call was archived and disposed of; it is not taken again';
    super('RECORD_DISPOSED', gone, { field: 'metadata/sourceCallId' });
    this.sameBytes = sameBytes;
  }
}

/** Under which name a source's call stands in the catalog: its id may hold a phone number. */
export function idempotencyKey(secret: Buffer, metadata: CallMetadata): Buffer {
  return createHmac('sha256', secret)
    .update(JSON.stringify([metadata.sourceSystem, metadata.sourceCallId]))
    .digest();
}

/** Digest, keyed, of all that came beside the media, in whichever order it came. */
export function detailsDigest(
  secret: Buffer,
  metadata: CallMetadata,
  attached: readonly string[],
): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['details', metadata, ...[...attached].sort()]))
    .digest('hex');
}

/**
 * The record that a source call id belongs to already. Throws RECORD_DISPOSED, whatever came, and
 * SOURCE_CALL_CONFLICT for other media bytes. `sameDetails` is false when the record was made with
 * other metadata, transcript or screenshots: those of now are not taken.
 */
export async function knownCall(tx: Tx, key: Buffer, digest: Buffer, details: string) {
  const claim = await tx
    .selectFrom('intake_key')
    .selectAll()
    .where('idempotency_key', '=', key)
    .executeTakeFirstOrThrow();
  const sameBytes = claim.media_digest.equals(digest);
  if (claim.disposed_at !== null) throw new RecordDisposed(sameBytes);
  if (!sameBytes) {
    const other = `source call id is known as record ${claim.record_id} with other media bytes`;
    throw intakeError('SOURCE_CALL_CONFLICT', other, 'metadata/sourceCallId');
  }
  const row = await tx
    .selectFrom('record')
    .select(['id', 'state', 'received_at', 'media_bytes', 'facts'])
    .where('id', '=', claim.record_id)
    .executeTakeFirstOrThrow();
  const { details: first } = row.facts;
  return {
    id: row.id as RecordId,
    state: row.state as RecordState,
    created: false,
    receivedAt: row.received_at,
    mediaBytes: Number(row.media_bytes),
    sameDetails: first === undefined || first === details,
  };
}
