import { createHash, createHmac, type Hash } from 'node:crypto';
import type { Actor, Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db, Tx } from '../core/database.ts';
import { newRecordId, type RecordId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { CallMetadata } from '../record/metadata.ts';
import { insertObjects } from '../record/object-rows.ts';
import type { StoredObject, Vault } from '../record/vault.ts';
import type { RecordState } from '../record/vocabulary.ts';
import { bounded, collect, once } from './bounded-bytes.ts';
import { intakeError } from './intake-error.ts';
import { detailsDigest, idempotencyKey, knownCall } from './known-call.ts';
import { encodeSubmission } from './submission.ts';

export interface IntakeDeps {
  db: Db;
  clock: Clock;
  random: Random;
  vault: Vault;
  audit: Audit;
  /** Keys of the HMACs under which a source call id and a media digest stand in the catalog. */
  secrets: { idempotency: Buffer; mediaDigest: Buffer };
  /** Puts the record's first step into the queue, in the same transaction. */
  enqueue(tx: Tx, recordId: RecordId): Promise<void>;
  limits: { mediaBytes: number; transcriptBytes: number; screenshotBytes: number };
}

/** Why a record goes straight to quarantine: what was sent cannot be archived, but is not lost. */
export interface Refusal {
  code: string;
  reason: string;
}

export interface Receipt {
  id: RecordId;
  state: RecordState;
  created: boolean;
  receivedAt: Date;
  mediaBytes: number;
  ledgerIndex?: number;
  /** False when the call is known with other metadata, transcript or screenshots than came now. */
  sameDetails?: boolean;
}

/** What the parts of an upload became; `abandon` removes every trace of it. */
export interface OpenUpload {
  readonly recordId: RecordId;
  media(source: AsyncIterable<Uint8Array>, mediaType: string): Promise<void>;
  transcript(source: AsyncIterable<Uint8Array>): Promise<void>;
  screenshot(source: AsyncIterable<Uint8Array>, mediaType: string): Promise<void>;
  /** Seals a file that came with a refused call just as it came; only for a `refusal`. */
  enclosure(source: AsyncIterable<Uint8Array>, mediaType: string): Promise<void>;
  commit(
    metadata: CallMetadata,
    actor: Actor,
    requestId?: string,
    refusal?: Refusal,
  ): Promise<Receipt>;
  abandon(): Promise<void>;
}

const SCREENSHOT_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
const MOST_SCREENSHOTS = 20;

/**
 * Opens an upload under a new record id. Media bytes are sealed while they stream in, so neither
 * memory nor disk ever holds them in plaintext. Nothing counts until `commit`, which rejects with
 * SOURCE_CALL_CONFLICT (same source and call id, other bytes), RECORD_DISPOSED, MEDIA_MISSING;
 * the same call with the same bytes gives the first receipt again with `created: false`.
 */
export function openUpload(deps: IntakeDeps): OpenUpload {
  const recordId = newRecordId(deps.clock, deps.random);
  const salt = deps.random.bytes(32);
  const objects: StoredObject[] = [];
  const attached: string[] = [];
  let enclosures = 0;
  let committing = false;
  let original: { bytes: number; digest: Buffer; commitment: string } | undefined;
  let transcript: Buffer | undefined;

  const write = async (
    purpose: 'original' | 'screenshot' | 'submission',
    source: AsyncIterable<Uint8Array>,
    mediaType: string,
    ordinal = 0,
  ) => {
    const object = await deps.vault.write({
      ...{ recordId, purpose, pool: 'quarantine', mediaType, source, ordinal },
    });
    objects.push(object);
  };

  return {
    recordId,
    async media(source, mediaType) {
      if (original !== undefined) {
        throw intakeError('METADATA_INVALID', 'media is there more than once', 'media');
      }
      const digest = createHmac('sha256', deps.secrets.mediaDigest);
      const commitment = createHash('sha256').update(salt);
      let bytes = 0;
      const watched = (async function* () {
        for await (const chunk of source) {
          bytes += chunk.length;
          if (bytes > deps.limits.mediaBytes) {
            const limit = `media is larger than ${deps.limits.mediaBytes} bytes`;
            throw intakeError('MEDIA_TOO_LARGE', limit, 'media');
          }
          digest.update(chunk);
          commitment.update(chunk);
          yield chunk;
        }
      })();
      await write('original', watched, mediaType);
      if (bytes === 0) throw intakeError('MEDIA_EMPTY', 'media has no bytes', 'media');
      original = { bytes, digest: digest.digest(), commitment: commitment.digest('hex') };
    },
    async transcript(source) {
      const most = deps.limits.transcriptBytes;
      transcript = await collect(source, most, () =>
        intakeError('TRANSCRIPT_TOO_LARGE', `a transcript is at most ${most} bytes`, 'transcript'),
      );
      attached.push(`transcript ${sha256(transcript)}`);
    },
    async screenshot(source, mediaType) {
      const ordinal = objects.filter((object) => object.purpose === 'screenshot').length;
      if (ordinal >= MOST_SCREENSHOTS) {
        const limit = `at most ${MOST_SCREENSHOTS} screenshots`;
        throw intakeError('TOO_MANY_SCREENSHOTS', limit, 'screenshots');
      }
      if (!SCREENSHOT_TYPES.includes(mediaType)) {
        const known = `screenshots are ${SCREENSHOT_TYPES.join(', ')}`;
        throw intakeError('SCREENSHOT_UNSUPPORTED', known, 'screenshots');
      }
      const most = deps.limits.screenshotBytes;
      const tooLarge = () =>
        intakeError('SCREENSHOT_TOO_LARGE', `a screenshot is at most ${most} bytes`, 'screenshots');
      const digest = createHash('sha256');
      const watched = hashed(bounded(source, most, tooLarge), digest);
      await write('screenshot', watched, mediaType, ordinal);
      attached.push(`screenshot ${ordinal} ${digest.digest('hex')}`);
    },
    async enclosure(source, mediaType) {
      const most = deps.limits.mediaBytes;
      const tooLarge = () =>
        intakeError('MEDIA_TOO_LARGE', `a file is at most ${most} bytes`, 'media');
      enclosures += 1;
      await write('original', bounded(source, most, tooLarge), mediaType, enclosures);
    },
    async commit(metadata, actor, requestId, refusal) {
      if (original === undefined) {
        throw intakeError('MEDIA_MISSING', 'the media part is missing', 'media');
      }
      const { commitment, digest, bytes } = original;
      const body = encodeSubmission({ metadata, salt, commitment, transcript });
      await write('submission', once(body), 'application/json');
      const receivedAt = deps.clock.now();
      const details = detailsDigest(deps.secrets.mediaDigest, metadata, attached);
      committing = true;
      const found = await deps.db.transaction().execute(async (tx) => {
        const key = idempotencyKey(deps.secrets.idempotency, metadata);
        const claimed = await tx
          .insertInto('intake_key')
          .values({ idempotency_key: key, record_id: recordId, media_digest: digest })
          .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
          .returning('record_id')
          .executeTakeFirst();
        if (claimed === undefined) return { known: await knownCall(tx, key, digest, details) };
        await tx
          .insertInto('record')
          .values({
            id: recordId,
            state: refusal === undefined ? 'received' : 'quarantined',
            reason_code: refusal?.code ?? null,
            reason: refusal?.reason ?? null,
            source_system: metadata.sourceSystem,
            idempotency_key: key,
            media_digest: digest,
            media_bytes: bytes,
            started_at: metadata.startedAt,
            received_at: receivedAt,
            facts: JSON.stringify({ details }),
          })
          .execute();
        await insertObjects(tx, objects, receivedAt);
        if (refusal === undefined) await deps.enqueue(tx, recordId);
        const detail = { mediaBytes: bytes, mediaCommitment: commitment };
        return deps.audit.append(tx, {
          ...{ actor, action: 'record.intake', resource: recordId, detail },
          ...(requestId === undefined ? {} : { requestId }),
          outcome: refusal === undefined ? 'ok' : 'refused',
        });
      });
      if ('known' in found) {
        await abandon();
        return found.known;
      }
      const { index } = await deps.audit.settle(found.outboxId);
      const state = refusal === undefined ? 'received' : 'quarantined';
      return {
        id: recordId,
        state,
        created: true,
        receivedAt,
        mediaBytes: bytes,
        ledgerIndex: index,
      };
    },
    abandon,
  };

  /**
   * A commit that failed may have happened all the same: the answer to it can get lost, and the
   * ledger can fail after it. What a record needs is never destroyed; a database that cannot be
   * asked counts as one that has the record.
   */
  async function abandon(): Promise<void> {
    if (committing && (await mayExist())) return;
    await deps.vault.discard(objects.splice(0));
  }

  async function mayExist(): Promise<boolean> {
    try {
      const row = deps.db.selectFrom('record').select('id').where('id', '=', recordId);
      return (await row.executeTakeFirst()) !== undefined;
    } catch {
      return true;
    }
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* hashed(source: AsyncIterable<Uint8Array>, digest: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}
