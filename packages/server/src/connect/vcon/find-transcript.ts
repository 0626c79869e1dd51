import { z } from 'zod';
import { inlineBytes, mediaTypeOf } from './inline-content.ts';
import { channelOf, type Role, roleOf } from './party-roles.ts';
import { type Content, momentOf, type Vcon } from './vcon-shape.ts';

/** Transcripts of what was said. Redacted ones are left: the sound beside them is not redacted. */
const TRANSCRIPT_TYPES = ['transcript', 'wtf', 'wtf_transcription', 'wtf-transcription'];

export interface FoundTranscript {
  path: string;
  bytes: Buffer;
  mediaType: string;
}

/**
 * The first transcript of the recording that the transcribe room reads: World Transcription Format,
 * `verbose_json`, own JSON, words, WebVTT or SubRip as they are; Deepgram's answer and the list of
 * turns of the vCon examples are rewritten as words and turns.
 */
export function findTranscript(vcon: Vcon, recording: number): FoundTranscript | undefined {
  const places = [
    ...vcon.analysis.map((one, at) => ({ one, type: one.type, path: `analysis/${at}` })),
    ...vcon.attachments.map((one, at) => ({
      one,
      type: one.purpose ?? one.type ?? '',
      path: `attachments/${at}`,
    })),
  ];
  for (const { one, type, path } of places) {
    const of = [one.dialog ?? recording].flat();
    if (!TRANSCRIPT_TYPES.includes(type.toLowerCase()) || !of.includes(recording)) continue;
    if (one.body === undefined || one.body === null) continue;
    const found = understood(one, vcon, recording, path);
    if (found !== undefined) return { path, ...found };
  }
  return undefined;
}

function understood(
  content: Content,
  vcon: Vcon,
  recording: number,
  path: string,
): Omit<FoundTranscript, 'path'> | undefined {
  // Checked as it was sent; a body that is JSON may come as a value or as its text.
  const encoding = typeof content.body === 'string' ? content.encoding : 'json';
  const bytes = inlineBytes({ ...content, encoding: encoding ?? 'none' }, path);
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (/^WEBVTT\s/.test(text)) return { bytes, mediaType: 'text/vtt' };
  if (/^\s*\d+\s+\d+:\d\d:\d\d,\d{3} -->/.test(text))
    return { bytes, mediaType: 'application/x-subrip' };
  const value = jsonOf(text);
  const mediaType = mediaTypeOf(content) ?? 'application/json';
  const rewritten = deepgramWords(value) ?? vconTurns(value, vcon, recording, path);
  if (rewritten !== undefined) return { bytes: Buffer.from(JSON.stringify(rewritten)), mediaType };
  const known = z.union([
    z.object({ turns: z.array(z.unknown()) }),
    z.object({ segments: z.array(z.unknown()) }),
    z.object({ words: z.array(z.unknown()) }),
  ]);
  return known.safeParse(value).success ? { bytes: Buffer.from(text), mediaType } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Deepgram = z.object({
  results: z.object({
    channels: z.array(
      z.object({
        alternatives: z
          .array(
            z.object({
              words: z.array(
                z.object({
                  word: z.string(),
                  punctuated_word: z.string().optional(),
                  start: z.number(),
                  end: z.number(),
                  confidence: z.number().optional(),
                  speaker: z.number().optional(),
                }),
              ),
            }),
          )
          .min(1),
      }),
    ),
  }),
});

/** One channel holds every voice, so that only several channels say which one a word is on. */
function deepgramWords(value: unknown): { words: object[] } | undefined {
  const parsed = Deepgram.safeParse(value);
  if (!parsed.success) return undefined;
  const { channels } = parsed.data.results;
  const words = channels.flatMap(({ alternatives: [best] }, channel) =>
    (best?.words ?? []).map(({ speaker, ...word }) => ({
      ...word,
      ...(channels.length > 1 ? { channel } : { speaker: `speaker ${speaker ?? 0}` }),
    })),
  );
  return { words };
}

const VconTurns = z
  .array(
    z.object({
      parties: z.union([z.int().min(0), z.array(z.int().min(0)).min(1)]).optional(),
      start: z.union([z.string(), z.number()]),
      duration: z.number().min(0),
      text: z.string(),
    }),
  )
  .min(1);

function vconTurns(
  value: unknown,
  vcon: Vcon,
  recording: number,
  path: string,
): { turns: object[] } | undefined {
  const parsed = VconTurns.safeParse(value);
  const dialog = vcon.dialog[recording];
  if (!parsed.success || dialog === undefined) return undefined;
  const zero = momentOf(dialog.start, `dialog/${recording}/start`).getTime();
  const speakers: Record<Role, string> = { agent: 'agent', customer: 'customer', other: 'unknown' };
  return {
    turns: parsed.data.map(({ parties, start, duration, text }, at) => {
      const [party] = [parties ?? []].flat();
      const said = momentOf(start, `${path}/body/${at}/start`).getTime();
      const startMs = Math.max(0, said - zero);
      return {
        channel: channelOf(dialog, party) ?? 0,
        speaker: speakers[roleOf(vcon.parties[party ?? -1])],
        startMs,
        endMs: startMs + Math.round(duration * 1000),
        text,
      };
    }),
  };
}
