import type { Pool } from '../record/vocabulary.ts';

/**
 * OBJECT_MISSING: not at that site. OBJECT_DAMAGED: its bytes are not those that were written.
 * SITE_UNREACHABLE: the site does not answer or is not mounted. SITE_FULL: no room there.
 * SITE_FOREIGN: that place belongs to another archive, site or program. SITE_UNKNOWN: no site of
 * that name is configured. OBJECT_SIZE_WRONG: the stream was not as long as announced.
 * OBJECT_KEY_UNSAFE: a key that could leave its folder. RANGE_OUTSIDE: beyond the object's end.
 * OBJECT_LOCKED: the site keeps it until a day, whoever asks. SITE_UNFIT: a bucket that does not do
 * what its area needs. SITE_REFUSED: the site does not take the credentials.
 * MANIFEST_BAD: a manifest that this program cannot read. PLACEMENT_INVALID: faults of a placement file.
 */
export type PlaceErrorCode =
  | 'OBJECT_MISSING'
  | 'OBJECT_DAMAGED'
  | 'OBJECT_SIZE_WRONG'
  | 'OBJECT_KEY_UNSAFE'
  | 'RANGE_OUTSIDE'
  | 'OBJECT_LOCKED'
  | 'SITE_UNREACHABLE'
  | 'SITE_FULL'
  | 'SITE_FOREIGN'
  | 'SITE_UNKNOWN'
  | 'SITE_UNFIT'
  | 'SITE_REFUSED'
  | 'MANIFEST_BAD'
  | 'PLACEMENT_INVALID';

/** What has its own root folder or bucket, and its own credentials, at a site. */
export type Area = Pool | 'ledger' | 'journal';
export const AREAS: readonly Area[] = [
  'basic',
  'core',
  'sensitive',
  'quarantine',
  'ledger',
  'journal',
];

/** Keys of objects: what cannot leave its place. */
export const SITE_KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

export interface ObjectStat {
  sizeBytes: number;
  writtenAt: Date;
}

export interface SiteHealth {
  reachable: boolean;
  /** Undefined where the site has no notion of it. */
  freeBytes?: number;
  totalBytes?: number;
  /** The error code that says why it is not reachable. */
  reason?: string;
}

/**
 * One place that holds copies. Keys are relative paths of `[A-Za-z0-9._-]` segments. Every call may
 * be repeated: `put` of a key that is there replaces it in one instant, `delete` of a key that is
 * not there succeeds. Nothing of a `put` that rejects is ever visible. All reject with
 * SITE_UNREACHABLE; what else, each says.
 */
export interface SiteStore {
  readonly name: string;
  /**
   * Durable (data, name and folder) before it resolves. Backpressure is `source`'s pace. Rejects
   * with what `source` throws, SITE_FULL, OBJECT_SIZE_WRONG.
   */
  put(
    area: Area,
    key: string,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: { expectedBytes?: number },
  ): Promise<{ sizeBytes: number }>;
  /** The whole object in chunks. Throws OBJECT_MISSING at the first chunk. */
  get(area: Area, key: string): AsyncIterable<Uint8Array>;
  /** Up to `length` bytes from `offset`; fewer only at the end. Rejects with OBJECT_MISSING. */
  readRange(area: Area, key: string, offset: number, length: number): Promise<Buffer>;
  stat(area: Area, key: string): Promise<ObjectStat | undefined>;
  /**
   * Gone, durably, before it resolves. Rejects with OBJECT_LOCKED while the site keeps it. `unnoted`: what
   * was written just now and no row came to know of; a gate lets it pass.
   */
  delete(area: Area, key: string, options?: { unnoted?: boolean }): Promise<void>;
  /** Whether objects of the area can be locked here. */
  locks(area: Area): boolean;
  /**
   * Nobody, whatever their rights, deletes these bytes before `until`; a later day than before prolongs
   * it, an earlier one changes nothing. Where the area has no locks it does nothing. Rejects with
   * OBJECT_MISSING.
   */
  lock(area: Area, key: string, until: Date): Promise<void>;
  /** Keys that begin with `prefix`, in no order. */
  list(area: Area, prefix?: string): AsyncIterable<{ key: string; sizeBytes: number }>;
  /** Never rejects. */
  health(): Promise<SiteHealth>;
}
