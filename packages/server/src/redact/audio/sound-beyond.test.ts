import { expect, it } from 'vitest';
import type { Turn } from '../../record/transcript.ts';
import { soundBeyond } from './sound-beyond.ts';

/** Two channels in steps of a second: silence, and speech on the second from `from` to `to`. */
function peaksOf(seconds: number, from: number, to: number, level = 0.2) {
  const speech = Array.from({ length: seconds * 2 }, (_, at) =>
    at >= from * 2 && at < to * 2 ? (at % 2 === 0 ? -level : level) : 0,
  );
  return { stepMs: 1000, channels: [speech.map(() => 0), speech] };
}
const said = (endMs: number): Turn => ({
  ...{ channel: 1, speaker: 'customer', startMs: 0, endMs, text: '您好', words: [] },
});

it('speech under a transcript without a word is found', () => {
  expect(soundBeyond(peaksOf(60, 10, 14), [])).toBe(4000);
  expect(soundBeyond(peaksOf(60, 0, 0), [])).toBeUndefined();
});

it('talk that goes on for more than half a minute after the last word is found', () => {
  expect(soundBeyond(peaksOf(600, 0, 500), [said(250_000)])).toBe(250_000);
  expect(soundBeyond(peaksOf(600, 0, 279), [said(250_000)])).toBeUndefined();
});

it('an open line after the last word is none', () => {
  expect(soundBeyond(peaksOf(600, 0, 600, 0.01), [said(5000)])).toBeUndefined();
});
