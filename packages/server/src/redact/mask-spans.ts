import type { MaskSpan, Turn } from '../record/transcript.ts';

/** Masked beyond the words on each side: recognisers are late and early by about this much. */
export const MASK_PADDING_MS = 100;
/** Times may run this far past the media before they are called wrong. */
const CLOCK_SLACK_MS = 1000;

export interface TimeRange {
  startMs: number;
  endMs: number;
}

/** True for times that lie, in order, within the media. */
export function hasUsableTimes(range: TimeRange, durationMs: number): boolean {
  const { startMs, endMs } = range;
  return (
    Number.isFinite(startMs) &&
    Number.isFinite(endMs) &&
    startMs >= 0 &&
    startMs < endMs &&
    endMs <= durationMs + CLOCK_SLACK_MS
  );
}

/** Nobody says 25 digits or syllables in a second; times that want it are those of something else. */
const LEAST_SYLLABLE_MS = 40;

/** What is certainly a syllable or more each: figures are read out one by one. */
const syllablesIn = (text: string): number => text.match(/[\p{Script=Han}\d]/gu)?.length ?? 0;

const isLongEnough = ({ startMs, endMs }: TimeRange, text: string): boolean =>
  endMs - startMs >= LEAST_SYLLABLE_MS * syllablesIn(text);

interface Timed extends TimeRange {
  text: string;
}

/** The whole turn, when its times are usable and time enough for its text; else undefined. */
export function timeOfTurn(turn: Timed, durationMs: number): TimeRange | undefined {
  const { startMs, endMs } = turn;
  const isUsable = hasUsableTimes(turn, durationMs) && isLongEnough(turn, turn.text);
  return isUsable ? { startMs, endMs } : undefined;
}

/**
 * When the words were said: from the first to the last of them when all have usable times and time
 * enough to be said in, else the whole turn.
 */
export function timeOf(
  words: readonly Timed[],
  turn: TimeRange | undefined,
  durationMs: number,
): TimeRange | undefined {
  if (words.length === 0 || !words.every((word) => hasUsableTimes(word, durationMs))) return turn;
  const startMs = words.reduce((least, word) => Math.min(least, word.startMs), Infinity);
  const endMs = words.reduce((most, word) => Math.max(most, word.endMs), 0);
  const said = words.map((word) => word.text).join('');
  return isLongEnough({ startMs, endMs }, said) ? { startMs, endMs } : turn;
}

/** The channels that carry a turn: its own, or all when nobody can say which. */
export function channelsOf(turn: Pick<Turn, 'channel' | 'speaker'>, channels: number): number[] {
  const count = Math.max(1, Math.floor(channels) || 1);
  if (count === 1) return [0];
  const isKnown = Number.isInteger(turn.channel) && turn.channel >= 0 && turn.channel < count;
  if (isKnown && turn.speaker !== 'unknown') return [turn.channel];
  return Array.from({ length: count }, (_, channel) => channel);
}

/** The range with its padding, within the media; undefined when nothing of it is. */
export function padRange(range: TimeRange, durationMs: number): TimeRange | undefined {
  const startMs = Math.max(0, range.startMs - MASK_PADDING_MS);
  const endMs = Math.min(durationMs, range.endMs + MASK_PADDING_MS);
  return startMs < endMs ? { startMs, endMs } : undefined;
}

/** Spans in order of channel and time; those that touch are one. */
export function mergeSpans(spans: readonly MaskSpan[]): MaskSpan[] {
  const sorted = [...spans].sort((a, b) => a.channel - b.channel || a.startMs - b.startMs);
  const merged: MaskSpan[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last && last.channel === span.channel && span.startMs <= last.endMs) {
      last.endMs = Math.max(last.endMs, span.endMs);
    } else merged.push({ ...span });
  }
  return merged;
}
