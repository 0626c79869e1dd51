import type { ObjectId, RecordId } from '../core/ids.ts';
import type { MandateFacts } from './grant.ts';
import type { Pool } from './vocabulary.ts';

/** What a sealed object is for. `record-key` has an envelope and no object. */
export const OBJECT_PURPOSES = [
  'submission',
  'original',
  'screenshot',
  'redacted',
  'redacted-transcript',
  'peaks',
  'manifest',
  'record-key',
] as const;
export type ObjectPurpose = (typeof OBJECT_PURPOSES)[number];

/** One sealed object as the catalog knows it. */
export interface StoredObject {
  id: ObjectId;
  recordId: RecordId;
  purpose: ObjectPurpose;
  ordinal: number;
  pool: Pool;
  version: number;
  mediaType: string;
  plainBytes: number;
  sealedBytes: number;
  /** SHA-256 of the ciphertext, header included. */
  sealedSha256: Buffer;
  /** Where the copies are that were written with it. */
  sites: readonly string[];
}

/**
 * Why a viewer may have an object: by the role's own lines, or by a grant or mandate, whose
 * signatures the key room checked itself. `scope` is what a mandate is held against, read from the record's manifest.
 */
export type Pass =
  | { by: 'role'; role: string }
  | { by: 'grant'; id: string; account: string; role: string }
  | { by: 'mandate'; id: string; account: string; role: string; scope?: MandateFacts };

/** Random access to the plain bytes of a sealed object; nothing is kept beyond the call. */
export interface OpenObject {
  sizeBytes: number;
  readRange(offset: number, length: number): Promise<Buffer>;
  stream(start?: number, endExclusive?: number): AsyncIterable<Uint8Array>;
}

/**
 * Where sealed objects are written, opened, verified and destroyed. `write` is durable at every
 * site that the pool's policy wants acknowledged, envelopes first, before it resolves.
 */
export interface Vault {
  write(input: {
    recordId: RecordId;
    purpose: ObjectPurpose;
    pool: Pool;
    mediaType: string;
    source: AsyncIterable<Uint8Array>;
    ordinal?: number;
    version?: number;
  }): Promise<StoredObject>;
  /** For the archive's own work. */
  open(object: StoredObject): Promise<OpenObject>;
  /** For a viewer: the key is asked for, and the pass judged, at each read. KEY_WITHHELD. */
  openFor(object: StoredObject, pass: Pass): Promise<OpenObject>;
  /** Reads the copy at `site` back and compares its digest. Rejects with the place room's codes. */
  verify(object: StoredObject, site: string): Promise<void>;
  /** Whether the copy at `site`, and its envelope, are there and of their size. Codes as `verify`. */
  look(object: StoredObject, site: string): Promise<void>;
  /** Brings the object and its envelope from a site that has them to `site`, and verifies it. */
  copy(object: StoredObject, site: string): Promise<void>;
  /**
   * Locks the copy at `site` until then, where that site can; resolves to whether it does. The envelope
   * is never locked.
   */
  lock(object: StoredObject, site: string, until: Date): Promise<boolean>;
  /** Frees the bytes at `site`; the envelope stays. Rejects with OBJECT_LOCKED while the site keeps them. */
  evict(object: StoredObject, site: string): Promise<void>;
  /** The bytes at `site`, then the envelope there. Rejects with OBJECT_LOCKED, nothing being gone. */
  remove(object: StoredObject, site: string): Promise<void>;
  /**
   * Takes back what was written and no row came to know of, from where it was written. Never rejects, and goes on
   * past a site that fails: what stays there is a stray, which its sweep removes.
   */
  discard(
    written: readonly Pick<StoredObject, 'id' | 'recordId' | 'pool' | 'sites'>[],
  ): Promise<void>;
  /** Envelopes first, then bytes, at every site; bytes that a site keeps locked stay, unreadable. */
  destroy(object: Pick<StoredObject, 'id' | 'recordId' | 'pool'>): Promise<void>;
  /**
   * The same at one site. Resolves to false where the site keeps the bytes locked: the envelope is gone
   * there, and nobody can read them.
   */
  destroyAt(object: Pick<StoredObject, 'id' | 'pool'>, site: string): Promise<boolean>;
}
