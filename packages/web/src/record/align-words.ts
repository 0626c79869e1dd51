import type { FindingType, TranscriptView } from '@voxkeep/contract';

export type Turn = TranscriptView['turns'][number];

/** A stretch of a turn's text: a word with its time, or what stands between words. */
export interface Stretch {
  at: number;
  text: string;
  startMs?: number;
  endMs?: number;
  masked?: FindingType;
}

/**
 * Lays the timed words over the turn's text, so that punctuation between them is kept. A word that is
 * not found where it should be is left to the plain text: the stretches always join to the text.
 */
export function alignWords(turn: Turn): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const word of turn.words) {
    const found = word.text === '' ? -1 : turn.text.indexOf(word.text, at);
    if (found === -1) continue;
    if (found > at) stretches.push({ at, text: turn.text.slice(at, found) });
    stretches.push({
      at: found,
      text: word.text,
      startMs: word.startMs,
      endMs: word.endMs,
      ...(word.masked === undefined ? {} : { masked: word.masked }),
    });
    at = found + word.text.length;
  }
  if (at < turn.text.length) stretches.push({ at, text: turn.text.slice(at) });
  return stretches;
}

/** The turn that is being spoken at a time; of overlapping ones the latest begun; else undefined. */
export function turnAt(turns: readonly Turn[], timeMs: number): number | undefined {
  let found: number | undefined;
  for (let index = 0; index < turns.length; index += 1) {
    const turn = turns[index];
    if (turn === undefined || turn.startMs > timeMs) continue;
    if (
      timeMs < turn.endMs &&
      (found === undefined || turn.startMs >= (turns[found]?.startMs ?? 0))
    ) {
      found = index;
    }
  }
  return found;
}
