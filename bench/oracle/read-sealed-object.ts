// Opens a site's sealed objects from docs/FORMAT.md alone, with the key folder. It shares no line
// with the archive.
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export class OracleRefusal extends Error {
  override readonly name = 'OracleRefusal';
}

export interface OracleObject {
  pool: string;
  objectId: string;
  recordId: string;
  purpose: string;
  /** The sealed file. */
  path: string;
  /** The data key and the associated data, for other readers to try. */
  key: Buffer;
  associated: Buffer;
  open(sealed: Buffer): Buffer;
}

const POOLS = ['basic', 'core', 'sensitive', 'quarantine'];
const PURPOSES = [
  ...['submission', 'original', 'screenshot', 'redacted', 'redacted-transcript'],
  ...['peaks', 'manifest', 'record-key'],
];
const HEADER = 40;
const SEGMENT = 65_536;
const TAG = 16;

/** Every object of a site, each with the key from its own envelope at that very site. */
export function readSite(siteFolder: string, keyFolder: string): OracleObject[] {
  return POOLS.flatMap((pool) =>
    filesUnder(join(siteFolder, pool, 'objects')).map((path) => readObject(path, pool, keyFolder)),
  );
}

/** The object in that file, with the key from its envelope beside it. */
export function readObject(path: string, pool: string, keyFolder: string): OracleObject {
  const objectId = path.slice(-40, -4);
  const envelope = path.replace('/objects/', '/envelopes/').replace(/vko$/, 'vke');
  const { key, version, purpose, recordId, poolNamed } = readEnvelope(envelope, keyFolder);
  refuseUnless(poolNamed === pool, 'an envelope lies in another pool than it names');
  const associated = Buffer.from(
    `voxkeep/object/v1\nrecord=${recordId}\nobject=${objectId}\nversion=${version}\npool=${pool}\n`,
  );
  const open = (sealed: Buffer) => openSealed(sealed, key, associated);
  return { pool, objectId, recordId, purpose, path, key, associated, open };
}

/** What the envelope in that file is for, and its key. */
export function readEnvelope(path: string, keyFolder: string) {
  const master = readFileSync(join(keyFolder, 'master.key'));
  return openEnvelope(readFileSync(path), master, keyFolder);
}

function openEnvelope(envelope: Buffer, master: Buffer, keyFolder: string) {
  refuseUnless(
    envelope.length === 133 && envelope.toString('latin1', 0, 4) === 'VKE1',
    'no envelope',
  );
  const header = envelope.subarray(0, 61);
  const poolNamed = POOLS[header[5] ?? 9] ?? '';
  const epoch = header.toString('latin1', 11, 21).replace(/\0+$/, '');
  const wrapped = readFileSync(join(keyFolder, `kek-${poolNamed}-${epoch}.wrapped`));
  const secret = unwrapKey(unwrapKey(master, wrapped), envelope.subarray(61));
  const digest = createHash('sha256').update(header).digest();
  refuseUnless(secret.subarray(32).equals(digest), 'an envelope header was changed');
  return {
    key: secret.subarray(0, 32),
    poolNamed,
    purpose: PURPOSES[header[6] ?? 99] ?? '',
    version: header.readUInt32BE(7),
    recordId: uuid(header.subarray(21, 37)),
  };
}

/** Whether any key-encryption key of a folder opens the envelope in that file, whatever it names. */
export function opensWithAnyKey(path: string, keyFolder: string): boolean {
  const envelope = readFileSync(path);
  const master = readFileSync(join(keyFolder, 'master.key'));
  return readdirSync(keyFolder)
    .filter((name) => /^kek-.*\.wrapped$/.test(name))
    .some((name) => {
      try {
        const kek = unwrapKey(master, readFileSync(join(keyFolder, name)));
        return unwrapKey(kek, envelope.subarray(61)).length > 0;
      } catch (error) {
        if (error instanceof OracleRefusal) return false;
        throw error;
      }
    });
}

function openSealed(sealed: Buffer, key: Buffer, associated: Buffer): Buffer {
  refuseUnless(sealed.length >= HEADER + TAG && sealed[0] === HEADER, 'no sealed header');
  const salt = sealed.subarray(1, 33);
  const prefix = sealed.subarray(33, HEADER);
  const derived = Buffer.from(hkdfSync('sha256', key, salt, associated, 32));
  const plain: Buffer[] = [];
  for (let at = 0, segment = 0; at < sealed.length; at += SEGMENT, segment += 1) {
    const end = Math.min(sealed.length, at + SEGMENT);
    const body = sealed.subarray(segment === 0 ? HEADER : at, end);
    const nonce = Buffer.alloc(12);
    prefix.copy(nonce);
    nonce.writeUInt32BE(segment, 7);
    nonce[11] = end === sealed.length ? 1 : 0;
    plain.push(decrypt(derived, nonce, body));
  }
  return Buffer.concat(plain);
}

function decrypt(key: Buffer, nonce: Buffer, body: Buffer): Buffer {
  refuseUnless(body.length >= TAG, 'a segment is shorter than its tag');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(body.subarray(body.length - TAG));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, body.length - TAG)), decipher.final()]);
  } catch {
    throw new OracleRefusal('a segment does not authenticate');
  }
}

/** AES-256 key wrap, RFC 3394. */
export function unwrapKey(key: Buffer, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('id-aes256-wrap', key, Buffer.alloc(8, 0xa6));
  try {
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    throw new OracleRefusal('a wrapped key does not open');
  }
}

function uuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Every file below a folder; none where there is no such folder. */
export function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function refuseUnless(condition: boolean, message: string): void {
  if (!condition) throw new OracleRefusal(message);
}
