import fc from 'fast-check';
import { expect, it } from 'vitest';
import { systemRandom as random } from '../../core/random.ts';
import { joinShares, MOST_SHARES, multiply, type Point, splitSecret } from './shamir.ts';

/** The same field by tables of logarithms to the base 3, written from FIPS 197 alone. */
const EXP: number[] = [];
const LOG: number[] = [];
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = value;
  LOG[value] = power;
  const twice = value < 128 ? value * 2 : (value * 2) ^ 0x11b;
  value = twice ^ value;
}
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0);
const over = (a: number, b: number): number =>
  a === 0 ? 0 : (EXP[((LOG[a] ?? 0) - (LOG[b] ?? 0) + 255) % 255] ?? 0);

/** A polynomial's value from its coefficients, the constant first, by powers and not by Horner. */
function valueAt(coefficients: readonly number[], x: number): number {
  let sum = 0;
  let power = 1;
  for (const coefficient of coefficients) {
    sum ^= times(coefficient, power);
    power = times(power, x);
  }
  return sum;
}

/** What the polynomial through these points is worth at `at`: Neville's scheme, not Lagrange's. */
function through(points: readonly (readonly [x: number, y: number])[], at: number): number {
  const values = points.map(([, y]) => y);
  for (let span = 1; span < points.length; span += 1) {
    for (let i = 0; i + span < points.length; i += 1) {
      const [low = 0] = points[i] ?? [];
      const [high = 0] = points[i + span] ?? [];
      const left = times(at ^ high, values[i] ?? 0) ^ times(at ^ low, values[i + 1] ?? 0);
      values[i] = over(left, low ^ high);
    }
  }
  return values[0] ?? 0;
}

const schemes = fc
  .integer({ min: 2, max: MOST_SHARES })
  .chain((shares) => fc.tuple(fc.integer({ min: 2, max: shares }), fc.constant(shares)));
const secrets = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes));

it('multiplies as FIPS 197 says, every pair', () => {
  expect(multiply(0x57, 0x83)).toBe(0xc1);
  expect(multiply(0x57, 0x13)).toBe(0xfe);
  for (let a = 0; a < 256; a += 1) {
    for (let b = 0; b < 256; b += 1)
      if (multiply(a, b) !== times(a, b)) throw new Error(`${a} ${b}`);
  }
});

it('gives the shares that were worked out by hand', () => {
  // 42 + 07·x + a5·x²: at 1 it is 42⊕07⊕a5; at 2, 42⊕0e⊕times(a5, 4).
  const chosen = { bytes: () => Buffer.from('07a5', 'hex') };
  const points = splitSecret(Buffer.of(0x42), { threshold: 3, shares: 5, random: chosen });
  expect(points[0]?.value[0]).toBe(0xe0);
  expect(points[1]?.value[0]).toBe(0x42 ^ 0x0e ^ 0xa2);
  expect(points.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
  for (const { index, value } of points) {
    expect(value[0]).toBe(valueAt([0x42, 0x07, 0xa5], index));
  }
});

it('any threshold of the shares gives the secret, here and by another program', () => {
  fc.assert(
    fc.property(
      secrets,
      schemes,
      fc.infiniteStream(fc.nat()),
      (secret, [threshold, shares], nats) => {
        const points = splitSecret(secret, { threshold, shares, random });
        const chosen: Point[] = [];
        while (chosen.length < threshold) {
          const { value: at } = nats.next();
          chosen.push(...points.splice(at % points.length, 1));
        }
        expect(joinShares(chosen)).toEqual(secret);
        const others = [...secret.keys()].map((byte) =>
          through(
            chosen.map(({ index, value }) => [index, value[byte] ?? 0] as const),
            0,
          ),
        );
        expect(Buffer.from(others)).toEqual(secret);
      },
    ),
    { numRuns: 200 },
  );
});

it('fewer shares agree with every secret: there is a share that makes it out of them', () => {
  fc.assert(
    fc.property(schemes, fc.nat(255), (scheme, byte) => {
      const [threshold, shares] = scheme;
      const points = splitSecret(Buffer.of(byte), { threshold, shares, random });
      const few = points.slice(0, threshold - 1);
      const missing = points[threshold - 1]?.index ?? 0;
      const made = new Set<number>();
      for (let other = 0; other < 256; other += 1) {
        const wanted = [
          [0, other] as const,
          ...few.map((p) => [p.index, p.value[0] ?? 0] as const),
        ];
        const value = Buffer.of(through(wanted, missing));
        expect(joinShares([...few, { index: missing, value }])).toEqual(Buffer.of(other));
        made.add(value[0] ?? 0);
      }
      expect(made.size).toBe(256);
    }),
    { numRuns: 20 },
  );
});

it('takes coefficients that are new each time, so that a share says nothing of its secret', () => {
  const counts = new Array<number>(256).fill(0);
  const rounds = 25_600;
  for (let round = 0; round < rounds; round += 1) {
    const [first] = splitSecret(Buffer.of(7), { threshold: 2, shares: 2, random });
    const value = first?.value[0] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const chi = counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  // 255 degrees of freedom: beyond 400 once in a hundred million.
  expect(chi).toBeLessThan(400);
});

it('refuses schemes that are none, and shares that repeat, have index 0, or differ in length', () => {
  for (const [threshold, shares] of [
    [1, 3],
    [4, 3],
    [2, 17],
    [2.5, 5],
    [0, 0],
  ] as const) {
    expect(() => splitSecret(Buffer.of(1), { threshold, shares, random })).toThrow(RangeError);
  }
  const point = (index: number, size = 1) => ({ index, value: Buffer.alloc(size) });
  expect(() => joinShares([point(1), point(1)])).toThrow(RangeError);
  expect(() => joinShares([point(0), point(1)])).toThrow(RangeError);
  expect(() => joinShares([point(1), point(2, 2)])).toThrow(RangeError);
  expect(() => joinShares([])).toThrow(RangeError);
});
