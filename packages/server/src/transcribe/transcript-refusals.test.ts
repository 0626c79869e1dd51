import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArchiveError } from '../core/errors.ts';
import { MAX_TRANSCRIPT_BYTES, parseTranscript } from './parse-transcript.ts';
import { parse, refusal } from './transcripts.testing.ts';

describe('refusals', () => {
  const word = { text: '好', start: 0, end: 1 };
  it.each([
    ['nothing', '  ', 'TRANSCRIPT_UNREADABLE', 'transcript'],
    ['prose', '您好，请问', 'TRANSCRIPT_FORMAT_UNKNOWN', 'transcript'],
    ['a JSON object of another kind', { a: 1 }, 'TRANSCRIPT_FORMAT_UNKNOWN', 'transcript'],
    ['broken JSON', '{"words":[', 'TRANSCRIPT_UNREADABLE', 'transcript'],
    ['bytes that are no text', Buffer.from([0x80, 0xff]), 'TRANSCRIPT_UNREADABLE', 'transcript'],
    ['a word without text', [{ start: 0, end: 1 }], 'TRANSCRIPT_UNREADABLE', 'words/0/text'],
    [
      'a word without a time',
      [word, { text: '好', end: 1 }],
      'TRANSCRIPT_UNREADABLE',
      'words/1/start',
    ],
    ['a negative time', [{ ...word, start: -1 }], 'TRANSCRIPT_TIMES_BAD', 'words/0/start'],
    ['an end before the start', [{ ...word, start: 2 }], 'TRANSCRIPT_TIMES_BAD', 'words/0'],
    ['a time beyond a day', [{ ...word, end: 86_401 }], 'TRANSCRIPT_TIMES_BAD', 'words/0/end'],
    [
      'words out of order in a turn',
      {
        turns: [
          {
            channel: 0,
            startMs: 0,
            endMs: 9,
            words: [
              { text: 'b', startMs: 5, endMs: 6 },
              { text: 'a', startMs: 1, endMs: 2 },
            ],
          },
        ],
      },
      'TRANSCRIPT_TIMES_BAD',
      'turns/0/words/1',
    ],
    ['a cue without times', 'WEBVTT\n\nhello\nthere', 'TRANSCRIPT_UNREADABLE', 'cues/0'],
    ['a cue with odd times', 'WEBVTT\n\n00:01 --> 00:02\nx', 'TRANSCRIPT_TIMES_BAD', 'cues/0'],
  ])('%s', (_, input, code, field) => {
    expect(refusal(input)).toEqual({ code, field });
  });

  it('more than 64 MiB', () => {
    const code = 'TRANSCRIPT_TOO_LARGE';
    expect(refusal(new Uint8Array(MAX_TRANSCRIPT_BYTES + 1)).code).toBe(code);
  });

  it('never repeats the text, not even in a message about JSON', () => {
    try {
      parse('{"words": 身份证330106');
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify([String(error), (error as ArchiveError).publicMessage])).not.toContain(
        '3301',
      );
    }
  });

  it('whatever the bytes are, nothing but an ArchiveError is thrown (property)', () => {
    const start = fc.constantFrom(
      '',
      'WEBVTT\n\n',
      '1\n00:00:01,000 --> ',
      '{"words":',
      '{"turns":[',
    );
    const text = fc
      .tuple(start, fc.oneof(fc.string(), fc.json()))
      .map(([a, b]) => Buffer.from(a + b));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), text), (bytes) => {
        try {
          parseTranscript(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ArchiveError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
