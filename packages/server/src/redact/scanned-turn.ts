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

/**
 * One script, one width, digits for what sounds like them, and replacements opaque. The length
 * never changes, so that positions in the result are positions in the source.
 */
export function normaliseText(text: string): string {
  const plain = text.replace(WIDE, (char) => char.normalize('NFKC'));
  return hearDigits(simplifyCharacters(plain)).replace(MASKED, (token) =>
    OPAQUE.repeat(token.length),
  );
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

/** The text with the pieces made opaque; `pieces` lie in this turn. */
export function maskPieces(text: string, pieces: readonly Piece[]): string {
  let masked = text;
  for (const { start, end } of pieces) {
    masked = masked.slice(0, start) + OPAQUE.repeat(end - start) + masked.slice(end);
  }
  return masked;
}
