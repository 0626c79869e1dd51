import { expect, test } from 'vitest';
import { writeLeft } from './server-time.ts';

test('what is left is rounded up: zero is said only when it is over', () => {
  expect(writeLeft(4 * 3_600_000)).toBe('4:00:00');
  expect(writeLeft(3_599_001)).toBe('1:00:00');
  expect(writeLeft(65_000)).toBe('1:05');
  expect(writeLeft(1)).toBe('0:01');
  expect(writeLeft(0)).toBe('0:00');
  expect(writeLeft(-5000)).toBe('0:00');
});
