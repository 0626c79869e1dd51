import type { CallMetadata } from '../record/metadata.ts';
import type { Transcript, Turn } from '../record/transcript.ts';

/** Text as rules compare it: one width, lower case, no spaces between Chinese characters. */
export function comparable(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().trim();
  return plain.replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '').replace(/\s+/g, ' ');
}

/** Something that was said or written down, ready to be compared. */
export interface Utterance {
  speaker: Turn['speaker'];
  text: string;
}

export interface Negation {
  negators: readonly string[];
  neutral: readonly string[];
}

/** What a call says: its turns, the customer's demand, the agent's note. */
export function utterancesOf(
  transcript: Transcript,
  metadata: Pick<CallMetadata, 'demand' | 'agentNote'>,
): Utterance[] {
  const written: Utterance[] = [];
  if (metadata.demand !== undefined) written.push({ speaker: 'customer', text: metadata.demand });
  if (metadata.agentNote !== undefined)
    written.push({ speaker: 'unknown', text: metadata.agentNote });
  return [...transcript.turns, ...written].map(({ speaker, text }) => ({
    speaker,
    text: comparable(text),
  }));
}

/**
 * True when `word` is said at least once without being denied: the words directly in front of it
 * are walked back over negators (没有, 不是 …) and neutral words (任何, 特别 …); an odd number of
 * negators denies it. An unknown speaker may be anyone.
 */
export function isSaid(
  utterances: readonly Utterance[],
  word: string,
  speaker: 'agent' | 'customer' | 'any',
  negation: Negation,
): boolean {
  return utterances.some((utterance) => {
    const heard =
      speaker === 'any' || utterance.speaker === 'unknown' || utterance.speaker === speaker;
    if (!heard) return false;
    for (let at = find(utterance.text, word, 0); at >= 0; at = find(utterance.text, word, at + 1)) {
      if (!isDenied(utterance.text.slice(0, at), negation)) return true;
    }
    return false;
  });
}

/** The next place of a word; a Latin word must stand alone ('id' is not in 'video'). */
function find(text: string, word: string, from: number): number {
  const latin = /[a-z0-9]/;
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? '';
    const after = text[at + word.length] ?? '';
    const joinsBefore = latin.test(before) && latin.test(word[0] ?? '');
    const joinsAfter = latin.test(after) && latin.test(word.at(-1) ?? '');
    if (!joinsBefore && !joinsAfter) return at;
  }
  return -1;
}

function isDenied(before: string, { negators, neutral }: Negation): boolean {
  let rest = before;
  let denials = 0;
  for (;;) {
    rest = rest.trimEnd();
    const skip = longestEnding(rest, neutral);
    const deny = longestEnding(rest, negators);
    if (skip === 0 && deny === 0) return denials % 2 === 1;
    if (deny > skip) denials++;
    rest = rest.slice(0, -Math.max(skip, deny));
  }
}

function longestEnding(text: string, words: readonly string[]): number {
  return words.reduce(
    (most, word) => (word.length > most && text.endsWith(word) ? word.length : most),
    0,
  );
}
