import type { ObjectId, RecordId } from '../core/ids.ts';
import type { ObjectPurpose, Pass } from '../record/vault.ts';
import type { Pool } from '../record/vocabulary.ts';

/**
 * KEYS_MISSING: no key folder there. KEYS_UNSAFE_MODE: others could read or change it.
 * KEYS_WRONG_ARCHIVE: it belongs to another archive. KEYS_LOCKED: wrong passphrase or key file.
 * KEYS_DAMAGED: a file in it does not read as it should. KEYS_INSIDE_DATA: it lies within the
 * data folder or a site, or the other way round. KEYS_EXIST: there is a key folder already.
 * KEYS_EPOCH_MISSING: the key-encryption key of that epoch is not (or no longer) held.
 * KEYS_UNAVAILABLE: the key folder cannot be read or written now (retry later).
 * KEYS_EPOCH_CURRENT: the epoch in which keys are made now cannot be destroyed.
 * ENVELOPE_MISSING, ENVELOPE_DAMAGED: no envelope, or none that opens, at any site.
 * FIELDS_DAMAGED: sealed catalog fields do not authenticate. KEY_WITHHELD: the pass is not good for it.
 * Of warrants: WARRANT_DAMAGED: what was signed is no request of this archive. SIGNATURE_INVALID:
 * no signature by that passkey over it, here. PASSKEY_NOT_ENROLLED, PASSKEY_TAKEN. SIGNERS_WRONG: not
 * the people who have to sign. WARRANT_OVER: barred, used, or too late.
 */
export type KeysErrorCode =
  | 'KEYS_MISSING'
  | 'KEYS_UNSAFE_MODE'
  | 'KEYS_WRONG_ARCHIVE'
  | 'KEYS_LOCKED'
  | 'KEYS_DAMAGED'
  | 'KEYS_INSIDE_DATA'
  | 'KEYS_EXIST'
  | 'KEYS_EPOCH_MISSING'
  | 'KEYS_UNAVAILABLE'
  | 'KEYS_EPOCH_CURRENT'
  | 'ENVELOPE_MISSING'
  | 'ENVELOPE_DAMAGED'
  | 'FIELDS_DAMAGED'
  | 'KEY_WITHHELD'
  | 'WARRANT_DAMAGED'
  | 'SIGNATURE_INVALID'
  | 'PASSKEY_NOT_ENROLLED'
  | 'PASSKEY_TAKEN'
  | 'SIGNERS_WRONG'
  | 'WARRANT_OVER';

/** Suite 1: AES256_GCM_HKDF streaming (64 KiB, HKDF-SHA256) with AES-256 key wrap, RFC 3394. */
export const SUITE_AES256 = 1;

/**
 * A key-encryption key. Epochs of a content pool are the UTC year, `2026`, and what was begun within
 * it, `2026.2`; those of quarantine the UTC day, `2026-11-24`.
 */
export interface KekName {
  pool: Pool;
  epoch: string;
}

/** The lasting named secrets; each is 32 bytes and the same for the life of the archive. */
export const SECRET_NAMES = [
  'idempotency',
  'media-digest',
  'ledger-commitment',
  'ledger-signing',
  'postgres-password',
  'session',
  'account-rows',
  'journal',
] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** Secrets of the blind indexes: another one in each content epoch. */
export const INDEX_SECRET_NAMES = ['phone-index', 'text-index', 'account-index'] as const;
export type IndexSecretName = (typeof INDEX_SECRET_NAMES)[number];

/** What the key room itself has to remember: small, sealed, beside the keys. */
export const DOCUMENT_NAMES = ['warrants', 'rotation'] as const;
export type DocumentName = (typeof DOCUMENT_NAMES)[number];

export interface KeyDocuments {
  /** Undefined while there is none. Rejects with KEYS_DAMAGED for what does not authenticate. */
  read(name: DocumentName): Promise<Buffer | undefined>;
  /** Durable, in one instant, before it resolves. */
  write(name: DocumentName, bytes: Buffer): Promise<void>;
  /** Another text whenever the document has changed; '' while there is none. */
  stamp(name: DocumentName): Promise<string>;
}

/**
 * Holds key-encryption keys and never hands one out. Implementations: the file key folder; Vault or
 * OpenBao Transit and PKCS#11 fit behind the same calls.
 */
export interface KeyStore {
  readonly archiveId: string;
  readonly suite: number;
  /** The epoch in which a key of this pool made now is wrapped. */
  currentEpoch(pool: Pool): string;
  /** 8 bytes that name the very key, so that a lost key is told from a damaged envelope. */
  kekId(kek: KekName): Promise<Buffer>;
  /** Wraps `secret` (a multiple of 8 bytes), making the key of the current epoch when needed. */
  wrap(kek: KekName, secret: Uint8Array): Promise<Buffer>;
  /** Undefined when `wrapped` does not authenticate. Rejects with KEYS_EPOCH_MISSING. */
  unwrap(kek: KekName, wrapped: Uint8Array): Promise<Buffer | undefined>;
  /** Every key-encryption key that is held. */
  epochs(): Promise<KekName[]>;
  /** Begins a content epoch within the year; its keys are durable before it resolves to its name. */
  beginEpoch(): Promise<string>;
  /**
   * Ends an epoch for good: what was wrapped in it opens no more, and nobody can tell what the blind
   * indexes of that content epoch stood for. May be run again. Rejects with KEYS_EPOCH_CURRENT, also
   * while there are no keys of the blind indexes in a later one.
   */
  destroyEpoch(kind: 'content' | 'quarantine', epoch: string): Promise<void>;
  secret(name: SecretName): Buffer;
  readonly documents: KeyDocuments;
  /** Epochs of which the keys of the blind indexes are held, the oldest first; never none. */
  indexEpochs(): string[];
  /** Makes those of a content epoch, durable before it resolves. May be run again. */
  makeIndexKeys(epoch: string): Promise<void>;
  indexSecret(name: IndexSecretName, epoch: string): Buffer;
}

/** Which key: bound into its envelope and into the sealed bytes. */
export interface KeyRef {
  recordId: RecordId;
  /** For purpose `record-key` this is the record's own id; see `recordKeyRef`. */
  objectId: ObjectId;
  pool: Pool;
  version: number;
  purpose: ObjectPurpose;
}

/** Where envelopes lie; the place room implements it over the sites. */
export interface EnvelopeStore {
  /** Durable at every one of `sites` before it resolves. */
  write(pool: Pool, objectId: ObjectId, bytes: Buffer, sites: readonly string[]): Promise<void>;
  /** The copies, nearest site first; a site that does not answer is passed over. */
  read(pool: Pool, objectId: ObjectId): AsyncIterable<Buffer>;
  /** Gone from every site of the pool before it resolves; rejects when a site does not answer. */
  destroy(pool: Pool, objectId: ObjectId): Promise<void>;
  /** Takes back from `sites` what was written there and no row came to know of; rejects when one does not answer. */
  discard(pool: Pool, objectId: ObjectId, sites: readonly string[]): Promise<void>;
}

/**
 * Makes, opens and destroys data keys. Every key handed out is the caller's own copy of 32 bytes,
 * which the caller zeroes; the room's copies are bounded in number and minutes.
 */
export interface KeyRoom {
  /** A new key whose envelope is durable at `sites` once `stored` resolves. */
  createKey(
    ref: KeyRef,
    sites: readonly string[],
  ): Promise<{ key: Buffer; envelope: Buffer; stored: Promise<void> }>;
  /** Rejects with ENVELOPE_MISSING, ENVELOPE_DAMAGED or KEYS_EPOCH_MISSING. */
  openKey(ref: Pick<KeyRef, 'recordId' | 'objectId' | 'pool'>): Promise<Buffer>;
  /**
   * The same for a viewer, when the pass is good for it: KEY_WITHHELD. What the envelope says of the
   * object counts, not what the caller says.
   */
  openKeyFor(ref: Pick<KeyRef, 'recordId' | 'objectId' | 'pool'>, pass: Pass): Promise<Buffer>;
  /** Reads one envelope's bytes and proves that it opens; resolves to what it says. */
  checkEnvelope(bytes: Uint8Array): Promise<KeyRef>;
  /**
   * The envelope of the same key in the current epoch of its pool; the same bytes for the same epoch.
   * Rejects with ENVELOPE_DAMAGED, KEYS_EPOCH_MISSING.
   */
  renewEnvelope(bytes: Uint8Array): Promise<{ ref: KeyRef; envelope: Buffer }>;
  /** Memory first, then the envelopes at every site. */
  destroyKey(ref: Pick<KeyRef, 'recordId' | 'objectId' | 'pool'>): Promise<void>;
  /** The same of a key that no row came to know of, at the sites it was created at. */
  discardKey(
    ref: Pick<KeyRef, 'recordId' | 'objectId' | 'pool'>,
    sites: readonly string[],
  ): Promise<void>;
  /** Forgets the record's opened keys now; call in every process. */
  drop(recordId: RecordId): void;
  dropAll(): void;
  /** Drops everything and stops the sweep. */
  close(): void;
}
