import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignWords, type Turn, turnAt } from './align-words.ts';

const turn = (text: string, words: Turn['words'], startMs = 0, endMs = 1000): Turn => ({
  ...{ channel: 0, speaker: 'agent', startMs, endMs, text, words },
});

test('punctuation between timed words is kept, and a masked word stays marked', () => {
  const words: Turn['words'] = [
    { text: '您好', startMs: 0, endMs: 300 },
    { text: '[身份证号]', startMs: 400, endMs: 900, masked: 'id_card' },
  ];
  const stretches = alignWords(turn('您好,[身份证号]。', words));
  expect(stretches.map(({ text }) => text)).toEqual(['您好', ',', '[身份证号]', '。']);
  expect(stretches[2]).toMatchObject({ masked: 'id_card', startMs: 400 });
});

test('whatever the words are, the stretches join to the text', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 8 }), (text, words) => {
      const timed = words.map((word, at) => ({ text: word, startMs: at, endMs: at + 1 }));
      const joined = alignWords(turn(text, timed)).map((stretch) => stretch.text);
      expect(joined.join('')).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test('of two people talking at once the one who began last is the current turn', () => {
  const turns = [turn('a', [], 0, 5000), turn('b', [], 3000, 4000), turn('c', [], 8000, 9000)];
  expect(turnAt(turns, 3500)).toBe(1);
  expect(turnAt(turns, 4500)).toBe(0);
  expect(turnAt(turns, 6000)).toBeUndefined();
});
