import { createHash } from 'node:crypto';
import { journalError } from './ports.ts';

/** Ends only when every byte is what was written; throws JOURNAL_DAMAGED otherwise. */
export async function* exactBytes(
  source: AsyncIterable<Uint8Array>,
  sha256: Buffer,
  key: string,
): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256');
  for await (const piece of source) {
    digest.update(piece);
    yield piece;
  }
  if (!digest.digest().equals(sha256)) {
    throw journalError('JOURNAL_DAMAGED', `${key} is read back otherwise than it was written`);
  }
}
