import { expect, it } from 'vitest';
import { hasCode } from '../core/errors.ts';
import { parseTranscript } from './index.ts';

const parse = (value: unknown) => parseTranscript(Buffer.from(JSON.stringify(value)));
const turnOf = (text: string, words: { text: string; startMs: number; endMs: number }[]) => ({
  turns: [{ channel: 1, startMs: 12_000, endMs: 16_000, text, words }],
});

it('words far outside their turn give no times, and the turn holds both', () => {
  const words = [{ text: '一三八', startMs: 1000, endMs: 1900 }];
  const [turn] = parse(turnOf('一三八', words)).transcript.turns;
  expect(turn).toMatchObject({ text: '一三八', words: [], startMs: 1000, endMs: 16_000 });
  expect(turn).not.toHaveProperty('heard');
  const close = [{ text: '一三八', startMs: 11_500, endMs: 16_500 }];
  expect(parse(turnOf('一三八', close)).transcript.turns[0]?.words).toEqual(close);
});

it('what the words said is not forgotten when they do not spell the text', () => {
  const words = [
    { text: '卡号', startMs: 12_000, endMs: 12_500 },
    { text: '6222', startMs: 12_500, endMs: 13_500 },
  ];
  const [turn] = parse(turnOf('卡号****', words)).transcript.turns;
  expect(turn).toMatchObject({ text: '卡号****', words: [], heard: '卡号6222' });
});

it.each([
  ['a turn longer than an hour of speech', [20_001]],
  ['more text than a day of speech', Array.from({ length: 26 }, () => 20_000)],
])('%s is refused, with TRANSCRIPT_TOO_LARGE', (_name, lengths) => {
  const turns = lengths.map((length) => ({
    ...{ channel: 1, startMs: 0, endMs: 86_000_000, text: '好'.repeat(length) },
  }));
  try {
    parse({ turns });
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, 'TRANSCRIPT_TOO_LARGE')).toBe(true);
  }
});
