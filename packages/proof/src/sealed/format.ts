import { hkdfSync, randomBytes } from 'node:crypto';
import { SealedError } from './sealed-error.ts';

/** The numbers of one streaming AEAD variant. Voxkeep writes `STANDARD` only. */
export interface SealedFormat {
  /** Sealed bytes of a full segment, tag included; the first one shares them with the header. */
  segmentBytes: number;
  derivedKeyBytes: 16 | 32;
  hash: 'sha1' | 'sha256' | 'sha512';
}

/** Suite 1: 64 KiB segments, AES-256-GCM, HKDF-SHA256. */
export const STANDARD: SealedFormat = {
  segmentBytes: 65_536,
  derivedKeyBytes: 32,
  hash: 'sha256',
};

export const TAG_BYTES = 16;
const PREFIX_BYTES = 7;
const NONCE_BYTES = 12;
/** The segment number is four bytes. */
const MOST_SEGMENTS = 0x1_0000_0000;

export const headerBytes = (format: SealedFormat = STANDARD): number =>
  1 + format.derivedKeyBytes + PREFIX_BYTES;

/** Plain bytes in the first segment, and in each later one. */
const firstPlain = (format: SealedFormat) => format.segmentBytes - headerBytes(format) - TAG_BYTES;
const laterPlain = (format: SealedFormat) => format.segmentBytes - TAG_BYTES;

export const plainCapacity = (segment: number, format: SealedFormat): number =>
  segment === 0 ? firstPlain(format) : laterPlain(format);

/** How many segments hold `plainBytes`: at least one, for an empty object has one too. */
export function segmentCount(plainBytes: number, format: SealedFormat = STANDARD): number {
  if (plainBytes <= firstPlain(format)) return 1;
  return 1 + Math.ceil((plainBytes - firstPlain(format)) / laterPlain(format));
}

/** Bytes that `plainBytes` become when sealed. */
export function sealedSize(plainBytes: number, format: SealedFormat = STANDARD): number {
  const segments = segmentCount(plainBytes, format);
  if (segments > MOST_SEGMENTS) throw new RangeError('too long for one sealed object');
  return headerBytes(format) + plainBytes + segments * TAG_BYTES;
}

/** Bytes that were sealed into `sealedBytes`. Throws SEALED_TRUNCATED for an impossible size. */
export function plainSize(sealedBytes: number, format: SealedFormat = STANDARD): number {
  const segments = Math.max(1, Math.ceil(sealedBytes / format.segmentBytes));
  const plainBytes = sealedBytes - headerBytes(format) - segments * TAG_BYTES;
  if (plainBytes < 0 || sealedSize(plainBytes, format) !== sealedBytes) {
    throw new SealedError('SEALED_TRUNCATED', `${sealedBytes} bytes cannot be a sealed object`);
  }
  return plainBytes;
}

/** Where plain byte `offset` is: its segment, and the offset within that segment's plain bytes. */
export function locate(offset: number, format: SealedFormat): { segment: number; within: number } {
  const first = firstPlain(format);
  if (offset < first) return { segment: 0, within: offset };
  const rest = offset - first;
  const segment = 1 + Math.floor(rest / laterPlain(format));
  return { segment, within: rest % laterPlain(format) };
}

/** The key of one object's segments and the fixed part of their nonces. */
export interface SegmentKey {
  key: Buffer;
  prefix: Buffer;
}

export function newHeader(
  format: SealedFormat = STANDARD,
  random: (sizeBytes: number) => Buffer = randomBytes,
): Buffer {
  const size = headerBytes(format);
  return Buffer.concat([Buffer.of(size), random(size - 1)], size);
}

/** HKDF over the data key: salt from the header, info is the associated data (RFC 5869). */
export function deriveSegmentKey(
  dataKey: Uint8Array,
  associatedData: Uint8Array,
  header: Uint8Array,
  format: SealedFormat = STANDARD,
): SegmentKey {
  const size = headerBytes(format);
  if (header.length < size) {
    throw new SealedError('SEALED_TRUNCATED', `header has ${header.length} of ${size} bytes`);
  }
  if (header[0] !== size) {
    throw new SealedError('SEALED_HEADER_BAD', `header length byte is not ${size}`);
  }
  const salt = header.subarray(1, 1 + format.derivedKeyBytes);
  const key = hkdfSync(format.hash, dataKey, salt, associatedData, format.derivedKeyBytes);
  return { key: Buffer.from(key), prefix: Buffer.from(header.subarray(size - PREFIX_BYTES, size)) };
}

export const cipherName = (format: SealedFormat): 'aes-128-gcm' | 'aes-256-gcm' =>
  format.derivedKeyBytes === 16 ? 'aes-128-gcm' : 'aes-256-gcm';

/** Prefix, segment number (big endian), and 1 on the last segment only. */
export function segmentNonce(prefix: Buffer, segment: number, last: boolean): Buffer {
  const nonce = Buffer.allocUnsafe(NONCE_BYTES);
  prefix.copy(nonce);
  nonce.writeUInt32BE(segment, PREFIX_BYTES);
  nonce[NONCE_BYTES - 1] = last ? 1 : 0;
  return nonce;
}
