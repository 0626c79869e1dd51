/**
 * LEDGER_UNAVAILABLE: entries cannot be made durable at the needed sites now (retry later).
 * LEDGER_FORKED: a site holds a signed tree that is not a part, nor a continuation, of this one.
 * LEDGER_ENTRY_INVALID: an entry that is no entry: unknown action, free text, too long.
 * LEDGER_STORE_FOREIGN: a checkpoint that this archive's key did not sign, at a site or in the
 * catalog. LEDGER_DAMAGED: the log at a site, or the catalog's copy, does not give the tree that
 * was signed. LEDGER_INDEX_UNKNOWN: no entry, or no tree, of that number. LEDGER_RESTORING: it is still
 * at the sites and comes back behind an archive that was rebuilt (retry later). LEDGER_NOT_SUCCEEDED: no
 * witness has seen another history than this log has, so there is no reason for a successor.
 */
export type LedgerErrorCode =
  | 'LEDGER_UNAVAILABLE'
  | 'LEDGER_FORKED'
  | 'LEDGER_ENTRY_INVALID'
  | 'LEDGER_STORE_FOREIGN'
  | 'LEDGER_DAMAGED'
  | 'LEDGER_INDEX_UNKNOWN'
  | 'LEDGER_RESTORING'
  | 'LEDGER_NOT_SUCCEEDED';

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
}

/**
 * WITNESS_UNREACHABLE: no answer, or none in time. WITNESS_REFUSED: it does not know this log or its
 * token, or answers otherwise than C2SP tlog-witness has it. WITNESS_COSIGNATURE_BAD: what it signed
 * is not by its key, or not this tree. WITNESS_AHEAD: it has countersigned more than this archive
 * has, so entries were lost here. WITNESS_FORKED: it has countersigned another history.
 */
export type WitnessErrorCode =
  | 'WITNESS_UNREACHABLE'
  | 'WITNESS_REFUSED'
  | 'WITNESS_COSIGNATURE_BAD'
  | 'WITNESS_AHEAD'
  | 'WITNESS_FORKED';

/** A witness in its own process, elsewhere. */
export interface Witness {
  /** The name in its verifier key. */
  readonly name: string;
  readonly vkey: string;
  /**
   * Sends the body of C2SP tlog-witness `add-checkpoint`; may be repeated. Rejects with
   * WITNESS_UNREACHABLE, retry later, when there is no answer in time.
   */
  addCheckpoint(body: string): Promise<{ status: number; body: string }>;
}

/** Whom the archive asks to countersign, and what it takes. */
export interface Witnesses {
  witnesses: readonly Witness[];
  /** Cosignatures that make a checkpoint witnessed; 0 without witnesses. */
  quorum: number;
  /** Nothing counts as durable before a quorum has countersigned it. */
  required: boolean;
}

export const NO_WITNESSES: Witnesses = { witnesses: [], quorum: 0, required: false };
