import type { Turn, Word } from '../record/transcript.ts';

/** A word and the characters of the turn's text that it is. */
export interface PlacedWord {
  word: Word;
  start: number;
  end: number;
}

const LONGEST_SKIP = 12;

/**
 * Where each word stands in the text. The text may have spaces and punctuation between words; when
 * it says something else than its words do, the words are what was said and the text is made anew.
 */
export function alignWords(turn: Turn): { text: string; words: PlacedWord[] } {
  const words: PlacedWord[] = [];
  let at = 0;
  for (const word of turn.words) {
    const start = turn.text.indexOf(word.text, at);
    const isNear = start >= 0 && start - at <= LONGEST_SKIP;
    if (!isNear || /[\p{L}\p{N}]/u.test(turn.text.slice(at, start))) return joined(turn.words);
    at = start + word.text.length;
    words.push({ word, start, end: at });
  }
  if (words.length > 0 && /[\p{L}\p{N}]/u.test(turn.text.slice(at))) return joined(turn.words);
  return { text: turn.text, words };
}

function joined(words: readonly Word[]): { text: string; words: PlacedWord[] } {
  let text = '';
  const placed: PlacedWord[] = [];
  for (const word of words) {
    const needsSpace = /[A-Za-z]$/.test(text) && /^[A-Za-z]/.test(word.text);
    if (needsSpace) text += ' ';
    placed.push({ word, start: text.length, end: text.length + word.text.length });
    text += word.text;
  }
  return { text, words: placed };
}
