import type { Word } from '../record/transcript.ts';

const LATIN_WORD = /[\p{Script=Latin}]{2}/u;
const STARTS_PLAIN = /^[\p{Script=Latin}\p{Nd}]/u;
const ENDS_PLAIN = /[\p{Script=Latin}\p{Nd}.,;:!?'"%)]$/u;
const SPOKEN = /[\p{L}\p{N}]/u;

/**
 * Words whose texts, put one after the other, read as a sentence: a space goes in front of a word
 * where Latin words meet, none between Chinese words or single digits.
 */
export function spaceWords(words: readonly Word[]): Word[] {
  return words.map((word, index) => {
    const before = words[index - 1]?.text ?? '';
    const apart =
      STARTS_PLAIN.test(word.text) &&
      ENDS_PLAIN.test(before) &&
      (LATIN_WORD.test(word.text) || LATIN_WORD.test(before));
    return apart ? { ...word, text: ` ${word.text}` } : word;
  });
}

/**
 * Gives every character of `text` to one word, so that the words' texts joined are `text`: what
 * stands between two words (punctuation, spaces) goes with the word before it. Undefined when the
 * words do not spell the text.
 */
export function alignWords(text: string, words: readonly Word[]): Word[] | undefined {
  if (words.length === 0) return undefined;
  const starts: number[] = [];
  let at = 0;
  for (const word of words) {
    const wanted = word.text.trim();
    if (wanted === '') return undefined;
    while (at < text.length && !matchesAt(text, at, wanted)) {
      const skipped = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (SPOKEN.test(skipped)) return undefined;
      at += skipped.length;
    }
    if (at >= text.length) return undefined;
    starts.push(at);
    at += wanted.length;
  }
  if (SPOKEN.test(text.slice(at))) return undefined;
  return words.map((word, index) => ({
    ...word,
    text: text.slice(index === 0 ? 0 : starts[index], starts[index + 1] ?? text.length),
  }));
}

function matchesAt(text: string, at: number, wanted: string): boolean {
  const found = text.slice(at, at + wanted.length);
  return found === wanted || found.toLowerCase() === wanted.toLowerCase();
}
