import {
  deriveSegmentKey,
  headerBytes,
  locate,
  plainSize,
  type SealedFormat,
  STANDARD,
  segmentCount,
} from './format.ts';
import { openSegment } from './open-segment.ts';
import { openLast, tampered } from './open-stream.ts';
import { SealedError } from './sealed-error.ts';

/** Reads up to `length` bytes of a sealed object from `offset`; fewer only at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/**
 * The plain bytes from `plainOffset`, `length` of them or up to the end. Only the segments that
 * hold them are read, in one read besides the header, and each is authenticated. `sealedBytes` is
 * the size that was written. Rejects with SEALED_HEADER_BAD, SEALED_TRUNCATED, SEALED_TAMPERED;
 * RangeError for an offset beyond the end. Reading the last segment proves the object's length.
 */
export async function openRange(
  dataKey: Uint8Array,
  associatedData: Uint8Array,
  readAt: ReadAt,
  sealedBytes: number,
  plainOffset: number,
  length: number,
  format: SealedFormat = STANDARD,
): Promise<Buffer> {
  const plainBytes = plainSize(sealedBytes, format);
  if (!(plainOffset >= 0 && plainOffset <= plainBytes && length >= 0)) {
    throw new RangeError(`offset ${plainOffset} is outside ${plainBytes} bytes`);
  }
  const end = Math.min(plainBytes, plainOffset + length);
  const lastSegment = segmentCount(plainBytes, format) - 1;
  const from = Math.min(locate(plainOffset, format).segment, lastSegment);
  const to = end === plainOffset ? from : locate(end - 1, format).segment;
  const start = from * format.segmentBytes;
  const stop = Math.min(sealedBytes, (to + 1) * format.segmentBytes);
  // A copy is taken at once: the caller may zero the key while the bytes are on their way.
  const ownKey = Buffer.from(dataKey);
  try {
    const [header, body] = await readBoth(readAt, start, stop, headerBytes(format));
    const keys = deriveSegmentKey(ownKey, associatedData, header, format);
    try {
      const plain: Buffer[] = [];
      for (let segment = from; segment <= to; segment += 1) {
        const at = segment === 0 ? headerBytes(format) : segment * format.segmentBytes - start;
        const until = Math.min(body.length, (segment + 1) * format.segmentBytes - start);
        const sealed = [body.subarray(at, until)];
        const isLast = segment === lastSegment;
        const opened = isLast
          ? openLast(keys, sealed, segment, format)
          : openSegment(keys, sealed, segment, false, format);
        if (opened === undefined) throw tampered(segment);
        plain.push(opened);
      }
      const skip = locate(plainOffset, format).within;
      const all = plain.length === 1 && plain[0] !== undefined ? plain[0] : Buffer.concat(plain);
      return all.subarray(skip, skip + (end - plainOffset));
    } finally {
      keys.key.fill(0);
    }
  } finally {
    ownKey.fill(0);
  }
}

async function readBoth(
  readAt: ReadAt,
  start: number,
  stop: number,
  header: number,
): Promise<[Uint8Array, Uint8Array]> {
  const [head, body] = await Promise.all([
    start === 0 ? undefined : readAt(0, header),
    readAt(start, stop - start),
  ]);
  if (body.length < stop - start) {
    throw new SealedError('SEALED_TRUNCATED', `${start + body.length} of ${stop} bytes are there`);
  }
  return [head ?? body.subarray(0, header), body];
}
