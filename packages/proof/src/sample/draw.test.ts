import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawPositions, sampleSeed } from './draw.ts';

/** The same from the words of docs/FORMAT.md, on hexadecimal texts and nothing of the archive's. */
function redrawn(seed: string, count: number, size: number): number[] {
  const sha256 = (hex: string) =>
    createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');
  const positions: number[] = [];
  for (let block = 0; positions.length < size; block += 1) {
    const digest = sha256(seed + block.toString(16).padStart(16, '0'));
    const x = BigInt(`0x${digest.slice(0, 16)}`);
    if (x >= 18446744073709551616n - (18446744073709551616n % BigInt(count))) continue;
    const position = Number(x % BigInt(count));
    if (!positions.includes(position)) positions.push(position);
  }
  return positions;
}

const Bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a draw is what anybody who reads how it is done draws again', () => {
  fc.assert(
    fc.property(Bytes, fc.integer({ min: 1, max: 5_000 }), fc.nat(60), (seed, count, more) => {
      const size = Math.min(count, more);
      const drawn = drawPositions(seed, count, size);
      expect(drawn).toEqual(redrawn(Buffer.from(seed).toString('hex'), count, size));
      expect(new Set(drawn).size).toBe(size);
      expect(drawn.every((position) => position >= 0 && position < count)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('a whole population can be drawn, and more than there is cannot', () => {
  const seed = Buffer.alloc(32, 1);
  expect(drawPositions(seed, 40, 40).toSorted((a, b) => a - b)).toEqual([...Array(40).keys()]);
  expect(drawPositions(seed, 0, 0)).toEqual([]);
  expect(() => drawPositions(seed, 5, 6)).toThrow(RangeError);
});

test('the seed is of the nonce and the root, in this order', () => {
  const [nonce, root] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const both = createHash('sha256')
    .update(Buffer.concat([nonce, root]))
    .digest();
  expect(sampleSeed(nonce, root)).toEqual(both);
  expect(sampleSeed(root, nonce)).not.toEqual(both);
});
