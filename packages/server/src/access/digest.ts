import { createHash } from 'node:crypto';

/** SHA-256 of a text in hex: the digest that a ledger entry names it by. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
