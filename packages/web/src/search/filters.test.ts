import { SearchQuery } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { readSearch, writeSearch } from '../app/search-string.ts';
import { visibleRows } from '../grid/windowing.ts';
import { readFilters, toggleFilter } from './filters.ts';
import { cutAtMarks } from './snippet.tsx';

test('filters survive the address and are a query that the API takes', () => {
  const filters = readFilters({
    ...{ tier: ['core', 'basic'], text: '退款', phone: '2641', minDurationS: 30 },
    ...{ from: '2026-08-01', made: 'up' },
  });
  expect(readFilters(readSearch(writeSearch(filters)))).toEqual(filters);
  expect(filters).not.toHaveProperty('made');
  expect(SearchQuery.safeParse(filters).success).toBe(true);
});

test('a facet that is chosen twice is gone again', () => {
  const on = toggleFilter({}, 'team', '一组');
  expect(on).toEqual({ team: ['一组'] });
  expect(toggleFilter(on, 'team', '一组')).toEqual({});
});

test('marks cut a text without losing a letter, also when they overlap or run over its end', () => {
  const pieces = cutAtMarks('空调不制冷', [
    [0, 2],
    [1, 3],
    [4, 99],
    [9, 10],
  ]);
  expect(pieces.map(({ text }) => text).join('')).toBe('空调不制冷');
  expect(pieces.filter(({ marked }) => marked).map(({ text }) => text)).toEqual([
    '空调',
    '不',
    '冷',
  ]);
});

test('of ten thousand rows only those in sight are drawn, and nothing loads before a scroll', () => {
  const rows = visibleRows(200_000, 800, 10_000, 40);
  expect(rows.last - rows.first).toBeLessThan(60);
  expect(rows.atEnd).toBe(false);
  expect(visibleRows(0, 800, 5, 40).atEnd).toBe(false);
});
