import { createHmac } from 'node:crypto';

/** The keys of the catalog's blind indexes, 32 bytes each. */
export interface IndexKeys {
  phone: Buffer;
  text: Buffer;
  account: Buffer;
}

/** HMAC-SHA256 of a value in a field, its first 8 bytes as a signed integer. */
export function blindIndex(key: Buffer, field: string, value: string): bigint {
  return createHmac('sha256', key).update(`${field}\0${value}`).digest().readBigInt64BE(0);
}

/** Digits of a telephone number without the country code of China. */
export function phoneDigits(phone: string): string {
  return phone.replace(/[^\d]/g, '').replace(/^(?:0086|86)(?=(?:1\d{10}|0\d{9,11})$)/, '');
}

export interface PhoneIndexes {
  full: bigint;
  last4: bigint;
  masked: bigint;
}

/** The three ways in which a number is found; undefined for fewer than seven digits. */
export function phoneIndexes(key: Buffer, phone: string): PhoneIndexes | undefined {
  const digits = phoneDigits(phone);
  if (digits.length < 7) return undefined;
  const last4 = digits.slice(-4);
  return {
    full: blindIndex(key, 'phone', digits),
    last4: blindIndex(key, 'phone-last4', last4),
    masked: blindIndex(key, 'phone-masked', `${digits.slice(0, 3)}${last4}`),
  };
}

/** Half and full width, capitals: as typed and as transcribed become the same. */
export function normaliseText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * What a text is found by: every pair of neighbouring Han characters, and every other word. Pairs
 * make any phrase of two characters and more a conjunction of tokens, however it is segmented.
 */
export function textTokens(text: string): Set<string> {
  const tokens = new Set<string>();
  for (const [run] of normaliseText(text).matchAll(
    /\p{Script=Han}+|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu,
  )) {
    if (/^\p{Script=Han}/u.test(run)) {
      const letters = [...run];
      for (let at = 0; at + 1 < letters.length; at += 1) {
        tokens.add(`${letters[at]}${letters[at + 1]}`);
      }
    } else {
      tokens.add(run);
    }
  }
  return tokens;
}

/** The keyed 32-bit hashes of tokens, sorted, as they stand in call_text.tokens. */
export function tokenHashes(key: Buffer, tokens: Iterable<string>): number[] {
  const hashes = new Set<number>();
  for (const token of tokens) {
    hashes.add(createHmac('sha256', key).update(token).digest().readInt32BE(0));
  }
  return [...hashes].sort((a, b) => a - b);
}
