import { LogError } from './log-error.ts';
import { isEarlierName, vkeyNamed } from './log-name.ts';
import { type NoteSigner, openNote } from './signed-note.ts';
import { HASH_BYTES } from './tree-hash.ts';
import { ED25519_NOTE, parseVkey } from './verifier-key.ts';

/** A signed tree head. */
export interface Checkpoint {
  origin: string;
  /** Entries in the tree. */
  size: number;
  root: Buffer;
  /** Extension lines, which this log does not write. */
  extensions: string[];
}

/** The checkpoint (C2SP tlog-checkpoint) of a tree, signed. The signer's name is the origin. */
export function signCheckpoint(signer: NoteSigner, size: number, root: Uint8Array): string {
  return signer.sign(`${signer.name}\n${size}\n${Buffer.from(root).toString('base64')}\n`);
}

/** The origin in a log's verifier key. Throws LOG_KEY_BAD. */
export function logName(vkey: string): string {
  return parseVkey(vkey, ED25519_NOTE).name;
}

/**
 * Reads a checkpoint that the key signed; its origin has to be the key's name. Throws LOG_KEY_BAD,
 * LOG_NOTE_BAD, LOG_SIGNATURE_BAD, LOG_CHECKPOINT_BAD, and LOG_SUCCEEDED for one that the same key signed
 * under a later name of that log.
 */
export function openCheckpoint(note: string | Uint8Array, vkey: string): Checkpoint {
  const text = typeof note === 'string' ? note : decode(note);
  const name = logName(vkey);
  const shown = originIn(text);
  if (isEarlierName(name, shown)) {
    openNote(text, vkeyNamed(vkey, shown));
    throw new LogError('LOG_SUCCEEDED', `${name} goes on as ${shown}, which has a key of its own`);
  }
  const lines = openNote(text, vkey).slice(0, -1).split('\n');
  const [origin = '', count = '', base64 = '', ...extensions] = lines;
  const root = Buffer.from(base64, 'base64');
  const size = Number(count);
  if (origin !== name) throw bad('is of another log');
  if (!/^(0|[1-9][0-9]*)$/.test(count) || !Number.isSafeInteger(size)) throw bad('has no size');
  if (root.length !== HASH_BYTES || root.toString('base64') !== base64) throw bad('has no root');
  if (extensions.includes('')) throw bad('has an empty line');
  return { origin, size, root, extensions };
}

/** The log that a checkpoint says it is of, before anything is verified. */
export function originIn(note: string): string {
  return note.slice(0, Math.max(0, note.indexOf('\n')));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LogError('LOG_NOTE_BAD', 'a note is UTF-8');
  }
}

function bad(what: string): LogError {
  return new LogError('LOG_CHECKPOINT_BAD', `the checkpoint ${what}`);
}
