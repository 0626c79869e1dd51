import { createHash } from 'node:crypto';

/** How many calls one sample may have, and how many it may be drawn from. */
export const MOST_SAMPLED = 500;
export const MOST_POPULATION = 1_000_000;

const WORD = 2n ** 64n;

/**
 * SHA-256 of the auditor's nonce and of the root of the first tree that holds the request: whoever asks has
 * committed to the one before the other is there, and the archive does not know the one while it makes the other.
 */
export function sampleSeed(nonce: Uint8Array, root: Uint8Array): Buffer {
  return createHash('sha256').update(nonce).update(root).digest();
}

/**
 * So many different positions of 0 … count − 1, in the order of the draw. Block c = 0, 1, 2 … is SHA-256 of
 * the seed and of c in 8 bytes, the highest first. Its first 8 bytes, read likewise, are x. An x that is not below the
 * greatest multiple of count within 2^64 is passed over, as is an x mod count that was drawn before; any other
 * x mod count is the next position. Throws RangeError where the population has not as many.
 */
export function drawPositions(seed: Uint8Array, count: number, size: number): number[] {
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(size) || size < 0 || size > count) {
    throw new RangeError(`${size} of ${count} cannot be drawn`);
  }
  const drawn = new Set<number>();
  const many = BigInt(count);
  const limit = many === 0n ? 0n : WORD - (WORD % many);
  for (let block = 0n; drawn.size < size; block += 1n) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(block);
    const x = createHash('sha256').update(seed).update(counter).digest().readBigUInt64BE(0);
    if (x < limit) drawn.add(Number(x % many));
  }
  return [...drawn];
}
