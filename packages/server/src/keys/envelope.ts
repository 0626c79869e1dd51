import { createHash } from 'node:crypto';
import type { ObjectId, RecordId } from '../core/ids.ts';
import { OBJECT_PURPOSES } from '../record/vault.ts';
import { POOLS } from '../record/vocabulary.ts';
import { isEpoch } from './epochs.ts';
import { keysError } from './keys-error.ts';
import type { KekName, KeyRef, KeyStore } from './ports.ts';

const MAGIC = Buffer.from('VKE1');
const EPOCH_BYTES = 10;
const KEY_BYTES = 32;
/** magic 4, suite 1, pool 1, purpose 1, version 4, epoch 10, record 16, object 16, key id 8. */
const HEADER_BYTES = 61;
/** Key and header digest, wrapped. */
const WRAPPED_BYTES = KEY_BYTES + 32 + 8;
export const ENVELOPE_BYTES = HEADER_BYTES + WRAPPED_BYTES;

/**
 * An envelope: a header in the clear, then AES key wrap of the key and the header's SHA-256, so
 * that a header moved to another key's envelope does not open. docs/FORMAT.md, "Envelope".
 */
export async function encodeEnvelope(store: KeyStore, ref: KeyRef, key: Buffer): Promise<Buffer> {
  const kek: KekName = { pool: ref.pool, epoch: store.currentEpoch(ref.pool) };
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header, 0);
  header[4] = store.suite;
  header[5] = POOLS.indexOf(ref.pool);
  header[6] = OBJECT_PURPOSES.indexOf(ref.purpose);
  header.writeUInt32BE(ref.version, 7);
  header.write(kek.epoch, 11, EPOCH_BYTES, 'latin1');
  uuidBytes(ref.recordId).copy(header, 21);
  uuidBytes(ref.objectId).copy(header, 37);
  (await store.kekId(kek)).copy(header, 53);
  return Buffer.concat([header, await store.wrap(kek, Buffer.concat([key, sha256(header)]))]);
}

/** Rejects with ENVELOPE_DAMAGED for what does not open, KEYS_EPOCH_MISSING for a destroyed epoch. */
export async function decodeEnvelope(
  store: KeyStore,
  bytes: Uint8Array,
): Promise<{ ref: KeyRef; key: Buffer }> {
  const envelope = Buffer.from(bytes);
  const damaged = (why: string) => keysError('ENVELOPE_DAMAGED', `an envelope ${why}`);
  if (envelope.length !== ENVELOPE_BYTES || !envelope.subarray(0, 4).equals(MAGIC)) {
    throw damaged('is not of this format');
  }
  const header = envelope.subarray(0, HEADER_BYTES);
  const pool = POOLS[header[5] ?? 255];
  const purpose = OBJECT_PURPOSES[header[6] ?? 255];
  if (header[4] !== store.suite || pool === undefined || purpose === undefined) {
    throw damaged('names a suite, pool or purpose that is not known');
  }
  const epoch = epochIn(header);
  if (!isEpoch(epoch)) throw damaged('names no epoch');
  const secret = await store.unwrap({ pool, epoch }, envelope.subarray(HEADER_BYTES));
  if (secret === undefined && !(await store.kekId({ pool, epoch })).equals(header.subarray(53))) {
    throw keysError('KEYS_EPOCH_MISSING', `another key is held for ${pool}, epoch ${epoch}`);
  }
  if (secret === undefined || !secret.subarray(KEY_BYTES).equals(sha256(header))) {
    throw damaged('does not authenticate');
  }
  return {
    ref: {
      recordId: uuidText(header.subarray(21, 37)) as RecordId,
      objectId: uuidText(header.subarray(37, 53)) as ObjectId,
      version: header.readUInt32BE(7),
      pool,
      purpose,
    },
    key: Buffer.from(secret.subarray(0, KEY_BYTES)),
  };
}

/** The epoch that an envelope names, whether it opens or not; undefined for what is no envelope. */
export function epochOf(envelope: Buffer): string | undefined {
  if (envelope.length !== ENVELOPE_BYTES || !envelope.subarray(0, 4).equals(MAGIC))
    return undefined;
  return epochIn(envelope);
}

const epochIn = (header: Buffer): string => header.toString('latin1', 11, 21).replace(/\0+$/, '');

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const uuidBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
