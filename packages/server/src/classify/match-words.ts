import { simplifyCharacters } from '../core/simplify-characters.ts';
import type { CallMetadata } from '../record/metadata.ts';
import type { Transcript, Turn } from '../record/transcript.ts';

/** Text as rules compare it: one script and width, lower case, no spaces between Chinese characters. */
export function comparable(text: string): string {
  const plain = simplifyCharacters(text.normalize('NFKC')).toLowerCase().trim();
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
  /** Phrases in which a word means something else: 爆炸 in 爆炸便宜, 被困 in 被困扰. */
  idioms: readonly string[];
}

/** A `*` in a word stands for up to so many characters of the same sentence. */
const LONGEST_GAP = 8;

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
 * negators denies it, unless denied words count too. A word inside an idiom is not said. An unknown
 * speaker may be anyone.
 */
export function isSaid(
  utterances: readonly Utterance[],
  word: string,
  speaker: 'agent' | 'customer' | 'any',
  negation: Negation,
  evenDenied = false,
): boolean {
  const first = word.split('*')[0] ?? word;
  const idioms = negation.idioms.filter((idiom) => idiom !== word && idiom.includes(first));
  return utterances.some((utterance) => {
    const heard =
      speaker === 'any' || utterance.speaker === 'unknown' || utterance.speaker === speaker;
    if (!heard) return false;
    for (let at = find(utterance.text, word, 0); at >= 0; at = find(utterance.text, word, at + 1)) {
      if (isInIdiom(utterance.text, at, word, idioms)) continue;
      if (evenDenied || !isDenied(utterance.text.slice(0, at), negation)) return true;
    }
    return false;
  });
}

/** The next place of a word, its pieces close together; a Latin word stands alone ('id' is not in 'video'). */
function find(text: string, word: string, from: number): number {
  const [first = '', ...pieces] = word.split('*');
  for (let at = text.indexOf(first, from); at >= 0; at = text.indexOf(first, at + 1)) {
    if (standsAlone(text, at, first) && follow(text, at + first.length, pieces)) return at;
  }
  return -1;
}

function standsAlone(text: string, at: number, word: string): boolean {
  const latin = /[a-z0-9]/;
  const joinsBefore = latin.test(text[at - 1] ?? '') && latin.test(word[0] ?? '');
  const joinsAfter = latin.test(text[at + word.length] ?? '') && latin.test(word.at(-1) ?? '');
  return !joinsBefore && !joinsAfter;
}

function follow(text: string, from: number, pieces: readonly string[]): boolean {
  let at = from;
  for (const piece of pieces) {
    const near = text.slice(at, at + LONGEST_GAP + piece.length);
    const gap = near.indexOf(piece);
    if (gap < 0 || /[。！？!?；;]/.test(near.slice(0, gap))) return false;
    at += gap + piece.length;
  }
  return true;
}

function isInIdiom(text: string, at: number, word: string, idioms: readonly string[]): boolean {
  const first = word.split('*')[0] ?? word;
  return idioms.some((idiom) => {
    const inside = idiom.indexOf(first);
    return text.startsWith(idiom, at - inside) && inside <= at;
  });
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
