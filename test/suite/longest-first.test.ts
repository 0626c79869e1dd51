import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LONG_FILES, longestFirst } from './longest-first.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test('every file that is said to be long is there', () => {
  for (const file of LONG_FILES) expect(existsSync(join(ROOT, file)), file).toBe(true);
});

test('long files go first, the longest at the front; the others keep their order', () => {
  const others = ['/a/z.test.ts', '/a/test/e2e/other-pages.e2e.test.ts', '/a/b.test.ts'];
  const long = LONG_FILES.map((file) => join(ROOT, file));
  const mixed = [...others.slice(0, 2), ...long.toReversed(), ...others.slice(2)];
  expect(longestFirst(mixed, (path) => path)).toEqual([...long, ...others]);
});
