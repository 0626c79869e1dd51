/**
 * LOG_NOTE_BAD: not a signed note. LOG_KEY_BAD: not a verifier key. LOG_SIGNATURE_BAD: no signature
 * of that key, or one that does not verify. LOG_CHECKPOINT_BAD: the note's text is no checkpoint,
 * or one of another log. LOG_PROOF_BAD: the proof does not lead to the root. LOG_TILE_BAD: a tile or
 * entry bundle is missing, has the wrong length, or does not give the signed tree.
 * LOG_ENTRY_TOO_LARGE: an entry has more than 65 535 bytes. LOG_RANGE_BAD: an index or a size that
 * is outside the tree. LOG_FORKED: two signed trees of which neither continues the other.
 * LOG_SUCCEEDED: the log goes on under another name, whose verifier key was not given.
 */
export type LogErrorCode =
  | 'LOG_NOTE_BAD'
  | 'LOG_KEY_BAD'
  | 'LOG_SIGNATURE_BAD'
  | 'LOG_CHECKPOINT_BAD'
  | 'LOG_PROOF_BAD'
  | 'LOG_TILE_BAD'
  | 'LOG_ENTRY_TOO_LARGE'
  | 'LOG_RANGE_BAD'
  | 'LOG_FORKED'
  | 'LOG_SUCCEEDED';

/** Why a log, or a proof about it, was not accepted. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** True when `error` is a LogError that carries exactly this code. */
export function hasLogCode(error: unknown, code: LogErrorCode): error is LogError {
  return error instanceof LogError && error.code === code;
}
