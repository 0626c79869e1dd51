import type { Peaks } from '../../record/facts.ts';
import type { Turn } from '../../record/transcript.ts';

/** −34 dB: softer than anybody speaks, louder than a line that is merely open. */
const HEARD = 0.02;
/** Sound of this length after the last word is talk that the transcript lacks, not a farewell. */
const LONGEST_TAIL_MS = 30_000;
/** And of this length where there is no word at all. */
const LONGEST_WORDLESS_MS = 1000;

/**
 * For how long something is heard after the transcript's last word, when that is longer than a
 * call's end explains; else undefined. A transcript that was cut off, or counts by another clock,
 * says nothing of what is personal from there on.
 */
export function soundBeyond(peaks: Peaks, turns: readonly Turn[]): number | undefined {
  const lastMs = turns.reduce((last, turn) => Math.max(last, turn.endMs), 0);
  const first = Math.ceil(lastMs / peaks.stepMs);
  const steps = Math.max(0, ...peaks.channels.map((values) => values.length / 2));
  let heard = 0;
  for (let step = first; step < steps; step += 1) {
    const at = step * 2;
    if (peaks.channels.some((values) => loudness(values[at], values[at + 1]) > HEARD)) heard += 1;
  }
  const heardMs = Math.round(heard * peaks.stepMs);
  const longest = turns.length === 0 ? LONGEST_WORDLESS_MS : LONGEST_TAIL_MS;
  return heardMs > longest ? heardMs : undefined;
}

const loudness = (low = 0, high = 0): number => Math.max(-low, high);
