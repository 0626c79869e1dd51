import type pg from 'pg';
import { ArchiveError } from '../core/errors.ts';

/**
 * JOURNAL_UNREACHABLE: too few sites take the journal now (retry later). JOURNAL_MISSING: the site has
 * no snapshot to begin with. JOURNAL_DAMAGED: an object of the journal does not open, or is not what
 * the one after it names. JOURNAL_GAP: a segment between others is not there.
 */
export type JournalErrorCode =
  | 'JOURNAL_UNREACHABLE'
  | 'JOURNAL_MISSING'
  | 'JOURNAL_DAMAGED'
  | 'JOURNAL_GAP';

export const journalError = (
  code: JournalErrorCode,
  message: string,
  options: { retry?: 'never' | 'later'; cause?: unknown } = {},
) => new ArchiveError<JournalErrorCode>(code, message, options);

/** The journal's place at one site. Every call may be repeated; all reject when the site is away. */
export interface JournalStore {
  readonly name: string;
  /** Durable before it resolves; nothing of a `put` that rejects is ever seen. */
  put(key: string, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /** In chunks. Throws OBJECT_MISSING at the first one. */
  get(key: string): AsyncIterable<Uint8Array>;
  /** In no order. */
  list(prefix: string): AsyncIterable<{ key: string; sizeBytes: number }>;
  delete(key: string): Promise<void>;
}

/** What lies in the journal is sealed for its name: nothing opens under another one. */
export interface JournalSeal {
  /** Sealed bytes of the plain ones, for the object of that key. */
  seal(key: string, plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Buffer>;
  /** Throws JOURNAL_DAMAGED for what was not sealed here, for that key. */
  open(key: string, sealed: AsyncIterable<Uint8Array>): AsyncIterable<Buffer>;
}

/** Rows for PostgreSQL's COPY, text format; over a connection that the caller has. */
export interface RowStreams {
  /** The rows of a query as they come. */
  copyOut(client: pg.ClientBase, select: string): AsyncIterable<Uint8Array>;
  /** Resolves to the number of rows that were taken: all, or those for which `where` holds. */
  copyIn(
    client: pg.ClientBase,
    into: string,
    rows: AsyncIterable<Uint8Array>,
    where?: string,
  ): Promise<number>;
}
