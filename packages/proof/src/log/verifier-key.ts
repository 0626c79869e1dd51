import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { LogError } from './log-error.ts';

/** Signature types of C2SP signed-note: a log's plain Ed25519, and a witness's timestamped one. */
export const ED25519_NOTE = 1;
export const ED25519_COSIGNATURE = 4;

/** DER of an SPKI Ed25519 key up to its point (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** A verifier key `<name>+<key id in hex>+<base64 of type and key>`. Throws LOG_KEY_BAD. */
export function encodeVkey(name: string, type: number, publicKey: Uint8Array): string {
  checkKeyName(name);
  if (publicKey.length !== 32) throw new LogError('LOG_KEY_BAD', 'an Ed25519 key has 32 bytes');
  const typed = Buffer.concat([Buffer.from([type]), publicKey]);
  return `${name}+${keyHash(name, type, publicKey).toString('hex')}+${typed.toString('base64')}`;
}

/** Reads a verifier key of that signature type. Throws LOG_KEY_BAD. */
export function parseVkey(
  vkey: string,
  type: number,
): { name: string; hash: Buffer; key: KeyObject } {
  const [, name = '', hex = '', base64 = ''] =
    /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey) ?? [];
  const typed = Buffer.from(base64, 'base64');
  const publicKey = typed.subarray(1);
  if (typed.length !== 33 || typed[0] !== type || typed.toString('base64') !== base64) {
    const whose = type === ED25519_NOTE ? "a log's" : "a witness's";
    throw new LogError('LOG_KEY_BAD', `not ${whose} Ed25519 verifier key`);
  }
  const hash = Buffer.from(hex, 'hex');
  if (!hash.equals(keyHash(name, type, publicKey))) {
    throw new LogError('LOG_KEY_BAD', 'the verifier key does not have the hash that it names');
  }
  const der = Buffer.concat([SPKI_HEAD, publicKey]);
  return { name, hash, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** First four bytes of SHA-256 over name, newline, type and key. */
export function keyHash(name: string, type: number, publicKey: Uint8Array): Buffer {
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([type]));
  return hash.update(publicKey).digest().subarray(0, 4);
}

export function checkKeyName(name: string): void {
  if (!/^[^+\s\p{Cc}]+$/u.test(name)) throw new LogError('LOG_KEY_BAD', 'not a key name');
}
