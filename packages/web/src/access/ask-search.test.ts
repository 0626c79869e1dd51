import { expect, test } from 'vitest';
import { MOST_CHOSEN, readAskSearch } from './ask-search.ts';

const ID = '0198c4d2-7a10-7c3e-9b54-0000000030b9';

test('an address names calls by their ids alone, each once, and no more than can be chosen', () => {
  expect(readAskSearch({ record: [ID, ID, 'x', '../../etc'] })).toEqual({ record: [ID] });
  expect(readAskSearch({ record: ID, field: ['media', 'everything'] })).toEqual({
    record: [ID],
    field: ['media'],
  });
  const many = Array.from(
    { length: 300 },
    (_, n) => `0198c4d2-7a10-7c3e-9b54-${String(n).padStart(12, '0')}`,
  );
  expect(readAskSearch({ record: many }).record).toHaveLength(MOST_CHOSEN);
});

test('conditions count only where the whole search is asked for', () => {
  expect(readAskSearch({ record: ID, tier: 'core' })).toEqual({ record: [ID] });
  expect(readAskSearch({ whole: '1', tier: 'core' })).toEqual({ whole: '1', tier: ['core'] });
  expect(readAskSearch({ whole: '1' })).toEqual({ whole: '1' });
});
