import { createDecipheriv } from 'node:crypto';
import {
  cipherName,
  type SealedFormat,
  type SegmentKey,
  segmentNonce,
  TAG_BYTES,
} from './format.ts';

/** The plain bytes of one segment, or undefined when it does not authenticate. */
export function openSegment(
  keys: SegmentKey,
  pieces: readonly Uint8Array[],
  segment: number,
  last: boolean,
  format: SealedFormat,
): Buffer | undefined {
  const { body, tag } = splitTag(pieces);
  const nonce = segmentNonce(keys.prefix, segment, last);
  const decipher = createDecipheriv(cipherName(format), keys.key, nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(tag);
  const plain = body.map((piece) => decipher.update(piece));
  try {
    decipher.final();
  } catch {
    for (const piece of plain) piece.fill(0);
    return undefined;
  }
  return plain.length === 1 && plain[0] !== undefined ? plain[0] : Buffer.concat(plain);
}

/** The last 16 bytes may lie across pieces. */
function splitTag(pieces: readonly Uint8Array[]): { body: Uint8Array[]; tag: Buffer } {
  const body = [...pieces];
  const tag = Buffer.alloc(TAG_BYTES);
  let missing = TAG_BYTES;
  while (missing > 0) {
    const piece = body.pop();
    if (piece === undefined) throw new RangeError('a segment is at least its tag');
    const part = Math.min(missing, piece.length);
    tag.set(piece.subarray(piece.length - part), missing - part);
    missing -= part;
    if (piece.length > part) body.push(piece.subarray(0, piece.length - part));
  }
  return { body, tag };
}
