/**
 * SEALED_HEADER_BAD: the first bytes are no header of this format. SEALED_TRUNCATED: bytes are
 * missing at the end. SEALED_TAMPERED: some segment does not authenticate, or bytes were added.
 */
export type SealedErrorCode = 'SEALED_HEADER_BAD' | 'SEALED_TRUNCATED' | 'SEALED_TAMPERED';

/** Why a sealed object was refused. No plain byte of a refused segment is ever released. */
export class SealedError extends Error {
  override readonly name = 'SealedError';
  readonly code: SealedErrorCode;

  constructor(code: SealedErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** True when `error` is a SealedError that carries exactly this code. */
export function hasSealedCode(error: unknown, code: SealedErrorCode): error is SealedError {
  return error instanceof SealedError && error.code === code;
}
