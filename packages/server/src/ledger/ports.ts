/**
 * LEDGER_UNAVAILABLE: entries cannot be made durable at the needed sites now (retry later).
 * LEDGER_FORKED: a site holds a signed tree that is not a part, nor a continuation, of this one.
 * LEDGER_ENTRY_INVALID: an entry that is no entry: unknown action, free text, too long.
 * LEDGER_STORE_FOREIGN: a checkpoint that this archive's key did not sign, at a site or in the
 * catalog. LEDGER_DAMAGED: the log at a site, or the catalog's copy, does not give the tree that
 * was signed. LEDGER_INDEX_UNKNOWN: no entry, or no tree, of that number.
 */
export type LedgerErrorCode =
  | 'LEDGER_UNAVAILABLE'
  | 'LEDGER_FORKED'
  | 'LEDGER_ENTRY_INVALID'
  | 'LEDGER_STORE_FOREIGN'
  | 'LEDGER_DAMAGED'
  | 'LEDGER_INDEX_UNKNOWN';

/**
 * The ledger's place at one site: the file tree of C2SP tlog-tiles (`checkpoint`, `tile/0/000`,
 * `tile/entries/x001/234.p/7` …). Every call may be repeated. All reject with LEDGER_UNAVAILABLE,
 * retry later, when the site does not answer or has no room.
 */
export interface LedgerStore {
  readonly name: string;
  /**
   * Durable (data, name and folder) before it resolves; what was there is replaced in one instant.
   * Nothing of a `put` that rejects is ever seen in place of what was there.
   */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where the site answers and has no such file. */
  get(path: string): Promise<Buffer | undefined>;
  /** Removes the files below `path`; used for partial tiles that a full tile has replaced. */
  deleteFolder(path: string): Promise<void>;
}
