import type { FindingType } from '../record/vocabulary.ts';
import { passesLuhn } from './bank-card.ts';
import { hasLandlineShape } from './landline.ts';
import { hasMobileShape } from './phone.ts';
import { passesResidentIdCheck } from './resident-id.ts';
import type { KnownValues, Match, ScannedTurn } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import type { DigitRun } from './spoken-digits.ts';
import { piecesOf } from './spoken-digits.ts';

const SAID_AS: Readonly<Record<string, string>> = {
  ...{ 0: '0零〇洞', 1: '1一幺', 2: '2二两', 3: '3三', 4: '4四', 5: '5五', 6: '6六', 7: '7七拐' },
  ...{ 8: '8八', 9: '9九勾' },
};
const LEAST_KNOWN_DIGITS = 4;
/** This many digits of a known number in a row are a part of it, wherever they are said. */
const TELLING_DIGITS = 5;
/** Known numbers that share four digits are compared up to this many. */
const MOST_ALIKE = 50;

/** A number whose every mention is masked. */
export interface KnownNumber {
  value: string;
  type: FindingType;
}

/** The digits (and X) of what metadata knows, with what kind of number each is. */
export function readKnownNumbers(numbers: readonly string[]): KnownNumber[] {
  return numbers
    .map((number) => number.toUpperCase().replace(/[^\dX]/g, ''))
    .filter((value) => value.length >= LEAST_KNOWN_DIGITS)
    .map((value) => ({ value: value.replace(/^(?:00)?86(?=1\d{10}$)/, ''), type: typeOf(value) }));
}

function typeOf(value: string): FindingType {
  if (passesResidentIdCheck(value)) return 'id_card';
  if (hasMobileShape(value)) return 'phone';
  if (hasLandlineShape(value)) return 'landline';
  // An account that is no card is as telling as a telephone number, and no more.
  return value.length >= 13 && passesLuhn(value) ? 'bank_card' : 'phone';
}

/**
 * Runs that repeat a known number, or a telling part of it. `heard` numbers were found elsewhere in
 * the same talk: who reads one back, says it in pieces.
 */
export function findKnownNumbers(
  runs: readonly DigitRun[],
  known: readonly KnownNumber[],
  source: 'metadata' | 'read-back',
): Match[] {
  const matches: Match[] = [];
  const candidates = indexOf(known);
  for (const run of runs) {
    for (const { value, type } of candidates(run.value)) {
      const range = rangeOf(run, value);
      if (!range) continue;
      const [from, to] = range;
      const evidence = `${type}:${source}`;
      matches.push({ type, pieces: piecesOf(run, from, to), confidence: 0.9, evidence });
      break;
    }
  }
  return matches;
}

/** Which known numbers share digits with a run: each look-up costs the run's length. */
function indexOf(known: readonly KnownNumber[]): (value: string) => Iterable<KnownNumber> {
  const byPart = new Map<string, KnownNumber[]>();
  for (const number of new Map(known.map((one) => [one.value, one])).values()) {
    for (const part of partsOf(number.value)) {
      const list = byPart.get(part) ?? [];
      if (list.length < MOST_ALIKE) list.push(number);
      byPart.set(part, list);
    }
  }
  return (value) => new Set([...partsOf(value)].flatMap((part) => byPart.get(part) ?? []));
}

function partsOf(value: string): Set<string> {
  const parts = new Set<string>();
  for (let at = 0; at + LEAST_KNOWN_DIGITS <= value.length; at++) {
    parts.add(value.slice(at, at + LEAST_KNOWN_DIGITS));
  }
  return parts;
}

function rangeOf(run: DigitRun, known: string): [number, number] | undefined {
  const whole: [number, number] = [0, run.value.length];
  const at = run.value.indexOf(known);
  if (at >= 0) return run.spoken ? whole : [at, at + known.length];
  if (run.cardinalOnly || run.value.length < LEAST_KNOWN_DIGITS) return undefined;
  if (known.includes(run.value)) return whole;
  for (let from = 0; from + TELLING_DIGITS <= run.value.length; from++) {
    if (known.includes(run.value.slice(from, from + TELLING_DIGITS))) return whole;
  }
  return undefined;
}

/** Known numbers that mix letters and digits, in any mixture of figures and spoken digits. */
export function findKnownCodes(turns: readonly ScannedTurn[], known: KnownValues): Match[] {
  const patterns = known.knownNumbers
    .map((number) => [...number.toUpperCase()].filter((char) => /[\dA-Z]/.test(char)))
    .filter((chars) => chars.length >= LEAST_KNOWN_DIGITS && /[A-Z]/.test(chars.join('')))
    .map((chars) => chars.map((char) => `[${SAID_AS[char] ?? char}]`).join('[\\s\\-_,，、.·]*'));
  return eachMatch(turns, patterns, 'i', 'phone', 'phone:metadata-code');
}

/** Known names, wherever they are written or said. */
export function findKnownNames(turns: readonly ScannedTurn[], names: readonly string[]): Match[] {
  const patterns = [...new Set(names)]
    .map((name) => name.trim())
    .filter((name) => name.length >= 2)
    .sort((a, b) => b.length - a.length)
    .map((name) => {
      const body = [...name.replace(/\s+/g, '')].map(escapeChar).join('[\\s·]*');
      return /^[\x20-\x7e]+$/.test(name) ? `(?<![a-zA-Z])${body}(?![a-zA-Z])` : body;
    });
  return eachMatch(turns, patterns, 'i', 'name', 'name:known');
}

function eachMatch(
  turns: readonly ScannedTurn[],
  patterns: readonly string[],
  flags: string,
  type: FindingType,
  evidence: string,
): Match[] {
  if (patterns.length === 0) return [];
  const pattern = new RegExp(patterns.join('|'), `g${flags}`);
  return turns.flatMap(({ text }, turn) =>
    [...text.matchAll(pattern)].map(({ 0: whole, index }) =>
      matchAt(type, { turn, start: index, end: index + whole.length }, 0.95, evidence),
    ),
  );
}

function escapeChar(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}
