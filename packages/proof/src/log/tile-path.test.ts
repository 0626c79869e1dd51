import { expect, test } from 'vitest';
import { decodeBundle, encodeBundle } from './entry-bundle.ts';
import { hasLogCode } from './log-error.ts';
import { entriesPath, tilePath, tileWidth } from './tile-path.ts';

test('paths are those of C2SP tlog-tiles', () => {
  expect(tilePath(0, 0)).toBe('tile/0/000');
  expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067');
  expect(tilePath(3, 1_000, 17)).toBe('tile/3/x001/000.p/17');
  expect(entriesPath(273, 1)).toBe('tile/entries/273.p/1');
});

test('widths follow the tree', () => {
  expect([tileWidth(0, 0, 70_000), tileWidth(0, 273, 70_000)]).toEqual([256, 112]);
  expect([tileWidth(1, 1, 70_000), tileWidth(2, 0, 70_000), tileWidth(3, 0, 70_000)]).toEqual([
    17, 1, 0,
  ]);
});

test('numbers that name no tile are refused', () => {
  for (const bad of [() => tilePath(64, 0), () => tilePath(0, -1), () => entriesPath(0, 257)]) {
    expect(caught(bad, 'LOG_RANGE_BAD')).toBe(true);
  }
});

test('a bundle gives its entries back, whole or the first few', () => {
  const entries = ['', 'a', '呼叫'].map((text) => Buffer.from(text));
  const bundle = encodeBundle(entries);
  expect(bundle.toString('hex')).toBe('0000000161' + '0006e591bce58fab');
  expect(decodeBundle(bundle, 3)).toEqual(entries);
  expect(decodeBundle(bundle, 2)).toEqual(entries.slice(0, 2));
});

test('a bundle that is cut, or has fewer entries, is refused', () => {
  const bundle = encodeBundle([Buffer.from('ab'), Buffer.from('cd')]);
  for (let end = 0; end < bundle.length; end += 1) {
    expect(caught(() => decodeBundle(bundle.subarray(0, end), 2), 'LOG_TILE_BAD')).toBe(true);
  }
  expect(caught(() => decodeBundle(bundle, 3), 'LOG_TILE_BAD')).toBe(true);
  expect(caught(() => encodeBundle([Buffer.alloc(65_536)]), 'LOG_ENTRY_TOO_LARGE')).toBe(true);
});

function caught(
  act: () => unknown,
  code: 'LOG_RANGE_BAD' | 'LOG_TILE_BAD' | 'LOG_ENTRY_TOO_LARGE',
) {
  try {
    act();
    return false;
  } catch (error) {
    return hasLogCode(error, code);
  }
}
