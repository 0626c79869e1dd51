import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { LogError } from './log-error.ts';

/** Signature type of a plain Ed25519 note signature. */
const ED25519 = 1;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
/** DER of a PKCS#8 Ed25519 key up to its seed, of an SPKI one up to its point (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

export interface NoteSigner {
  name: string;
  /** The verifier key, to be given to whoever verifies. */
  vkey: string;
  publicKey: Buffer;
  /** The note: text, an empty line, one signature line. `text` ends with a newline. */
  sign(text: string): string;
}

/** A signer from an Ed25519 seed of 32 bytes (RFC 8032) (C2SP signed-note). Throws LOG_KEY_BAD. */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  checkName(name);
  if (seed.length !== 32) throw new LogError('LOG_KEY_BAD', 'an Ed25519 seed has 32 bytes');
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const hash = keyHash(name, publicKey);
  return {
    name,
    publicKey,
    vkey: ledgerVkey(name, publicKey),
    sign(text) {
      checkText(text);
      const signature = signBytes(null, Buffer.from(text), key);
      return `${text}\n— ${name} ${Buffer.concat([hash, signature]).toString('base64')}\n`;
    },
  };
}

/** The verifier key of C2SP signed-note: `<origin>+<key hash in hex>+<base64 of type and key>`. */
export function ledgerVkey(origin: string, publicKey: Uint8Array): string {
  checkName(origin);
  if (publicKey.length !== 32) throw new LogError('LOG_KEY_BAD', 'an Ed25519 key has 32 bytes');
  const typed = Buffer.concat([Buffer.from([ED25519]), publicKey]);
  return `${origin}+${keyHash(origin, publicKey).toString('hex')}+${typed.toString('base64')}`;
}

/** The text of a note that the key signed. Throws LOG_KEY_BAD, LOG_NOTE_BAD, LOG_SIGNATURE_BAD. */
export function openNote(note: string, vkey: string): string {
  const { name, hash, key } = parseVkey(vkey);
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new LogError('LOG_NOTE_BAD', 'not a signed note');
  const text = note.slice(0, end + 1);
  checkText(text);
  const lines = note.slice(end + 2, -1).split('\n');
  let found = false;
  for (const line of lines) {
    const [, signer, base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(base64, 'base64');
    if (signer === undefined || bytes.length < 5 || bytes.toString('base64') !== base64) {
      throw new LogError('LOG_NOTE_BAD', 'a line is no signature');
    }
    if (signer !== name || !bytes.subarray(0, 4).equals(hash)) continue;
    if (!verifyBytes(null, Buffer.from(text), key, bytes.subarray(4))) {
      throw new LogError('LOG_SIGNATURE_BAD', `the signature of ${name} does not verify`);
    }
    found = true;
  }
  if (!found) throw new LogError('LOG_SIGNATURE_BAD', `there is no signature of ${name}`);
  return text;
}

function parseVkey(vkey: string): { name: string; hash: Buffer; key: KeyObject } {
  const [, name = '', hex = '', base64 = ''] =
    /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey) ?? [];
  const typed = Buffer.from(base64, 'base64');
  const publicKey = typed.subarray(1);
  if (typed.length !== 33 || typed[0] !== ED25519 || typed.toString('base64') !== base64) {
    throw new LogError('LOG_KEY_BAD', 'not an Ed25519 verifier key');
  }
  const hash = Buffer.from(hex, 'hex');
  if (!hash.equals(keyHash(name, publicKey))) {
    throw new LogError('LOG_KEY_BAD', 'the verifier key does not have the hash that it names');
  }
  const der = Buffer.concat([SPKI_HEAD, publicKey]);
  return { name, hash, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function keyHash(name: string, publicKey: Uint8Array): Buffer {
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]));
  return hash.update(publicKey).digest().subarray(0, 4);
}

function checkName(name: string): void {
  if (!/^[^+\s\p{Cc}]+$/u.test(name)) throw new LogError('LOG_KEY_BAD', 'not a key name');
}

function checkText(text: string): void {
  if (
    !text.endsWith('\n') ||
    /[\u0000-\u0009\u000b-\u001f]/.test(text) ||
    text.includes('\ufffd')
  ) {
    throw new LogError('LOG_NOTE_BAD', 'the text of a note is lines without control characters');
  }
}
