import {
  deriveSegmentKey,
  headerBytes,
  plainSize,
  type SealedFormat,
  type SegmentKey,
  STANDARD,
  TAG_BYTES,
} from './format.ts';
import { openSegment } from './open-segment.ts';
import { SealedError } from './sealed-error.ts';
import { SegmentPieces } from './segment-pieces.ts';

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * A stage that opens sealed bytes as they pass; a segment's plain bytes leave only after it has
 * authenticated. Throws SEALED_HEADER_BAD, SEALED_TRUNCATED, SEALED_TAMPERED. Without `sealedBytes`
 * (the size that was written), a cut within the last segment cannot be told from tampering and
 * says SEALED_TAMPERED. A wrong key or associated data is SEALED_TAMPERED too.
 */
export function openStream(
  dataKey: Uint8Array,
  associatedData: Uint8Array,
  options: { format?: SealedFormat; sealedBytes?: number } = {},
): (source: Source) => AsyncGenerator<Buffer, void, undefined> {
  const format = options.format ?? STANDARD;
  // The stage outlives the caller's key, which may be zeroed as soon as this returns.
  const ownKey = Buffer.from(dataKey);

  return async function* open(source) {
    const pieces = new SegmentPieces();
    let keys: SegmentKey | undefined;
    let segment = 0;
    let seenBytes = 0;
    const capacity = () => format.segmentBytes - (segment === 0 ? headerBytes(format) : 0);
    const header = () => {
      const bytes = Buffer.concat(pieces.take(Math.min(pieces.sizeBytes, headerBytes(format))));
      keys = deriveSegmentKey(ownKey, associatedData, bytes, format);
      return keys;
    };
    try {
      for await (const chunk of source) {
        pieces.add(chunk);
        seenBytes += chunk.length;
        if (options.sealedBytes !== undefined && seenBytes > options.sealedBytes) {
          throw new SealedError('SEALED_TAMPERED', `bytes after the ${options.sealedBytes}th`);
        }
        if (keys === undefined && pieces.sizeBytes < headerBytes(format)) continue;
        const ready = keys ?? header();
        while (pieces.sizeBytes > capacity()) {
          const plain = openSegment(ready, pieces.take(capacity()), segment, false, format);
          if (plain === undefined) throw tampered(segment);
          segment += 1;
          if (plain.length > 0) yield plain;
        }
      }
      if (options.sealedBytes !== undefined && seenBytes < options.sealedBytes) {
        throw new SealedError('SEALED_TRUNCATED', `${seenBytes} of ${options.sealedBytes} bytes`);
      }
      plainSize(seenBytes, format);
      const plain = openLast(keys ?? header(), pieces.take(pieces.sizeBytes), segment, format);
      if (plain.length > 0) yield plain;
    } finally {
      keys?.key.fill(0);
      ownKey.fill(0);
    }
  };
}

/** The last segment there is; when it opens as one in the middle, those after it are missing. */
export function openLast(
  keys: SegmentKey,
  pieces: readonly Uint8Array[],
  segment: number,
  format: SealedFormat,
): Buffer {
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (sizeBytes < TAG_BYTES) {
    throw new SealedError('SEALED_TRUNCATED', `segment ${segment} is shorter than its tag`);
  }
  const plain = openSegment(keys, pieces, segment, true, format);
  if (plain !== undefined) return plain;
  if (openSegment(keys, pieces, segment, false, format) === undefined) throw tampered(segment);
  throw new SealedError('SEALED_TRUNCATED', `nothing after segment ${segment}`);
}

export function tampered(segment: number): SealedError {
  return new SealedError('SEALED_TAMPERED', `segment ${segment} does not authenticate`);
}
