import { verify as verifyBytes } from 'node:crypto';
import { LogError } from './log-error.ts';
import {
  ed25519Key,
  type NoteSignature,
  readSignatureLine,
  signatureLine,
  splitNote,
} from './signed-note.ts';
import {
  checkKeyName,
  ED25519_COSIGNATURE,
  encodeVkey,
  keyHash,
  parseVkey,
} from './verifier-key.ts';

const TIMESTAMP_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** A witness: it states which tree it saw of a log, and when. */
export interface Cosigner {
  name: string;
  /** To be given to whoever relies on this witness. */
  vkey: string;
  /** The signature line, without its newline, over a checkpoint's text. */
  cosign(text: string, at: Date): string;
}

/** A cosigner from an Ed25519 seed (C2SP tlog-cosignature, v1 Ed25519). Throws LOG_KEY_BAD. */
export function cosigner(name: string, seed: Uint8Array): Cosigner {
  checkKeyName(name);
  const { publicKey, sign } = ed25519Key(seed);
  const hash = keyHash(name, ED25519_COSIGNATURE, publicKey);
  return {
    name,
    vkey: encodeVkey(name, ED25519_COSIGNATURE, publicKey),
    cosign(text, at) {
      const seconds = Math.floor(at.getTime() / 1000);
      const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
      timestamp.writeBigUInt64BE(BigInt(seconds));
      const signature = sign(cosignedMessage(text, String(seconds)));
      return signatureLine(name, Buffer.concat([hash, timestamp, signature]));
    },
  };
}

/** The name in a witness's verifier key. Throws LOG_KEY_BAD. */
export function witnessName(vkey: string): string {
  return parseVkey(vkey, ED25519_COSIGNATURE).name;
}

/** What the witness of that key states about a note: when it signed; undefined when it did not. */
export type Cosigned = { at: Date; line: string } | undefined;

/**
 * The cosignature of a witness under a note. Undefined when there is none of that key; throws
 * LOG_SIGNATURE_BAD for one that does not verify, LOG_NOTE_BAD, LOG_KEY_BAD.
 */
export function openCosignature(note: string, witnessVkey: string): Cosigned {
  const { text, signatures } = splitNote(note);
  let found: Cosigned;
  for (const one of signatures) found = readCosignature(text, one, witnessVkey) ?? found;
  return found;
}

/** The same of a line that a witness answered with. */
export function openCosignatureLine(text: string, line: string, witnessVkey: string): Cosigned {
  return readCosignature(text, readSignatureLine(line), witnessVkey);
}

/** The note with further signature lines; one of the same signer and key is replaced. */
export function withSignatures(note: string, lines: readonly string[]): string {
  const { text, signatures } = splitNote(note);
  const added = lines.map(readSignatureLine);
  const idOf = (one: NoteSignature) => `${one.name} ${one.bytes.subarray(0, 4).toString('hex')}`;
  const replaced = new Set(added.map(idOf));
  const kept = signatures.filter((one) => !replaced.has(idOf(one)));
  return `${text}\n${[...kept, ...added].map((one) => `${one.line}\n`).join('')}`;
}

function readCosignature(text: string, one: NoteSignature, witnessVkey: string): Cosigned {
  const { name, hash, key } = parseVkey(witnessVkey, ED25519_COSIGNATURE);
  if (one.name !== name || !one.bytes.subarray(0, 4).equals(hash)) return undefined;
  const signed = one.bytes.subarray(4);
  const seconds = signed.length >= TIMESTAMP_BYTES ? signed.readBigUInt64BE() : -1n;
  const message = cosignedMessage(text, String(seconds));
  const good =
    signed.length === TIMESTAMP_BYTES + SIGNATURE_BYTES &&
    seconds < 8_640_000_000_000n &&
    verifyBytes(null, message, key, signed.subarray(TIMESTAMP_BYTES));
  if (!good) {
    throw new LogError('LOG_SIGNATURE_BAD', `the cosignature of ${name} does not verify`);
  }
  return { at: new Date(Number(seconds) * 1000), line: one.line };
}

function cosignedMessage(text: string, seconds: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}
