import type { Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import type { Copies, PlacementPolicy } from '../place/index.ts';
import type { Classification, MediaFacts, Peaks, RenditionFacts } from '../record/facts.ts';
import type { CallMetadata } from '../record/metadata.ts';
import type { Finding, MaskSpan, Transcript, Turn } from '../record/transcript.ts';
import type { OpenObject, StoredObject } from '../record/vault.ts';
import type { Pool } from '../record/vocabulary.ts';

/** A redacted rendition while it is being made. */
export interface RedactedRendition extends RenditionFacts {
  stream: AsyncIterable<Uint8Array>;
  /** Settles when `stream` has ended. */
  peaks: Promise<Peaks>;
}

/** The sound and picture work of the probe and redact steps. */
export interface MediaWorkshop {
  probe(source: OpenObject): Promise<MediaFacts>;
  /**
   * The spans on every channel that carries their sound. Rejects with TRANSCRIPT_TIMES_BAD when
   * nothing is heard under one of them.
   */
  spansWithSound(facts: MediaFacts, source: OpenObject, spans: MaskSpan[]): Promise<MaskSpan[]>;
  render(facts: MediaFacts, source: OpenObject, spans: MaskSpan[]): Promise<RedactedRendition>;
  /** For how long there is sound that the transcript says nothing of; undefined when it may be so. */
  soundBeyond(peaks: Peaks, turns: readonly Turn[]): number | undefined;
  /** Reads a finished rendition back: every span holds the tone only, or MASK_INCOMPLETE. */
  verifyMasked(rendition: OpenObject, facts: MediaFacts, spans: MaskSpan[]): Promise<void>;
}

export interface Classifier {
  classify(input: {
    metadata: CallMetadata;
    transcript: Transcript;
    findings: Finding[];
    hasVideo: boolean;
  }): Classification;
}

/** The record key's way into a record's catalog row. Its envelope is noted as an object of no bytes. */
export interface FieldSealer {
  /** Makes the record key: an envelope at every acknowledged site of the pool. */
  createRecordKey(recordId: RecordId, pool: Pool): Promise<StoredObject>;
  seal(recordId: RecordId, pool: Pool, plain: Buffer): Promise<Buffer>;
}

/** The placement policy in force; it may be another from one call to the next. */
export interface Placement {
  policy(): PlacementPolicy;
  /** The copies of what a pool takes in at `now`; one answer is of one policy. */
  copiesOf(pool: Pool, now: Date): Copies;
}

export interface JobQueue {
  /** At once, or after a while, by the database's clock: it is the one that the queue goes by. */
  advance(tx: Tx, recordId: RecordId, afterMs?: number): Promise<void>;
  destroyQuarantine(tx: Tx, recordId: RecordId, afterMs?: number): Promise<void>;
  /** Brings a record's objects into the pool of its tier. */
  move(tx: Tx, recordId: RecordId): Promise<void>;
}
