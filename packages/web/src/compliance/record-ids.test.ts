import { expect, test } from 'vitest';
import { readPlaceSearch } from './place-search.ts';
import { readRecordIds } from './record-ids.ts';

const [ONE, TWO] = [
  '0198f1d2-0000-7000-8000-000000000001',
  '0198f1d2-0000-7000-8000-000000000002',
] as const;

test('ids are read from lines, commas and addresses, each once; what is none is named', () => {
  const text = `${ONE}\n${TWO.toUpperCase()}，${ONE}、https://archive:8443/records/${TWO} 138****2641`;
  expect(readRecordIds(text)).toEqual({ ids: [ONE, TWO], wrong: ['138****2641'] });
  expect(readRecordIds(' \n ')).toEqual({ ids: [], wrong: [] });
});

test('an address names records and a search, and nothing else', () => {
  expect(readPlaceSearch({ record: [ONE, 'x'], agent: '007', whatever: '1', limit: '5' })).toEqual({
    record: [ONE],
    agent: ['007'],
  });
  expect(readPlaceSearch({})).toEqual({});
});
