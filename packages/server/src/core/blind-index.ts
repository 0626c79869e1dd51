import { createHmac } from 'node:crypto';

/** The keys of the catalog's blind indexes in one epoch, 32 bytes each. */
export interface IndexKeys {
  /** As calls name the epoch that they are indexed in: its number in `index_epoch`. */
  epoch: number;
  phone: Buffer;
  text: Buffer;
  account: Buffer;
}

/** The epochs of those keys that are held; another answer from one reading to the next. */
export interface IndexKeyring {
  /** What is indexed now is indexed under these. */
  readonly current: IndexKeys;
  /** What may be found was indexed under one of these; the current ones come first. */
  readonly held: readonly IndexKeys[];
}

/** HMAC-SHA256 of a value in a field, its first 8 bytes as a signed integer. */
export function blindIndex(key: Buffer, field: string, value: string): bigint {
  return createHmac('sha256', key).update(`${field}\0${value}`).digest().readBigInt64BE(0);
}

/**
 * A telephone number as digits, the same however it was written: without China's country code, a
 * landline with the 0 of its area. '+86 10 8888-2641', '010-88882641' and '01088882641' agree.
 */
export function phoneDigits(phone: string): string {
  const all = phone.normalize('NFKC').replace(/[^\d+]/g, '');
  const digits = all.replace(/\D/g, '');
  const explicit = /^(?:\+|00)/.test(all);
  const national = /^(?:00)?86(?=1\d{10}$|0\d{9,11}$)/.exec(digits);
  if (national !== null) return digits.slice(national[0].length);
  const area = explicit ? /^(?:00)?86([2-9]\d{8,10}|10\d{8})$/.exec(digits) : null;
  return area === null ? digits : `0${area[1]}`;
}

export interface PhoneIndexes {
  full: bigint;
  last4: bigint;
  /** Of the first three and the last four; absent for numbers that a mask would leave bare. */
  masked: bigint | undefined;
}

/** The three ways in which a number is found; undefined for fewer than four digits. */
export function phoneIndexes(key: Buffer, phone: string): PhoneIndexes | undefined {
  const digits = phoneDigits(phone);
  if (digits.length < 4) return undefined;
  const last4 = digits.slice(-4);
  return {
    full: blindIndex(key, 'phone', digits),
    last4: blindIndex(key, 'phone-last4', last4),
    masked:
      digits.length < 8
        ? undefined
        : blindIndex(key, 'phone-masked', `${digits.slice(0, 3)}${last4}`),
  };
}

/** Tokens are few and come again and again; hashing each once keeps indexing fast. */
const REMEMBERED_TOKENS = 200_000;
/** Goes with the key: when the key room drops it, its hashes are garbage too. */
const remembered = new WeakMap<Buffer, Map<string, number>>();

/** HMAC-SHA256 of a token, its first 4 bytes as a signed integer. */
export function tokenHash(key: Buffer, token: string): number {
  let hashes = remembered.get(key);
  if (hashes === undefined || hashes.size >= REMEMBERED_TOKENS) {
    hashes = new Map();
    remembered.set(key, hashes);
  }
  let hash = hashes.get(token);
  if (hash === undefined) {
    hash = createHmac('sha256', key).update(token).digest().readInt32BE(0);
    hashes.set(token, hash);
  }
  return hash;
}

/** The keyed 32-bit hashes of tokens, sorted, as they stand in call_text.tokens. */
export function tokenHashes(key: Buffer, tokens: Iterable<string>): number[] {
  const hashes = new Set<number>();
  for (const token of tokens) hashes.add(tokenHash(key, token));
  return [...hashes].sort((a, b) => a - b);
}
