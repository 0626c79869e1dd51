// Reads and verifies a site's ledger from the published formats alone: C2SP signed-note,
// tlog-checkpoint, tlog-tiles, and RFC 6962. It shares no line with the archive.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface OracleLedger {
  size: number;
  rootHex: string;
  /** The logged bytes, in order. */
  entries: Buffer[];
}

export class OracleRefusal extends Error {
  override readonly name = 'OracleRefusal';
}

/**
 * The entries of the ledger in that folder, after the checkpoint's signature, the root, every entry
 * bundle and every hash tile have been verified. Throws OracleRefusal saying what is wrong.
 */
export function readLedger(folder: string, vkey: string): OracleLedger {
  const { size, root } = readHead(folder, vkey);
  const entries: Buffer[] = [];
  for (let bundle = 0; bundle * 256 < size; bundle += 1) {
    const count = Math.min(256, size - bundle * 256);
    entries.push(...cutBundle(load(folder, 'entries', bundle, count), count, bundle));
  }
  let hashes = entries.map((entry) => sha256(Buffer.from([0]), entry));
  refuseUnless(merkle(hashes).equals(root), 'the entries do not give the signed root');
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let first = 0; first < hashes.length; first += 256) {
      const part = hashes.slice(first, first + 256);
      const tile = load(folder, String(level), first / 256, part.length);
      const expected = Buffer.concat(part);
      const sizes = [expected.length, 256 * 32];
      const same =
        sizes.includes(tile.length) && tile.subarray(0, expected.length).equals(expected);
      refuseUnless(same, `tile ${level}/${first / 256} is not that of the entries`);
      if (part.length === 256) above.push(merkle(part));
    }
    hashes = above;
  }
  return { size, rootHex: root.toString('hex'), entries };
}

/** Verifies both folders, and that one's tree continues the other's. Throws OracleRefusal. */
export function compareLedgers(
  folder: string,
  otherFolder: string,
  vkey: string,
): { size: number; otherSize: number } {
  const both = [readLedger(folder, vkey), readLedger(otherFolder, vkey)] as const;
  const [shorter, longer] = both[0].size <= both[1].size ? both : [both[1], both[0]];
  const prefix = longer.entries.slice(0, shorter.size);
  const root = merkle(prefix.map((entry) => sha256(Buffer.from([0]), entry)));
  refuseUnless(
    root.toString('hex') === shorter.rootHex,
    'the two folders hold different histories',
  );
  return { size: both[0].size, otherSize: both[1].size };
}

function readHead(folder: string, vkey: string): { size: number; root: Buffer } {
  const path = join(folder, 'checkpoint');
  refuseUnless(existsSync(path), 'there is no checkpoint');
  const note = readFileSync(path);
  const text = note.toString('utf8');
  refuseUnless(Buffer.from(text).equals(note), 'the checkpoint is not UTF-8');
  const gap = text.indexOf('\n\n');
  refuseUnless(gap > 0 && text.endsWith('\n'), 'the checkpoint is no signed note');
  const body = text.slice(0, gap + 1);
  const name = vkey.slice(0, vkey.indexOf('+'));
  const rest = vkey.slice(name.length + 1);
  const keyId = rest.slice(0, 8);
  const typedKey = strictBase64(rest.slice(9));
  refuseUnless(typedKey.length === 33 && typedKey[0] === 1, 'not an Ed25519 verifier key');
  const named = sha256(Buffer.from(`${name}\n`), typedKey)
    .subarray(0, 4)
    .toString('hex');
  refuseUnless(named === keyId, 'the verifier key does not match its hash');
  const x = typedKey.subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const mine = text
    .slice(gap + 2, -1)
    .split('\n')
    .map((line) => /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? refuse('a line is no signature'))
    .map((match) => ({ signer: match[1], bytes: strictBase64(match[2] ?? '') }))
    .filter((one) => one.signer === name && one.bytes.subarray(0, 4).toString('hex') === keyId);
  const signed = mine.some((one) => verify(null, Buffer.from(body), key, one.bytes.subarray(4)));
  refuseUnless(signed, 'the checkpoint is not signed by that key');
  const [origin, count = '', root = ''] = body.split('\n');
  refuseUnless(origin === name, 'the checkpoint is of another log');
  refuseUnless(/^(0|[1-9][0-9]{0,14})$/.test(count), 'the checkpoint has no size');
  const rootHash = strictBase64(root);
  refuseUnless(rootHash.length === 32, 'the checkpoint has no root');
  return { size: Number(count), root: rootHash };
}

function load(folder: string, kind: string, index: number, width: number): Buffer {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const named = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group));
  const full = join(folder, 'tile', kind, ...named);
  const found = [join(`${full}.p`, String(width)), full].slice(width === 256 ? 1 : 0);
  const path = found.find((one) => existsSync(one)) ?? refuse(`tile/${kind}/${index} is missing`);
  return readFileSync(path);
}

function cutBundle(bytes: Buffer, count: number, bundle: number): Buffer[] {
  const entries: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    refuseUnless(at + 2 <= bytes.length, `bundle ${bundle} is cut`);
    const end = at + 2 + bytes.readUInt16BE(at);
    refuseUnless(end <= bytes.length, `bundle ${bundle} is cut`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  const whole = entries.length === count || entries.length === 256;
  refuseUnless(whole, `bundle ${bundle} has ${entries.length} entries`);
  return entries.slice(0, count);
}

/** RFC 6962, section 2.1, over leaf hashes. */
function merkle(hashes: Buffer[]): Buffer {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0] as Buffer;
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return sha256(Buffer.from([1]), merkle(hashes.slice(0, split)), merkle(hashes.slice(split)));
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function strictBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  refuseUnless(bytes.toString('base64') === text, 'not base64');
  return bytes;
}

function refuseUnless(fact: boolean, why: string): void {
  if (!fact) refuse(why);
}

function refuse(why: string): never {
  throw new OracleRefusal(why);
}
