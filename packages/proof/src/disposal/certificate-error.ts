/**
 * CERTIFICATE_FORMAT: not a certificate of this version, or not a byte as it was given out.
 * CERTIFICATE_KEY: no verifier key, or another one than the certificate names. CERTIFICATE_CHECKPOINT: its
 * checkpoint is not signed by that key, is of another log, or lacks a witness's signature that was asked for.
 * CERTIFICATE_PROOF: an entry that it carries is not in that log. CERTIFICATE_DIGEST: what it says is not what the
 * ledger's entry commits to. CERTIFICATE_CLAIM: it says more or other than its entries, or carries an entry
 * for which it says nothing.
 */
export type CertificateErrorCode =
  | 'CERTIFICATE_FORMAT'
  | 'CERTIFICATE_KEY'
  | 'CERTIFICATE_CHECKPOINT'
  | 'CERTIFICATE_PROOF'
  | 'CERTIFICATE_DIGEST'
  | 'CERTIFICATE_CLAIM';

/** Why a deletion certificate was not accepted. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** True when `error` is a CertificateError that carries exactly this code. */
export function hasCertificateCode(
  error: unknown,
  code: CertificateErrorCode,
): error is CertificateError {
  return error instanceof CertificateError && error.code === code;
}
