import { createHmac } from 'node:crypto';

/** Keyed commitment to a text that an entry must not hold, such as a search: 32 hex digits. */
export function commitmentOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}
