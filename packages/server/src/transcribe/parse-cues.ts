import type { Transcript, Turn } from '../record/transcript.ts';
import { buildTranscript, buildTurn, checkedSpan } from './build-transcript.ts';
import { MAX_CHANNEL, takePrefix, type Voice, voiceOfLabel } from './speaker-label.ts';
import { transcriptError } from './transcript-error.ts';

const TIMING = /^\s*(\S+)[ \t]+-->[ \t]+(\S+)(?:[ \t].*)?$/;
const TIME = /^(?:(\d{1,4}):)?([0-5]\d):([0-5]\d)[.,](\d{3})$/;
const SRT_START = /^\s*\d+[ \t]*\n\s*\d{1,4}:\d\d:\d\d[.,]\d{3}[ \t]+-->/;
const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
  quot: '"',
};

/** 'vtt' or 'srt' by the first characters of the text, otherwise undefined. */
export function cueFormat(text: string): 'vtt' | 'srt' | undefined {
  if (/^WEBVTT(?:[ \t\n]|$)/.test(text)) return 'vtt';
  return SRT_START.test(text) ? 'srt' : undefined;
}

/** W3C WebVTT: cues with optional voices; notes, styles and regions are passed over. */
export function parseVtt(text: string): Transcript {
  const [header = '', ...blocks] = blocksOf(text);
  const language = /^Language:[ \t]*([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)[ \t]*$/m.exec(
    header,
  )?.[1];
  const turns = blocks.flatMap((block, index) =>
    /^(NOTE|STYLE|REGION)(\s|$)/.test(block) ? [] : readCue(block, `cues/${index}`, voicedParts),
  );
  return buildTranscript('supplied:vtt', language, turns);
}

/** SubRip: numbered cues; a speaker in front of the text ('客服：…') is understood. */
export function parseSrt(text: string): Transcript {
  const turns = blocksOf(text).flatMap((block, index) =>
    readCue(block, `cues/${index}`, (payload) => [plainPart(payload)]),
  );
  return buildTranscript('supplied:srt', undefined, turns);
}

interface Part {
  voice: Voice;
  text: string;
}

const UNKNOWN_VOICE: Voice = { speaker: 'unknown', channel: 0 };

function blocksOf(text: string): string[] {
  return text
    .split(/\n[ \t]*\n/)
    .map((block) => block.replace(/^\n+|\n+$/g, ''))
    .filter((b) => b.trim() !== '');
}

function readCue(block: string, field: string, partsOf: (payload: string) => Part[]): Turn[] {
  const lines = block.split('\n');
  // The first line may be the cue's number or name.
  const at = lines[0]?.includes('-->') ? 0 : 1;
  const match = TIMING.exec(lines[at] ?? '');
  if (match === null) {
    throw transcriptError('TRANSCRIPT_UNREADABLE', 'has no timing line', field);
  }
  const span = checkedSpan(offsetMs(match[1], field), offsetMs(match[2], field), field);
  return partsOf(lines.slice(at + 1).join('\n')).map(({ voice, text }) =>
    buildTurn({ voice, ...span, text, words: [], field }),
  );
}

function offsetMs(text: string | undefined, field: string): number {
  const match = TIME.exec(text ?? '');
  if (match === null) throw transcriptError('TRANSCRIPT_TIMES_BAD', 'is not a time', field);
  const [, hours = '0', minutes, seconds, millis] = match;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total * 1000 + Number(millis);
}

/** A WebVTT payload cut at its voice tags: what each voice says. */
function voicedParts(payload: string): Part[] {
  const pieces = payload.split(/<v((?:\.[^\s<>.]+)*)[ \t\n]+([^<>]*)>/);
  const parts: Part[] = [];
  const lead = pieces[0] ?? '';
  if (plainText(lead) !== '') parts.push(plainPart(lead));
  for (let at = 1; at < pieces.length; at += 3) {
    const [classes = '', name = '', said = ''] = pieces.slice(at, at + 3);
    const voice = voiceOfLabel(decodeEntities(name)) ?? UNKNOWN_VOICE;
    const channel = Number(/\.ch(\d{1,2})(?=\.|$)/.exec(classes)?.[1] ?? voice.channel);
    const known = channel <= MAX_CHANNEL ? channel : voice.channel;
    parts.push({ voice: { ...voice, channel: known }, text: plainText(said) });
  }
  return parts;
}

function plainPart(payload: string): Part {
  const { voice, text } = takePrefix(plainText(payload));
  return { voice: voice ?? UNKNOWN_VOICE, text };
}

/** Without tags and with entities read; lines become one, as a transcript has no line breaks. */
function plainText(payload: string): string {
  const bare = payload.replace(/<[^<>]*>/g, '').replace(/\{\\[^{}]*\}/g, '');
  return decodeEntities(bare.replace(/[ \t]*\n[ \t]*/g, ' ')).trim();
}

function decodeEntities(text: string): string {
  return text.replace(/&([a-z]{2,4});/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
