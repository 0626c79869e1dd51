import { expect, test } from 'vitest';
import { halfDigest, tokenFault } from './plain-facts.ts';

const [DIGITS, LETTERS] = ['0123456789'.repeat(4).slice(0, 32), 'a'.repeat(31)];

test('half of a digest is a token, also where its first half is digits alone', () => {
  expect(tokenFault(DIGITS)).toBe('looks like a personal number');
  for (const hex of [`0${LETTERS}${DIGITS}`, `${DIGITS}0${LETTERS}`]) {
    expect(halfDigest(hex)).toBe(`0${LETTERS}`);
    expect(tokenFault(halfDigest(hex))).toBeUndefined();
  }
});
