import {
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { LogError } from './log-error.ts';
import { checkKeyName, ED25519_NOTE, encodeVkey, keyHash, parseVkey } from './verifier-key.ts';

const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
/** DER of a PKCS#8 Ed25519 key up to its seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface NoteSigner {
  name: string;
  /** The verifier key, to be given to whoever verifies. */
  vkey: string;
  publicKey: Buffer;
  /** The note: text, an empty line, one signature line. `text` ends with a newline. */
  sign(text: string): string;
}

/** One signature line of a note. */
export interface NoteSignature {
  name: string;
  /** Key id and signature. */
  bytes: Buffer;
  /** The line as it stands, without its newline. */
  line: string;
}

/** An Ed25519 private key from its seed of 32 bytes (RFC 8032). Throws LOG_KEY_BAD. */
export function ed25519Key(seed: Uint8Array) {
  if (seed.length !== 32) throw new LogError('LOG_KEY_BAD', 'an Ed25519 seed has 32 bytes');
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { publicKey, sign: (message: Uint8Array) => signBytes(null, message, key) };
}

/** A signer from an Ed25519 seed of 32 bytes (RFC 8032) (C2SP signed-note). Throws LOG_KEY_BAD. */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  checkKeyName(name);
  const { publicKey, sign } = ed25519Key(seed);
  const hash = keyHash(name, ED25519_NOTE, publicKey);
  return {
    name,
    publicKey,
    vkey: ledgerVkey(name, publicKey),
    sign(text) {
      checkText(text);
      return `${text}\n${signatureLine(name, Buffer.concat([hash, sign(Buffer.from(text))]))}\n`;
    },
  };
}

/** The verifier key of C2SP signed-note: `<origin>+<key hash in hex>+<base64 of type and key>`. */
export function ledgerVkey(origin: string, publicKey: Uint8Array): string {
  return encodeVkey(origin, ED25519_NOTE, publicKey);
}

/** A signature line without its newline; `bytes` are key id and signature. */
export function signatureLine(name: string, bytes: Buffer): string {
  return `— ${name} ${bytes.toString('base64')}`;
}

/** Text and signature lines of a note, none of them verified. Throws LOG_NOTE_BAD. */
export function splitNote(note: string): { text: string; signatures: NoteSignature[] } {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new LogError('LOG_NOTE_BAD', 'not a signed note');
  const text = note.slice(0, end + 1);
  checkText(text);
  const lines = note.slice(end + 2, -1).split('\n');
  return { text, signatures: lines.map(readSignatureLine) };
}

/** Throws LOG_NOTE_BAD. */
export function readSignatureLine(line: string): NoteSignature {
  const [, name, base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (name === undefined || bytes.length < 5 || bytes.toString('base64') !== base64) {
    throw new LogError('LOG_NOTE_BAD', 'a line is no signature');
  }
  return { name, bytes, line };
}

/** The text of a note that the key signed. Throws LOG_KEY_BAD, LOG_NOTE_BAD, LOG_SIGNATURE_BAD. */
export function openNote(note: string, vkey: string): string {
  const { name, hash, key } = parseVkey(vkey, ED25519_NOTE);
  const { text, signatures } = splitNote(note);
  let found = false;
  for (const one of signatures) {
    if (one.name !== name || !one.bytes.subarray(0, 4).equals(hash)) continue;
    if (!verifyBytes(null, Buffer.from(text), key, one.bytes.subarray(4))) {
      throw new LogError('LOG_SIGNATURE_BAD', `the signature of ${name} does not verify`);
    }
    found = true;
  }
  if (!found) throw new LogError('LOG_SIGNATURE_BAD', `there is no signature of ${name}`);
  return text;
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
