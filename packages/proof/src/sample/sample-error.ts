/**
 * SAMPLE_FORMAT: not a sample of this version, or not a byte as it was given out. SAMPLE_KEY: no verifier key, or
 * another one than the document names. SAMPLE_CHECKPOINT: its checkpoint is not signed by that key, is of another
 * log, or lacks a witness's signature that was asked for. SAMPLE_PROOF: an entry that it carries is not in that log.
 * SAMPLE_DIGEST: what it says is not what the ledger's entries commit to. SAMPLE_TREE: the root that went into the
 * seed is not that of the first tree that holds the request. SAMPLE_NONCE: the nonce is not the one that was
 * committed to. SAMPLE_DRAW: the seed draws others. SAMPLE_POPULATION: a call is not where it was drawn from.
 * SAMPLE_CLAIM: it says more or other than its entries, or carries an entry for which it says nothing.
 */
export type SampleErrorCode =
  | 'SAMPLE_FORMAT'
  | 'SAMPLE_KEY'
  | 'SAMPLE_CHECKPOINT'
  | 'SAMPLE_PROOF'
  | 'SAMPLE_DIGEST'
  | 'SAMPLE_TREE'
  | 'SAMPLE_NONCE'
  | 'SAMPLE_DRAW'
  | 'SAMPLE_POPULATION'
  | 'SAMPLE_CLAIM';

/** Why the proof of a sample was not accepted. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
  readonly code: SampleErrorCode;

  constructor(code: SampleErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
