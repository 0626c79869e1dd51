/**
 * True when the text is nothing but the words of a sticky pattern, read greedily from the left. One
 * pass without going back: a pattern of words repeated by a star takes exponential time on a text
 * that repeats words which also read as two.
 */
export function isMadeOf(words: RegExp, text: string): boolean {
  let at = 0;
  while (at < text.length) {
    words.lastIndex = at;
    const length = words.exec(text)?.[0].length ?? 0;
    if (length === 0) return false;
    at += length;
  }
  return true;
}
