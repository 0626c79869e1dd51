import { describe, expect, test } from 'vitest';
import type { Transcript, Turn, Word } from '../record/transcript.ts';
import { redactTranscript, residualFindings } from './index.ts';

const CONTEXT = { durationMs: 600_000, channels: 2, knownNumbers: [], knownNames: [] };

function said(words: Word[], more: Partial<Turn> = {}): Transcript {
  const text = words.map((word) => word.text).join('');
  const startMs = words[0]?.startMs ?? 0;
  const endMs = words.at(-1)?.endMs ?? 0;
  const turn = { channel: 1, speaker: 'customer' as const, startMs, endMs, text, words, ...more };
  return { language: 'zh', source: 'supplied:json', turns: [turn] };
}

const eachChar = (text: string): Word[] =>
  [...text].map((char, at) => ({ text: char, startMs: 1000 + at * 200, endMs: 1180 + at * 200 }));

const redactedText = (text: string): string => {
  const result = redactTranscript(said(eachChar(text)), CONTEXT);
  expect(residualFindings(result.transcript, CONTEXT)).toEqual([]);
  return result.transcript.turns[0]?.text ?? '';
};

describe('characters that a reader does not see, or sees as digits', () => {
  const between = (sign: string) => [...'13800138000'].join(sign);
  test.each([
    ['zero-width space', between('\u200b')],
    ['zero-width joiner', between('\u200d')],
    ['byte-order mark', between('\ufeff')],
    ['right-to-left mark', between('\u200f')],
    ['bidirectional override', `\u202e${between('')}\u202c`],
    ['soft hyphen', between('\u00ad')],
    ['combining stroke', between('\u0336')],
    ['keycaps', [...'13800138000'].map((digit) => `${digit}\ufe0f\u20e3`).join('')],
    ['emoji', between('😀')],
    ['full width', '１３８００１３８０００'],
    ['circled', '①③⑧⓪⓪①③⑧⓪⓪⓪'],
    ['mathematical', '𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎'],
    ['Arabic-Indic', '١٣٨٠٠١٣٨٠٠٠'],
    ['mark-up', '<b>138</b><i>0013</i><br/>8000'],
    ['entities', '138&nbsp;0013&nbsp;8000'],
    ['ideographic spaces', between('\u3000')],
  ])('%s', (_, number) => {
    const text = redactedText(`我手机号是${number}谢谢`);
    expect(text.startsWith('我手机号是')).toBe(true);
    expect(text).toContain('[手机号]');
    expect(text).not.toMatch(/[\p{N}]/u);
  });

  test('an emoji made of several stays whole', () => {
    expect(redactedText('谢谢👨‍👩‍👧再见')).toBe('谢谢👨‍👩‍👧再见');
  });

  test('invisible characters in the text but not in the words, or the other way, hide nothing', () => {
    const words = eachChar('幺三八零零幺三八零零零');
    const text = words.map((word) => word.text).join('\u200b');
    const first = redactTranscript(said(words, { text }), CONTEXT);
    expect(first.transcript.turns[0]?.text).toBe('[手机号]');
    const unseen = words.map((word) => ({ ...word, text: `${word.text}\u200b` }));
    const second = redactTranscript(
      said(unseen, { text: words.map((word) => word.text).join('') }),
      CONTEXT,
    );
    expect(second.transcript.turns[0]?.text).toBe('[手机号]');
  });
});

describe('words that recognisers should not give', () => {
  const number = eachChar('我手机幺三八零零幺三八零零零');

  test('one word for the whole turn is masked whole', () => {
    const word = { text: '我手机幺三八零零幺三八零零零谢谢', startMs: 2000, endMs: 9000 };
    const { transcript, maskSpans } = redactTranscript(said([word]), CONTEXT);
    expect(transcript.turns[0]?.text).toBe('[手机号]');
    expect(maskSpans).toEqual([{ channel: 1, startMs: 1900, endMs: 9100 }]);
  });

  test('words that overlap or run backwards are covered from the first to the last sound', () => {
    const words = number.map((word, at) =>
      at === 5 ? { ...word, startMs: 500, endMs: 9000 } : word,
    );
    const { maskSpans } = redactTranscript(said(words), CONTEXT);
    expect(maskSpans).toEqual([{ channel: 1, startMs: 400, endMs: 9100 }]);
  });

  test('a word without length masks the whole turn', () => {
    const words = number.map((word, at) => (at === 5 ? { ...word, endMs: word.startMs } : word));
    const { maskSpans } = redactTranscript(said(words, { startMs: 900, endMs: 4000 }), CONTEXT);
    expect(maskSpans).toEqual([{ channel: 1, startMs: 800, endMs: 4100 }]);
  });

  test('turns that are out of order in time each mask their own sound', () => {
    const later = said(eachChar('零零幺三八零零零')).turns[0];
    const earlier = said(eachChar('手机幺三八')).turns[0];
    if (!later || !earlier) throw new Error('no turns');
    const move = (turn: Turn, by: number): Turn => ({
      ...turn,
      startMs: turn.startMs + by,
      endMs: turn.endMs + by,
      words: turn.words.map((word) => ({
        ...word,
        startMs: word.startMs + by,
        endMs: word.endMs + by,
      })),
    });
    const talk = { ...said([]), turns: [move(earlier, 50_000), move(later, 0)] };
    const { transcript, maskSpans } = redactTranscript(talk, CONTEXT);
    expect(transcript.turns.map((turn) => turn.text)).toEqual(['手机[手机号]', '[手机号]']);
    expect(maskSpans).toEqual([
      { channel: 1, startMs: 900, endMs: 2680 },
      { channel: 1, startMs: 51_300, endMs: 52_080 },
    ]);
  });

  test('both speakers on one channel: a number between two turns is masked on it', () => {
    const turns = [
      said(eachChar('请说手机号'), { speaker: 'agent', channel: 0 }).turns[0],
      said(eachChar('幺三八零零幺三八零零零'), { channel: 0 }).turns[0],
    ].filter((turn) => turn !== undefined);
    const { maskSpans } = redactTranscript({ ...said([]), turns }, { ...CONTEXT, channels: 1 });
    expect(maskSpans).toEqual([{ channel: 0, startMs: 900, endMs: 3280 }]);
  });
});

/** One unit over and over: what makes a careless pattern go back and forth. */
const SEEDS = [
  ...['零', '1', '三3', '三巴', 'a', 'a@', 'a.', 'X', '3-', ' ', '，', '+1 ', '😀1', '1\u200b'],
  ...[
    '密码',
    '密码a ',
    '卡号',
    '身份证三三零',
    '身份证嗯嗯嗯',
    '邮箱a点',
    '微信a_1 ',
    'one ',
    '军字第1',
  ],
  ...[
    '路',
    '人民路1号',
    '市区县',
    '浙A1',
    '王',
    '我叫',
    '先生',
    '姓王名',
    '叫王小明和',
    '小明妈妈',
  ],
  ...[
    '一点',
    '一千二百三十',
    '不对',
    '三月五',
    '生日',
    '癌',
    '[手机号]1',
    '幺三八零零幺三八零零零，',
  ],
];

describe('hostile talk takes time in proportion to its length', () => {
  test.each(SEEDS)('%j again and again', (seed) => {
    const shortest = (length: number): number => {
      const text = seed.repeat(Math.ceil(length / seed.length));
      const turn = { text, startMs: 0, endMs: 590_000, words: [] };
      const tookMs = [1, 2, 3].map(() => {
        const startedAt = performance.now();
        redactTranscript(said([], turn), CONTEXT);
        return performance.now() - startedAt;
      });
      return Math.min(...tookMs);
    };
    shortest(500);
    const short = Math.max(shortest(1000), 5);
    // Sixteen times the text: a quadratic rule takes 256 times as long.
    expect(shortest(16_000) / short).toBeLessThan(100);
  });
});
