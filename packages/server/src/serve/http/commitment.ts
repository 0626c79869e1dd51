import { createHmac } from 'node:crypto';
import { halfDigest } from '../../core/plain-facts.ts';

/** Keyed commitment to a text that an entry must not hold, such as a search: 32 hex digits. */
export function commitmentOf(key: Buffer, text: string): string {
  return halfDigest(createHmac('sha256', key).update(text).digest('hex'));
}
