import fc from 'fast-check';
import { ArchiveError } from '../core/errors.ts';
import { parseTranscript } from './parse-transcript.ts';

export const bytesOf = (input: unknown) =>
  Buffer.from(typeof input === 'string' ? input : JSON.stringify(input));
export const parse = (input: unknown) => parseTranscript(bytesOf(input));

/** What a transcript is refused with; throws where it is taken. */
export function refusal(input: unknown): { code: string; field: string | undefined } {
  try {
    parseTranscript(input instanceof Uint8Array ? input : bytesOf(input));
  } catch (error) {
    if (error instanceof ArchiveError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error('was accepted');
}

/** Transcripts as our own JSON, with what trips a reader of any form: markup, arrows, line ends. */
export function arbitraryTranscript() {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('您好', 'a --> b', '<b>&amp;', '两\n\n行', 'Agent: x', '[身份证号]'),
  );
  const turn = fc
    .tuple(
      fc.nat(31),
      fc.nat(9_000_000),
      fc.array(fc.tuple(text, fc.nat(3000)), { maxLength: 5 }),
      text,
    )
    .map(([channel, startMs, parts, said]) => {
      let at = startMs;
      const words = parts.map(([word, length]) => {
        const span = { text: word, startMs: at, endMs: at + length };
        at += length;
        return span;
      });
      const joined = words.map((word) => word.text).join('');
      return { channel, startMs, endMs: at, text: parts.length === 0 ? said : joined, words };
    });
  return fc.record({
    language: fc.constantFrom('zh-CN', 'en', 'und'),
    turns: fc.array(turn, { maxLength: 4 }),
  });
}
