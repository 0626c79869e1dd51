import { gunzipSync } from 'node:zlib';
import { vconError } from './vcon-error.ts';

/** The longest string that V8 holds is a little shorter than this. */
export const MAX_VCON_BYTES = 512 * 1024 * 1024;

/**
 * The JSON value of a vCon file, plain or gzip. Never more than `maxBytes` are held unpacked.
 * Rejects with VCON_TOO_LARGE, VCON_UNREADABLE, or VCON_SIGNED_UNSUPPORTED for a JWS or JWE.
 */
export function readContainer(bytes: Uint8Array, maxBytes: number): unknown {
  const plain = unpack(bytes, maxBytes);
  if (plain.length > maxBytes) throw tooLarge(maxBytes);
  const text = decode(plain, maxBytes).trim();
  if (/^[\w-]+(\.[\w-]*){2,4}$/.test(text)) throw notPlain();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw vconError('VCON_UNREADABLE', 'the vCon is not valid JSON');
  }
  if (value !== null && typeof value === 'object') {
    const has = (name: string) => Object.hasOwn(value, name);
    if (has('ciphertext') || (has('payload') && (has('signatures') || has('signature')))) {
      throw notPlain();
    }
  }
  return value;
}

function unpack(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw vconError('VCON_UNREADABLE', 'the vCon cannot be unpacked: its gzip data is damaged');
  }
}

function decode(bytes: Uint8Array, maxBytes: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_STRING_TOO_LONG') throw tooLarge(maxBytes);
    throw vconError('VCON_UNREADABLE', 'the vCon is not UTF-8 text');
  }
}

const tooLarge = (maxBytes: number) =>
  vconError('VCON_TOO_LARGE', `the vCon is larger than ${maxBytes} bytes`);

const notPlain = () =>
  vconError(
    'VCON_SIGNED_UNSUPPORTED',
    'signed (JWS) and encrypted (JWE) vCons are not taken; send the unsigned form',
  );
