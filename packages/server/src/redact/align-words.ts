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
 * What nobody can see (zero-width characters, marks of direction) is in neither.
 */
export function alignWords(seen: Turn): { text: string; words: PlacedWord[] } {
  const turn = withoutUnseen(seen);
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

/** Format characters, unless they join an emoji. */
const UNSEEN =
  /(?<!\p{Extended_Pictographic}\uFE0F?)[\u00AD\u034F\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\u3164\uFEFF]/gu;

function withoutUnseen(turn: Turn): Pick<Turn, 'text' | 'words'> {
  const { text, words } = turn;
  const visible = text.replace(UNSEEN, '');
  if (visible === text && words.every((word) => !hasUnseen(word.text))) return turn;
  return {
    text: visible,
    words: words.map((word) => ({ ...word, text: word.text.replace(UNSEEN, '') })),
  };
}

function hasUnseen(text: string): boolean {
  return text.replace(UNSEEN, '') !== text;
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
