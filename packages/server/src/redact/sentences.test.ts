import { describe, expect, test } from 'vitest';
import type { Transcript } from '../record/transcript.ts';
import { redactTranscript, residualFindings } from './index.ts';
import { REPLACEMENTS } from './replacements.ts';
import { NEGATIVE, POSITIVE, readMarked } from './sentences.testing.ts';

const CONTEXT = { durationMs: 600_000, channels: 2, knownNumbers: [], knownNames: [] };

/** Every character its own word of 200 ms, or (`whole`) turns with times but no words. */
function transcriptOf(texts: readonly string[], whole = false): Transcript {
  let at = 0;
  const turns = texts.map((text, index) => {
    const startMs = at;
    const words = [...text].map((char) => ({ text: char, startMs: at, endMs: (at += 200) }));
    const channel = index % 2;
    const speaker = channel === 0 ? ('agent' as const) : ('customer' as const);
    return { channel, speaker, startMs, endMs: at, text, words: whole ? [] : words };
  });
  return { language: 'zh-CN', source: 'supplied:json', turns };
}

/** What the redacted turns must read, replacements standing for the marked data. */
function expectedTurns(marked: string): string[] {
  return marked
    .split('|')
    .map((turn) =>
      turn.replace(
        /⟦([a-z_]+):[^⟧]*⟧/g,
        (_, type: string) => REPLACEMENTS[type as keyof typeof REPLACEMENTS],
      ),
    );
}

/** Two replacements of one kind with only pauses between say no more than one. */
const joinTwins = (text: string): string => text.replace(/(\[[^\]]+\])(?:[\s,，、]*\1)+/g, '$1');

describe('what is personal is masked, and only that', () => {
  for (const marked of POSITIVE) {
    const { turns } = readMarked(marked);
    test(turns.join(' / '), () => {
      for (const whole of [false, true]) {
        const redacted = redactTranscript(transcriptOf(turns, whole), CONTEXT);
        const texts = redacted.transcript.turns.map((turn) => joinTwins(turn.text));
        expect(texts).toEqual(expectedTurns(marked).map(joinTwins));
        expect(residualFindings(redacted.transcript, CONTEXT)).toEqual([]);
        for (const finding of redacted.findings) {
          const text = redacted.transcript.turns[finding.turn ?? -1]?.text ?? '';
          expect(text.slice(finding.textStart, finding.textEnd)).toBe(REPLACEMENTS[finding.type]);
        }
      }
    });
  }
});

describe('amounts, dates, orders, services and everyday words stay', () => {
  for (const sentence of NEGATIVE) {
    test(sentence, () => {
      const turns = sentence.split('|');
      const redacted = redactTranscript(transcriptOf(turns), CONTEXT);
      expect(redacted.transcript.turns.map((turn) => turn.text)).toEqual(turns);
      expect(redacted.maskSpans).toEqual([]);
    });
  }
});

test('the table holds at least 80 sentences, 30 of them with nothing personal', () => {
  expect(POSITIVE.length + NEGATIVE.length).toBeGreaterThanOrEqual(80);
  expect(NEGATIVE.length).toBeGreaterThanOrEqual(30);
});
