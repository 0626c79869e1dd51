import { expect, test } from 'vitest';
import { isOpenQuestion, toneOfVerified, writePeriod } from './rule-words.ts';

test('a period is said with every unit that it has', () => {
  expect(writePeriod({ years: 5 }, 'zh-CN')).toBe('5 年');
  expect(writePeriod({ years: 1, months: 6, days: 1 }, 'en')).toBe('1 year, 6 months, 1 day');
  expect(writePeriod({ days: 30 }, 'en')).toBe('30 days');
});

test('what was read and what the house wants is settled; anything else is still a question', () => {
  expect(['read', 'requirement', 'product-default'].some(isOpenQuestion)).toBe(false);
  expect(['second-hand', 'unchecked', 'conflicting', 'new'].every(isOpenQuestion)).toBe(true);
  expect(toneOfVerified('conflicting')).toBe('bad');
});
