// Writes a site's ledger from the published formats alone, as somebody with a stolen key would: C2SP
// tlog-tiles, tlog-checkpoint, signed-note. It shares no line with the archive.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An Ed25519 key and the name that it signs by. */
export interface OracleKey {
  name: string;
  /** 32 bytes, RFC 8032. */
  seed: Buffer;
}

/** Writes every tile and bundle of the tree and of the smaller ones; the checkpoint is unsigned. */
export function writeTree(folder: string, entries: readonly Buffer[], sizes: readonly number[]) {
  rmSync(join(folder, 'tile'), { recursive: true, force: true });
  for (const size of new Set([...sizes.filter((one) => one <= entries.length), entries.length])) {
    writeTreeOf(folder, entries.slice(0, size));
  }
  return { size: entries.length, root: merkle(entries.map((entry) => leafHash(entry))) };
}

/** The text of a checkpoint, unsigned. */
export const checkpointText = (origin: string, size: number, root: Buffer): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

/** A note: the text and one signature line. */
export function signNote(text: string, key: OracleKey): string {
  const id = keyId(key, 1);
  const signature = sign(null, Buffer.from(text), privateKey(key));
  return `${text}\n\u2014 ${key.name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** The line of a witness's cosignature (C2SP tlog-cosignature, v1 Ed25519). */
export function cosignatureLine(text: string, key: OracleKey, seconds: number): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  const bytes = Buffer.concat([keyId(key, 4), time, sign(null, message, privateKey(key))]);
  return `\u2014 ${key.name} ${bytes.toString('base64')}\n`;
}

/** One bundle's bytes. */
export function bundleOf(entries: readonly Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** Root and consistency proof between two sizes (RFC 6962, 2.1.2), by the definition. */
export function consistency(entries: readonly Buffer[], from: number, to: number) {
  const leaves = entries.slice(0, to).map((entry) => leafHash(entry));
  const subProof = (m: number, hashes: Buffer[], whole: boolean): Buffer[] => {
    if (m === hashes.length) return whole ? [] : [merkle(hashes)];
    const k = splitOf(hashes.length);
    return m <= k
      ? [...subProof(m, hashes.slice(0, k), whole), merkle(hashes.slice(k))]
      : [...subProof(m - k, hashes.slice(k), false), merkle(hashes.slice(0, k))];
  };
  const proof = from === 0 ? [] : subProof(from, leaves, true);
  return { root: merkle(leaves), proof };
}

function writeTreeOf(folder: string, entries: readonly Buffer[]): void {
  const put = (kind: string, index: number, width: number, bytes: Buffer) => {
    const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
    const groups = digits.match(/.{3}/g) ?? [];
    const named = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group));
    const full = join(folder, 'tile', kind, ...named);
    const path = width === 256 ? full : join(`${full}.p`, String(width));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  for (let first = 0; first < entries.length; first += 256) {
    const part = entries.slice(first, first + 256);
    put('entries', first / 256, part.length, bundleOf(part));
  }
  let hashes = entries.map((entry) => leafHash(entry));
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let first = 0; first < hashes.length; first += 256) {
      const part = hashes.slice(first, first + 256);
      put(String(level), first / 256, part.length, Buffer.concat(part));
      if (part.length === 256) above.push(merkle(part));
    }
    hashes = above;
  }
}

function keyId({ name, seed }: OracleKey, type: number): Buffer {
  const publicKey = createPublicKey(privateKey({ name, seed }))
    .export({ format: 'der', type: 'spki' })
    .subarray(-32);
  return sha256(Buffer.from(`${name}\n`), Buffer.from([type]), publicKey).subarray(0, 4);
}

function privateKey({ seed }: OracleKey) {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
}

function merkle(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0] as Buffer;
  const k = splitOf(hashes.length);
  return sha256(Buffer.from([1]), merkle(hashes.slice(0, k)), merkle(hashes.slice(k)));
}

const splitOf = (count: number) => 2 ** Math.floor(Math.log2(count - 1));
const leafHash = (entry: Buffer) => sha256(Buffer.from([0]), entry);

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
