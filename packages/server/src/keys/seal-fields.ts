import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../core/random.ts';
import { keysError } from './keys-error.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/** AES-256-GCM of a small value under the record's key: version, nonce, ciphertext, tag. */
export function sealFields(key: Buffer, recordId: string, plain: Buffer, random: Random): Buffer {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(`voxkeep/fields/v1\n${recordId}`));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, body, cipher.getAuthTag()]);
}

/** Throws FIELDS_DAMAGED for what does not authenticate. */
export function openFields(key: Buffer, recordId: string, sealed: Buffer): Buffer {
  const damaged = (cause?: unknown) =>
    keysError('FIELDS_DAMAGED', `sealed fields of record ${recordId} do not open`, cause);
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== VERSION) throw damaged();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES));
  decipher.setAAD(Buffer.from(`voxkeep/fields/v1\n${recordId}`));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const body = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw damaged(cause);
  }
}
