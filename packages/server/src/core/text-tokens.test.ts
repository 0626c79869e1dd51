import fc from 'fast-check';
import { expect, it } from 'vitest';
import { queryWords, textTokens } from './text-tokens.ts';

const wordsOf = (text: string) => queryWords(text).words;

it('finds a text by its pairs of characters and by its other words', () => {
  expect([...textTokens('打印机 WiFi坏了，[手机号]')]).toEqual([
    ...['打印', '印机', 'wifi', '坏了', '手机', '机号'],
  ]);
});

it('knows full width and capitals as what they stand for', () => {
  expect([...textTokens('ＷＩＦＩ')]).toEqual([...textTokens('wifi')]);
});

it('leaves out function words, and keeps courtesy and negation', () => {
  expect([...textTokens('我们、这个、您好、没有')]).toEqual(['您好', '没有']);
});

it('asks for the words of an unspaced query one by one, in quotation marks for the whole', () => {
  expect(wordsOf('打印机退款')).toEqual(['打印机', '退款']);
  expect(wordsOf('“打印机退款” 账单')).toEqual(['打印机退款', '账单']);
  expect(wordsOf('5G套餐')).toEqual(['5g', '套餐']);
});

it('names what is too short', () => {
  expect(queryWords('退款 机')).toEqual({ words: ['退款'], tooShort: ['机'] });
  expect(queryWords('5')).toEqual({ words: [], tooShort: ['5'] });
  expect(queryWords(' ,。')).toEqual({ words: [], tooShort: [] });
});

it('never misses a word of a text, wherever the query took it from', () => {
  const letters = fc.constantFrom(...'打印机坏了退款账单宽带我们这个a5 ，[]');
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 40 }), fc.nat(), fc.nat(12), (all, from, length) => {
      const text = all.join('');
      const start = text.length === 0 ? 0 : from % text.length;
      // A cut through a run of letters or digits is no word of the text.
      const part = text.slice(start, start + length).replace(/[a5]+/g, ' ');
      const tokens = textTokens(text);
      for (const word of queryWords(part).words) {
        expect(text).toContain(word);
        for (const token of textTokens(word)) expect(tokens).toContain(token);
      }
    }),
    { numRuns: 300 },
  );
});
