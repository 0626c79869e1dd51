import { createCipheriv } from 'node:crypto';
import {
  cipherName,
  deriveSegmentKey,
  newHeader,
  plainCapacity,
  type SealedFormat,
  STANDARD,
  segmentNonce,
} from './format.ts';
import { SegmentPieces } from './segment-pieces.ts';

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * A stage that seals plain bytes as they pass (`for await (const bytes of seal(source))`, or in
 * stream.pipeline). Tink AES256_GCM_HKDF streaming AEAD. Memory is one segment. A chunk must not be
 * altered after it was handed over; `dataKey` may be zeroed as soon as this returns. `header` is
 * for known-answer tests only: one header twice under one key gives the plain bytes away.
 */
export function sealStream(
  dataKey: Uint8Array,
  associatedData: Uint8Array,
  options: { format?: SealedFormat; header?: Buffer } = {},
): (source: Source) => AsyncGenerator<Buffer, void, undefined> {
  const format = options.format ?? STANDARD;
  const header = options.header ?? newHeader(format);
  const { key, prefix } = deriveSegmentKey(dataKey, associatedData, header, format);
  let used = false;

  return async function* seal(source) {
    if (used) throw new TypeError('a sealing stage seals one stream');
    used = true;
    const pieces = new SegmentPieces();
    let segment = 0;
    const close = (sizeBytes: number, last: boolean): Buffer[] => {
      if (segment > 0xffff_ffff) throw new RangeError('too long for one sealed object');
      const nonce = segmentNonce(prefix, segment, last);
      const cipher = createCipheriv(cipherName(format), key, nonce);
      const sealed = pieces.take(sizeBytes).map((piece) => cipher.update(piece));
      cipher.final();
      segment += 1;
      return [...sealed, cipher.getAuthTag()];
    };
    try {
      yield header;
      for await (const chunk of source) {
        pieces.add(chunk);
        // A full segment waits until one more byte shows that it is not the last.
        while (pieces.sizeBytes > plainCapacity(segment, format)) {
          yield* close(plainCapacity(segment, format), false);
        }
      }
      yield* close(pieces.sizeBytes, true);
    } finally {
      key.fill(0);
    }
  };
}
