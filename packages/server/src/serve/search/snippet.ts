import { normaliseText } from '../../core/text-tokens.ts';

/** UTF-16 units shown before the first word that matches, and in all. */
const BEFORE = 18;
const LENGTH = 60;

/** True when the redacted turns really contain every word. Words are normalised. */
export function containsAll(texts: string[], words: string[]): boolean {
  if (words.length === 0) return true;
  const turns = texts.map(normaliseText);
  return words.every((word) => turns.some((turn) => turn.includes(word)));
}

/** The turn with most of the words, around the first of them; or the first words of the call. */
export function snippetOf(
  texts: string[],
  words: string[],
): { snippet: string; marks: [number, number][] } {
  let best: { text: string; at: number; words: number } | undefined;
  for (const text of texts) {
    const plain = normaliseText(text);
    const places = words.map((word) => plain.indexOf(word)).filter((at) => at >= 0);
    if (places.length <= (best?.words ?? 0)) continue;
    // A text that changes its length when normalised is shown from its beginning, without marks.
    const at = plain.length === text.length ? Math.min(...places) : 0;
    best = { text, at, words: places.length };
  }
  const { text, at } = best ?? { text: texts.join(' '), at: 0 };
  const start = Math.max(0, Math.min(at - BEFORE, text.length - LENGTH));
  const end = Math.min(text.length, start + LENGTH);
  // A character outside the basic plane is not cut in two.
  const shown = text.slice(start, end).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  const snippet = `${start > 0 ? '…' : ''}${shown}${end < text.length ? '…' : ''}`;
  return { snippet, marks: marksIn(snippet, words) };
}

/** Where words stand in the snippet, in order, those that overlap as one. */
function marksIn(snippet: string, words: string[]): [number, number][] {
  const plain = normaliseText(snippet);
  if (plain.length !== snippet.length) return [];
  const found: [number, number][] = [];
  for (const word of words) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) {
      found.push([at, at + word.length]);
    }
  }
  const marks: [number, number][] = [];
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const last = marks.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else marks.push([start, end]);
  }
  return marks;
}
