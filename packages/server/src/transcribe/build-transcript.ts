import type { Transcript, Turn, Word } from '../record/transcript.ts';
import { alignWords, spaceWords } from './join-words.ts';
import type { Voice } from './speaker-label.ts';
import { transcriptError } from './transcript-error.ts';

/** A day: no call and no offset is longer. */
const MAX_OFFSET_MS = 86_400_000;
/** Words this far outside their turn belong to another time, and nobody knows which is right. */
const MOST_ASTRAY_MS = 1000;
/** A longer silence of one channel ends its turn. */
const TURN_PAUSE_MS = 1000;

/** A stretch of time in milliseconds, checked; rejects with TRANSCRIPT_TIMES_BAD. */
export function checkedSpan(
  startMs: number,
  endMs: number,
  field: string,
): { startMs: number; endMs: number } {
  for (const [name, value] of [['start', startMs] as const, ['end', endMs] as const]) {
    if (!Number.isFinite(value) || value < 0 || value > MAX_OFFSET_MS) {
      const message = 'is not a time between 0 and 24 hours';
      throw transcriptError('TRANSCRIPT_TIMES_BAD', message, `${field}/${name}`);
    }
  }
  if (endMs < startMs)
    throw transcriptError('TRANSCRIPT_TIMES_BAD', 'ends before it starts', field);
  return { startMs: Math.round(startMs), endMs: Math.round(endMs) };
}

/**
 * One turn. With words that spell the text, the text is kept with its punctuation shared out among
 * the words; with words that do not spell it, or lie outside the turn, the text is kept and the
 * words are dropped, since text must not be lost and wrong word times are worse than none; what they
 * said is kept as `heard`. Times grow to hold the words.
 */
export function buildTurn(input: {
  voice: Voice;
  startMs: number;
  endMs: number;
  text: string;
  words: readonly Word[];
  field: string;
}): Turn {
  const { voice, words, field } = input;
  words.forEach((word, index) => {
    const before = words[index - 1];
    if (before !== undefined && word.startMs < before.startMs) {
      const message = 'starts before the word in front of it';
      throw transcriptError('TRANSCRIPT_TIMES_BAD', message, `${field}/words/${index}`);
    }
  });
  const { text: written } = input;
  const spelt =
    words.map((word) => word.text).join('') === written
      ? [...words]
      : written.trim() === ''
        ? spaceWords(words)
        : alignWords(written, words);
  const astray = words.some(
    (word) =>
      word.startMs < input.startMs - MOST_ASTRAY_MS || word.endMs > input.endMs + MOST_ASTRAY_MS,
  );
  const unspelt = spelt === undefined && words.length > 0;
  return {
    channel: voice.channel,
    speaker: voice.speaker,
    startMs: words.reduce((least, word) => Math.min(least, word.startMs), input.startMs),
    endMs: words.reduce((most, word) => Math.max(most, word.endMs), input.endMs),
    text: spelt === undefined ? written : textOf(spelt),
    words: astray ? [] : (spelt ?? []),
    ...(unspelt ? { heard: textOf(spaceWords(words)) } : {}),
  };
}

const textOf = (words: readonly Word[]) => words.map((word) => word.text).join('');

/** Words of several voices, grouped into turns: one voice, no silence of more than a second. */
export function groupWords(heard: readonly (Word & { voice: Voice })[], field: string): Turn[] {
  const runs = new Map<string, (Word & { voice: Voice })[][]>();
  const inOrder = [...heard].sort((a, b) => a.startMs - b.startMs);
  for (const word of inOrder) {
    const key = `${word.voice.channel} ${word.voice.speaker}`;
    const ofVoice = runs.get(key) ?? [];
    runs.set(key, ofVoice);
    const run = ofVoice.at(-1);
    const before = run?.at(-1);
    if (run === undefined || before === undefined || word.startMs - before.endMs > TURN_PAUSE_MS) {
      ofVoice.push([word]);
    } else {
      run.push(word);
    }
  }
  return [...runs.values()].flat().flatMap((run) => {
    const [first] = run;
    if (first === undefined) return [];
    const words = run.map(({ voice: _, ...word }) => word);
    const { startMs } = first;
    const endMs = words.reduce((most, word) => Math.max(most, word.endMs), first.endMs);
    return [buildTurn({ voice: first.voice, startMs, endMs, text: '', words, field })];
  });
}

/** Turns in the order in which they start; empty ones are left out. */
export function buildTranscript(
  source: string,
  language: string | undefined,
  turns: readonly Turn[],
): Transcript {
  const spoken = turns.filter((turn) => turn.text.trim() !== '');
  spoken.sort((a, b) => a.startMs - b.startMs || a.channel - b.channel);
  return { language: language ?? guessLanguage(spoken), source, turns: spoken };
}

function guessLanguage(turns: readonly Turn[]): string {
  return turns.some((turn) => /\p{Script=Han}/u.test(turn.text)) ? 'zh' : 'und';
}
