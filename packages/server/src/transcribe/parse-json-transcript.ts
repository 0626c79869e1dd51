import { z } from 'zod';
import type { Transcript, Turn, Word } from '../record/transcript.ts';
import { buildTranscript, buildTurn, checkedSpan, groupWords } from './build-transcript.ts';
import { MAX_CHANNEL, type Voice, voiceOfChannel, voiceOfLabel } from './speaker-label.ts';
import { transcriptError } from './transcript-error.ts';

const Channel = z.int().min(0).max(MAX_CHANNEL);
const Label = z.union([z.string().max(200), z.number()]);
const Confidence = z.number().min(0).max(1).optional();
const Language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
  .optional();

const OwnTranscript = z.object({
  language: Language,
  turns: z.array(
    z.object({
      channel: Channel,
      speaker: z.enum(['agent', 'customer', 'unknown']).optional(),
      startMs: z.number(),
      endMs: z.number(),
      text: z.string().default(''),
      words: z
        .array(
          z.object({
            text: z.string(),
            startMs: z.number(),
            endMs: z.number(),
            confidence: Confidence,
          }),
        )
        .default([]),
    }),
  ),
});

const TEXT_FIELDS = ['punctuated_word', 'text', 'word', 'w'] as const;

/** A word with its text under any of the usual names; times are seconds. */
const SecondsWord = z
  .object({
    text: z.string().optional(),
    word: z.string().optional(),
    w: z.string().optional(),
    punctuated_word: z.string().optional(),
    start: z.number(),
    end: z.number(),
    channel: z.union([Channel, z.string().max(200)]).nullish(),
    ch: z.union([Channel, z.string().max(200)]).nullish(),
    speaker: Label.nullish(),
    confidence: z.number().nullish(),
    probability: z.number().nullish(),
  })
  .refine((word) => TEXT_FIELDS.some((name) => word[name] !== undefined), {
    message: 'has no text',
    path: ['text'],
  });
type SecondsWord = z.infer<typeof SecondsWord>;

const FlatWords = z.object({ language: Language, words: z.array(SecondsWord) });

const Segment = z.object({
  start: z.number(),
  end: z.number(),
  text: z.string(),
  speaker: Label.nullish(),
  channel: Channel.nullish(),
});
const VerboseJson = z.object({
  language: z.string().max(40).nullish(),
  segments: z.array(Segment.extend({ words: z.array(SecondsWord).nullish() })).nullish(),
  words: z.array(SecondsWord).nullish(),
});

const WtfTranscript = z.object({
  transcript: z.object({ text: z.string(), language: Language }),
  segments: z.array(Segment.extend({ words: z.array(z.int().min(0)).nullish() })),
  words: z.array(SecondsWord.and(z.object({ id: z.int().min(0).optional() }))).nullish(),
  speakers: z.record(z.string(), z.object({ label: z.string().optional() })).nullish(),
});

export type JsonFormat = 'json' | 'words' | 'verbose_json' | 'wtf';

/** Which JSON form a value has, by the fields it carries; undefined for none of them. */
export function jsonFormat(value: unknown): JsonFormat | undefined {
  if (Array.isArray(value)) return 'words';
  if (value === null || typeof value !== 'object') return undefined;
  const has = (name: string) => Array.isArray((value as Record<string, unknown>)[name]);
  const text = (value as Record<string, unknown>)['text'];
  const transcript = (value as Record<string, unknown>)['transcript'];
  if (has('turns')) return 'json';
  if (has('segments') && transcript !== null && typeof transcript === 'object') return 'wtf';
  if (has('segments')) return 'verbose_json';
  if (has('words')) return typeof text === 'string' ? 'verbose_json' : 'words';
  return undefined;
}

/** Our own form: turns with times in milliseconds. */
export function parseOwnJson(value: unknown): Transcript {
  const input = checked(OwnTranscript, value);
  const turns = input.turns.map((turn, index): Turn => {
    const field = `turns/${index}`;
    const voice = voiceOfChannel(turn.channel);
    return buildTurn({
      voice: { ...voice, speaker: turn.speaker ?? voice.speaker },
      ...checkedSpan(turn.startMs, turn.endMs, field),
      text: turn.text,
      words: turn.words.map((word, at) => ({
        text: word.text,
        ...checkedSpan(word.startMs, word.endMs, `${field}/words/${at}`),
        ...(word.confidence === undefined ? {} : { confidence: word.confidence }),
      })),
      field,
    });
  });
  return buildTranscript('supplied:json', input.language, turns);
}

/** A flat list of words with times in seconds, grouped into turns by voice and pause. */
export function parseFlatWords(value: unknown): Transcript {
  const input = checked(FlatWords, Array.isArray(value) ? { words: value } : value);
  const heard = input.words.map((word, at) => heardWord(word, `words/${at}`));
  return buildTranscript('supplied:words', input.language, groupWords(heard, 'words'));
}

/** OpenAI's `verbose_json` answer, with words beside or inside the segments, or words only. */
export function parseVerboseJson(value: unknown): Transcript {
  const input = checked(VerboseJson, value);
  const loose = (input.words ?? []).map((word, at) => heardWord(word, `words/${at}`));
  const segments = input.segments ?? [];
  let next = 0;
  const turns = segments.map((segment, index): Turn => {
    const field = `segments/${index}`;
    const span = checkedSpan(segment.start * 1000, segment.end * 1000, field);
    let words: (Word & { voice: Voice })[];
    if (segment.words) {
      words = segment.words.map((word, at) => heardWord(word, `${field}/words/${at}`));
    } else {
      // A word belongs to the segment in which its middle lies; the last one takes the rest.
      const from = next;
      while (
        next < loose.length &&
        (index === segments.length - 1 || middle(loose[next]) < span.endMs)
      )
        next++;
      words = loose.slice(from, next);
    }
    return segmentTurn(segment, span, words, undefined, field);
  });
  if (segments.length === 0) turns.push(...groupWords(loose, 'words'));
  return buildTranscript('supplied:verbose_json', languageCode(input.language), turns);
}

/** The World Transcription Format of draft-howe-vcon-wtf-extension. */
export function parseWtf(value: unknown): Transcript {
  const input = checked(WtfTranscript, value);
  const list = input.words ?? [];
  const heard = list.map((word, at) => heardWord(word, `words/${at}`));
  const byId = new Map(list.map((word, at) => [word.id ?? at, heard[at]]));
  const turns = input.segments.map((segment, index): Turn => {
    const field = `segments/${index}`;
    const words = (segment.words ?? []).map((id, at) => {
      const word = byId.get(id);
      if (word !== undefined) return word;
      throw unreadable('names a word that is not there', `${field}/words/${at}`);
    });
    const span = checkedSpan(segment.start * 1000, segment.end * 1000, field);
    const label = input.speakers?.[String(segment.speaker)]?.label;
    return segmentTurn(segment, span, words, label, field);
  });
  if (turns.length === 0) turns.push(...groupWords(heard, 'words'));
  return buildTranscript('supplied:wtf', input.transcript.language, turns);
}

function segmentTurn(
  segment: z.infer<typeof Segment>,
  span: { startMs: number; endMs: number },
  heard: readonly (Word & { voice: Voice })[],
  label: string | undefined,
  field: string,
): Turn {
  const named = label === undefined ? undefined : voiceOfLabel(label);
  const voice = named ?? voiceOf(segment) ?? heard[0]?.voice ?? UNKNOWN_VOICE;
  const words = heard.map(({ voice: _, ...word }) => word);
  return buildTurn({ voice, ...span, text: segment.text.trim(), words, field });
}

const UNKNOWN_VOICE: Voice = { speaker: 'unknown', channel: 0 };

function voiceOf(from: {
  channel?: number | string | null | undefined;
  ch?: number | string | null | undefined;
  speaker?: number | string | null | undefined;
}): Voice | undefined {
  const channel = from.channel ?? from.ch;
  if (typeof channel === 'number') {
    const voice = voiceOfChannel(channel);
    const named = typeof from.speaker === 'string' ? voiceOfLabel(from.speaker) : undefined;
    return named === undefined ? voice : { channel, speaker: named.speaker };
  }
  const label = channel ?? from.speaker;
  return label === undefined || label === null ? undefined : voiceOfLabel(label);
}

function heardWord(word: SecondsWord, field: string): Word & { voice: Voice } {
  const confidence = word.confidence ?? word.probability;
  const known = typeof confidence === 'number' && confidence >= 0 && confidence <= 1;
  return {
    text: textOf(word).trim(),
    ...checkedSpan(word.start * 1000, word.end * 1000, field),
    ...(known ? { confidence } : {}),
    voice: voiceOf(word) ?? UNKNOWN_VOICE,
  };
}

function textOf(word: Partial<Record<(typeof TEXT_FIELDS)[number], string | undefined>>): string {
  return word.punctuated_word ?? word.text ?? word.word ?? word.w ?? '';
}

function middle(word: Word | undefined): number {
  return word === undefined ? 0 : (word.startMs + word.endMs) / 2;
}

/** `verbose_json` names languages in English words ('chinese'); others give the code. */
function languageCode(name: string | null | undefined): string | undefined {
  if (name === null || name === undefined) return undefined;
  const known: Record<string, string> = {
    chinese: 'zh',
    mandarin: 'zh',
    cantonese: 'yue',
    english: 'en',
  };
  const lower = name.toLowerCase();
  return known[lower] ?? (/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/.test(lower) ? name : undefined);
}

function checked<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unreadable(issue?.message ?? 'is not valid', issue?.path.map(String).join('/'));
}

function unreadable(message: string, field: string | undefined) {
  return transcriptError('TRANSCRIPT_UNREADABLE', message, field === '' ? undefined : field);
}
