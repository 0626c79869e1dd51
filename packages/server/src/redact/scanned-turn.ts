import { simplifyCharacters } from '../core/simplify-characters.ts';
import type { FindingType } from '../record/vocabulary.ts';
import { hearDigits } from './heard-digits.ts';
import { REPLACEMENTS } from './replacements.ts';

/** A turn as the recognisers read it: normalised, character for character as long as its source. */
export interface ScannedTurn {
  text: string;
  /** Who speaks, as far as it is known: turns of one voice may continue one number. */
  voice: string;
}

/** A range of UTF-16 positions in one turn. */
export interface Piece {
  turn: number;
  start: number;
  end: number;
}

/** Personal data as a recogniser found it: one piece for each turn that carries a part. */
export interface Match {
  type: FindingType;
  pieces: Piece[];
  confidence: number;
  evidence: string;
}

/** What the archive or the rest of the call already knows to be personal. */
export interface KnownValues {
  knownNumbers: readonly string[];
  knownNames: readonly string[];
}

/** Stands for what is already masked: no recogniser reads it or looks across it. */
export const OPAQUE = '\uE000';

const MASKED = new RegExp(
  Object.values(REPLACEMENTS)
    .map((token) => token.replace(/[[\]]/g, '\\$&'))
    .join('|'),
  'g',
);

/** Signs of other scripts and widths that stand for one ASCII character: Ａ, １, ①, ². */
const WIDE =
  /[\uFF01-\uFF5E\u3000\u00B2\u00B3\u00B9\u2070-\u2079\u2080-\u2089\u2460-\u2468\u24EA]/g;

/** Digits of mathematical alphabets, two code units each: 𝟏𝟑𝟖. */
const MATHEMATICAL = /[\u{1D7CE}-\u{1D7FF}]/gu;
/** The zeros of other scripts' digits: ٠ ۰ ० ০ ๐. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50];
const FOREIGN = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0E50-\u0E59]/g;

/**
 * One script, one width, digits for what sounds like them, and replacements opaque. The length
 * never changes, so that positions in the result are positions in the source.
 */
export function normaliseText(text: string): string {
  const plain = text
    .replace(WIDE, (char) => char.normalize('NFKC'))
    .replace(MATHEMATICAL, (char) => `${char.normalize('NFKC')} `)
    .replace(FOREIGN, digitOfScript);
  return hearDigits(simplifyCharacters(plain)).replace(MASKED, (token) =>
    OPAQUE.repeat(token.length),
  );
}

function digitOfScript(char: string): string {
  const code = char.charCodeAt(0);
  return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
}

/** A match of one piece. */
export function matchAt(
  type: FindingType,
  piece: Piece,
  confidence: number,
  evidence: string,
): Match {
  return { type, pieces: [piece], confidence, evidence };
}

/** Makes the pieces of the matches opaque, in the turns themselves; each text is written once. */
export function maskTurns(turns: readonly ScannedTurn[], matches: readonly Match[]): void {
  const byTurn = Map.groupBy(
    matches.flatMap((match) => match.pieces),
    (piece) => piece.turn,
  );
  for (const [index, pieces] of byTurn) {
    const turn = turns[index];
    if (turn) turn.text = maskPieces(turn.text, pieces);
  }
}

function maskPieces(text: string, pieces: readonly Piece[]): string {
  let masked = '';
  let read = 0;
  for (const { start, end } of [...pieces].sort((a, b) => a.start - b.start)) {
    if (end <= read) continue;
    const from = Math.max(start, read);
    masked += text.slice(read, from) + OPAQUE.repeat(end - from);
    read = end;
  }
  return masked + text.slice(read);
}
