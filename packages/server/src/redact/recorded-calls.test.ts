import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../core/shared-folder.testing.ts';
import type { Transcript, Turn } from '../record/transcript.ts';
import { redactTranscript, residualFindings } from './index.ts';

interface TimedText {
  channel: number;
  start: number;
  end: number;
}
interface Truth {
  id: string;
  duration: number;
  words: (TimedText & { text: string })[];
  pii: (TimedText & { type: string; value: string })[];
}

const HAN_DIGITS = ['零〇洞', '一幺', '二两', '三', '四', '五', '六', '七', '八', '九'];
const shared = sharedFolder();
const folder = shared && join(shared, 'calls');
const calls: Truth[] = !folder
  ? []
  : readdirSync(folder)
      .filter((name) => name.endsWith('.truth.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth);

function transcriptOf(call: Truth): Transcript {
  const turns: Turn[] = [];
  for (const { channel, text, start, end } of call.words) {
    let turn = turns.at(-1);
    const startMs = Math.round(start * 1000);
    const endMs = Math.round(end * 1000);
    if (turn?.channel !== channel) {
      const speaker = channel === 0 ? 'agent' : 'customer';
      turn = { channel, speaker, startMs, endMs, text: '', words: [] };
      turns.push(turn);
    }
    turn.text += text;
    turn.endMs = endMs;
    turn.words.push({ text, startMs, endMs });
  }
  return { language: 'zh-CN', source: 'supplied:json', turns };
}

const contextOf = (call: Truth, channels = 2) => ({
  durationMs: Math.round(call.duration * 1000),
  channels,
  knownNumbers: [],
  knownNames: [],
});

function asDigits(text: string): string {
  return [...text]
    .map((char) => {
      const digit = HAN_DIGITS.findIndex((forms) => forms.includes(char));
      return digit < 0 ? char : String(digit);
    })
    .join('');
}

describe.skipIf(calls.length === 0)('recorded calls', () => {
  test('the shared calls are all read', () => {
    expect(calls.length).toBeGreaterThanOrEqual(12);
  });

  for (const call of calls) {
    test(`${call.id}: every known datum is masked on its channel, in sound and text`, () => {
      const redacted = redactTranscript(transcriptOf(call), contextOf(call));
      for (const datum of call.pii) {
        const covering = redacted.maskSpans.filter(
          (span) =>
            span.channel === datum.channel &&
            span.startMs <= datum.start * 1000 + 1 &&
            span.endMs >= datum.end * 1000 - 1,
        );
        expect(covering, `${datum.type} at ${datum.start} s`).toHaveLength(1);
        const whole = redacted.transcript.turns.map((turn) => turn.text).join('');
        expect(whole).not.toContain(datum.value);
        expect(asDigits(whole)).not.toContain(asDigits(datum.value));
      }
      expect(redacted.unlocatable).toEqual([]);
      expect(residualFindings(redacted.transcript, contextOf(call))).toEqual([]);
    });

    test(`${call.id}: nothing else is masked`, () => {
      const redacted = redactTranscript(transcriptOf(call), contextOf(call));
      const allowed = call.pii.map(({ channel, start, end }) => ({
        channel,
        startMs: start * 1000 - 101,
        endMs: end * 1000 + 101,
      }));
      const beyond = redacted.maskSpans.filter(
        (span) =>
          !allowed.some(
            (range) =>
              range.channel === span.channel &&
              range.startMs <= span.startMs &&
              range.endMs >= span.endMs,
          ),
      );
      expect(beyond).toEqual([]);
      if (call.pii.length === 0) expect(redacted.findings).toEqual([]);
    });

    test(`${call.id}: mixed down to one channel, the same times are masked on channel 0`, () => {
      const stereo = redactTranscript(transcriptOf(call), contextOf(call));
      const mono = redactTranscript(transcriptOf(call), contextOf(call, 1));
      expect(new Set(mono.maskSpans.map((span) => span.channel))).toEqual(
        new Set(stereo.maskSpans.length > 0 ? [0] : []),
      );
      for (const span of stereo.maskSpans) {
        expect(
          mono.maskSpans.some((one) => one.startMs <= span.startMs && one.endMs >= span.endMs),
        ).toBe(true);
      }
    });
  }
});
