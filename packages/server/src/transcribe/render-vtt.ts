import type { Transcript, Turn } from '../record/transcript.ts';
import { labelOf, voiceOfLabel } from './speaker-label.ts';

/**
 * The transcript as W3C WebVTT with one voiced cue a turn. `parseTranscript` reads the turns back
 * with their times, speakers and channels; word times have no place in it.
 */
export function renderVtt(transcript: Transcript): string {
  const cues = transcript.turns.map(
    (turn) =>
      `${offset(turn.startMs)} --> ${offset(turn.endMs)}\n${voiceTag(turn)}${escaped(turn.text)}</v>\n`,
  );
  return [`WEBVTT\nLanguage: ${transcript.language}\n`, ...cues].join('\n');
}

function voiceTag(turn: Turn): string {
  const label = labelOf(turn);
  const usual = voiceOfLabel(label)?.channel === turn.channel;
  return `<v${usual ? '' : `.ch${turn.channel}`} ${label}>`;
}

function escaped(text: string): string {
  const oneLine = text.replace(/\s*[\r\n\u2028\u2029\v\f]+\s*/g, ' ').trim();
  return oneLine.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function offset(ms: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${clock.map(two).join(':')}.${String(ms % 1000).padStart(3, '0')}`;
}
