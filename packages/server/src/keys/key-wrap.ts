import { createCipheriv, createDecipheriv } from 'node:crypto';

/** The initial value of RFC 3394, section 2.2.3.1. */
const INITIAL = Buffer.alloc(8, 0xa6);

/** AES-256 key wrap (RFC 3394) of a multiple of 8 bytes; 8 bytes longer. */
export function wrapKey(kek: Uint8Array, secret: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', kek, INITIAL);
  return Buffer.concat([cipher.update(secret), cipher.final()]);
}

/** Undefined when the bytes were not wrapped under this key, or were changed since. */
export function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Buffer | undefined {
  try {
    const decipher = createDecipheriv('id-aes256-wrap', kek, INITIAL);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return undefined;
  }
}
