import { normaliseText } from '../../core/blind-index.ts';

const AROUND = 18;
const LENGTH = 60;

/** True when the redacted turns really contain every phrase. */
export function containsAll(texts: string[], phrases: string[]): boolean {
  const turns = texts.map(normaliseText);
  return phrases.every((phrase) => turns.some((turn) => turn.includes(phrase)));
}

/** The first words that match with what stands around them, or the first words of the call. */
export function snippetOf(
  texts: string[],
  phrases: string[],
): { snippet: string; marks: [number, number][] } {
  for (const text of texts) {
    // Ranges are of the text as shown, so only texts that normalise to the same length are marked.
    const plain = normaliseText(text);
    const hit = phrases.find((phrase) => plain.includes(phrase));
    if (hit === undefined) continue;
    if (plain.length !== text.length) return { snippet: text.slice(0, LENGTH), marks: [] };
    const at = plain.indexOf(hit);
    const start = Math.max(0, at - AROUND);
    const end = Math.min(text.length, Math.max(at + hit.length + AROUND, start + LENGTH));
    const lead = start > 0 ? '…' : '';
    const snippet = `${lead}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
    return { snippet, marks: marksIn(snippet, phrases) };
  }
  const first = texts.join(' ');
  return {
    snippet: first.length > LENGTH ? `${first.slice(0, LENGTH)}…` : first,
    marks: [],
  };
}

function marksIn(snippet: string, phrases: string[]): [number, number][] {
  const plain = normaliseText(snippet);
  if (plain.length !== snippet.length) return [];
  const marks: [number, number][] = [];
  for (const phrase of phrases) {
    for (let at = plain.indexOf(phrase); at >= 0; at = plain.indexOf(phrase, at + phrase.length)) {
      marks.push([at, at + phrase.length]);
    }
  }
  return marks.sort((a, b) => a[0] - b[0]);
}
