import { ArchiveError } from '../core/errors.ts';
import type { Transcript } from '../record/transcript.ts';
import { cueFormat, parseSrt, parseVtt } from './parse-cues.ts';
import {
  type JsonFormat,
  jsonFormat,
  parseFlatWords,
  parseOwnJson,
  parseVerboseJson,
  parseWtf,
} from './parse-json-transcript.ts';
import { transcriptError } from './transcript-error.ts';

export type TranscriptFormat = JsonFormat | 'vtt' | 'srt';

/** 64 MiB: a day of talk with word times is a tenth of that. */
export const MAX_TRANSCRIPT_BYTES = 64 * 1024 * 1024;

/** A day of talk has about 430,000 characters, and nobody speaks for an hour in one turn. */
const MOST_CHARACTERS = 500_000;
const MOST_TURN_CHARACTERS = 20_000;

const PARSERS: Record<JsonFormat, (value: unknown) => Transcript> = {
  json: parseOwnJson,
  words: parseFlatWords,
  verbose_json: parseVerboseJson,
  wtf: parseWtf,
};

/**
 * Reads a supplied transcript. The form is found from the content alone: our JSON, a flat list of
 * words, OpenAI `verbose_json`, the World Transcription Format, WebVTT or SubRip; `hint` only makes
 * a refusal clearer. Times come out in milliseconds from the start of the media. Where the input
 * does not say who speaks, `speaker` is 'unknown' and the channel is not to be relied on: such a
 * turn has to be masked on every channel. Rejects with TRANSCRIPT_TOO_LARGE,
 * TRANSCRIPT_FORMAT_UNKNOWN, TRANSCRIPT_UNREADABLE or TRANSCRIPT_TIMES_BAD, naming the field.
 */
export function parseTranscript(
  bytes: Uint8Array,
  hint: { mediaType?: string; fileName?: string } = {},
): { transcript: Transcript; format: TranscriptFormat } {
  if (bytes.length > MAX_TRANSCRIPT_BYTES) {
    throw transcriptError('TRANSCRIPT_TOO_LARGE', `is larger than ${MAX_TRANSCRIPT_BYTES} bytes`);
  }
  const text = decode(bytes);
  if (text.trim() === '') throw transcriptError('TRANSCRIPT_UNREADABLE', 'is empty');
  const cues = cueFormat(text);
  try {
    if (cues === 'vtt') return { transcript: sized(parseVtt(text)), format: 'vtt' };
    if (cues === 'srt') return { transcript: sized(parseSrt(text)), format: 'srt' };
    if (!/^\s*[[{]/.test(text)) throw unknownFormat(hint.mediaType);
    const value = parseJson(text);
    const format = jsonFormat(value);
    if (format === undefined) throw unknownFormat(hint.mediaType);
    return { transcript: sized(PARSERS[format](value)), format };
  } catch (cause) {
    if (cause instanceof ArchiveError) throw cause;
    throw transcriptError('TRANSCRIPT_UNREADABLE', 'cannot be read', undefined, cause);
  }
}

/** What no call can say is refused, before every rule reads it. */
function sized(transcript: Transcript): Transcript {
  const lengths = transcript.turns.map((turn) => turn.text.length + (turn.heard?.length ?? 0));
  const longest = lengths.findIndex((length) => length > MOST_TURN_CHARACTERS);
  if (longest >= 0) {
    const message = `has more than ${MOST_TURN_CHARACTERS} characters`;
    throw transcriptError('TRANSCRIPT_TOO_LARGE', message, `turns/${longest}`);
  }
  if (lengths.reduce((sum, length) => sum + length, 0) > MOST_CHARACTERS) {
    throw transcriptError('TRANSCRIPT_TOO_LARGE', `has more than ${MOST_CHARACTERS} characters`);
  }
  return transcript;
}

/** UTF-8, or UTF-16 with a byte-order mark; line ends become '\n'. */
function decode(bytes: Uint8Array): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  try {
    const text = new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes);
    return text.replace(/\r\n?/g, '\n');
  } catch {
    throw transcriptError('TRANSCRIPT_UNREADABLE', 'is neither UTF-8 nor marked UTF-16 text');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be personal data.
    throw transcriptError('TRANSCRIPT_UNREADABLE', 'is not valid JSON');
  }
}

function unknownFormat(mediaType: string | undefined) {
  const declared = /^[a-z]+\/[a-z0-9.+-]{1,60}$/.exec(mediaType ?? '')?.[0];
  const message = `is none of own JSON, words JSON, verbose_json, WTF, WebVTT, SubRip${
    declared === undefined ? '' : `, though declared as ${declared}`
  }`;
  return transcriptError('TRANSCRIPT_FORMAT_UNKNOWN', message);
}
