import { createHmac } from 'node:crypto';
import { halfDigest } from '../../core/plain-facts.ts';

/** Keyed commitment to a text that an entry must not hold, such as a search: 32 hex digits. */
export function commitmentOf(key: Buffer, text: string): string {
  return halfDigest(createHmac('sha256', key).update(text).digest('hex'));
}

/** The whole of it, 64 hex digits, as an entry's purpose names the words that were given for an act. */
export const purposeCommitmentOf = (key: Buffer, words: string): string =>
  createHmac('sha256', key).update(words).digest('hex');
