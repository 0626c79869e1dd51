import type { Random } from '../../core/random.ts';

export const MOST_SHARES = 16;

/** One point of the secret's polynomials: the same `index` for each byte. */
export interface Point {
  /** 1 to 16; 0 would be the secret itself. */
  index: number;
  value: Buffer;
}

/**
 * Shares of a secret by Shamir's scheme over GF(2⁸) with the polynomial of AES (x⁸+x⁴+x³+x+1): each
 * byte is the value at 0 of a polynomial of its own of degree `threshold` − 1. Any `threshold` shares
 * give the secret, and fewer say nothing of it. Throws RangeError unless 2 ≤ threshold ≤ shares ≤ 16.
 */
export function splitSecret(
  secret: Uint8Array,
  { threshold, shares, random }: { threshold: number; shares: number; random: Random },
): Point[] {
  if (!isScheme(threshold, shares)) {
    throw new RangeError(`no scheme has ${threshold} of ${shares} shares`);
  }
  const coefficients = random.bytes(secret.length * (threshold - 1));
  const points = Array.from({ length: shares }, (_, at) => ({
    index: at + 1,
    value: Buffer.alloc(secret.length),
  }));
  for (const { index, value } of points) {
    for (const [at, byte] of secret.entries()) {
      // Horner: the highest coefficient first, the secret last.
      let sum = 0;
      for (let power = threshold - 2; power >= 0; power -= 1) {
        sum = multiply(sum ^ (coefficients[power * secret.length + at] ?? 0), index);
      }
      value[at] = sum ^ byte;
    }
  }
  coefficients.fill(0);
  return points;
}

/** 2 of 2 up to 16 of 16. */
export function isScheme(threshold: number, shares: number): boolean {
  const whole = Number.isInteger(threshold) && Number.isInteger(shares);
  return whole && threshold >= 2 && shares >= threshold && shares <= MOST_SHARES;
}

/**
 * The secret of these shares, by Lagrange's formula at 0; something else when they are too few or not
 * of one secret. Throws RangeError for indexes that repeat or lengths that differ.
 */
export function joinShares(points: readonly Point[]): Buffer {
  const indexes = points.map(({ index }) => index);
  const lengths = new Set(points.map(({ value }) => value.length));
  if (new Set(indexes).size !== points.length || lengths.size !== 1 || indexes.includes(0)) {
    throw new RangeError('shares repeat, or are not of one length');
  }
  const secret = Buffer.alloc(points[0]?.value.length ?? 0);
  for (const { index, value } of points) {
    let weight = 1;
    for (const other of indexes) {
      if (other !== index) weight = multiply(weight, multiply(other, inverse(other ^ index)));
    }
    for (const [at, byte] of value.entries()) {
      secret[at] = (secret[at] ?? 0) ^ multiply(weight, byte);
    }
  }
  return secret;
}

/** In GF(2⁸); neither a branch nor an address depends on what is multiplied. */
export function multiply(a: number, b: number): number {
  let product = 0;
  let left = a;
  for (let bit = 0; bit < 8; bit += 1) {
    product ^= left & -((b >> bit) & 1);
    left = (left << 1) ^ (0x11b & -(left >> 7));
  }
  return product;
}

/** a²⁵⁴, which is 1/a for every a but 0. */
function inverse(a: number): number {
  let power = 1;
  for (let bit = 7; bit >= 0; bit -= 1) {
    power = multiply(power, power);
    // 254 is seven ones and a zero: the exponent is public.
    if (bit > 0) power = multiply(power, a);
  }
  return power;
}
