import {
  CARDINAL,
  CHECK_X,
  CORRECTION,
  DATE,
  DIGIT_OF,
  DOTTED_DIGITS,
  DOUBLED,
  ENGLISH_DIGIT,
  ENGLISH_DIGIT_OF,
  LIGHT,
  RADIO_DIGIT_OF,
  REPEATED,
  SHORT_NUMBER_UNIT,
  SPOKEN_QUANTITY,
  UNIT,
  WORDS,
  WRITTEN_QUANTITY,
} from './numeral-words.ts';
import { OPAQUE } from './scanned-turn.ts';

/** One spoken or written digit and the characters that say it. */
export interface Digit {
  /** '0' … '9', or 'X' as the last character of a resident ID. */
  value: string;
  start: number;
  end: number;
}

/**
 * What a stretch of text is to someone who listens for numbers: digits, a filler or pause inside a
 * number, a correction, an amount or date, or anything else.
 */
export interface NumeralToken {
  kind: 'digits' | 'light' | 'correction' | 'quantity' | 'other';
  start: number;
  end: number;
  digits: Digit[];
  /** Said as a number with 十, 百 or 千. */
  cardinal: boolean;
  /** In Chinese characters, not figures. */
  spoken: boolean;
}

/** Reads one turn's text from left to right. Every character belongs to exactly one token. */
export function readNumeralTokens(text: string): NumeralToken[] {
  const tokens: NumeralToken[] = [];
  let at = 0;
  while (at < text.length) {
    const token = readToken(text, at, tokens.at(-1));
    const before = tokens.at(-1);
    if (token.kind === 'other' && before?.kind === 'other') before.end = token.end;
    else tokens.push(token);
    at = token.end;
  }
  return markQuantities(text, tokens);
}

function readToken(text: string, at: number, before: NumeralToken | undefined): NumeralToken {
  const char = text[at] ?? '';
  if (char === OPAQUE) return plain('other', at, at + 1);
  for (const pattern of WRITTEN_QUANTITY) {
    if (!/[\d￥¥$]/.test(char)) break;
    const found = matchFrom(pattern, text, at);
    if (!found || DOTTED_DIGITS.test(found)) continue;
    const end = at + found.length;
    // 330106 1990年05月12日 3458: a date that digits touch on both sides is a part of the number.
    const isInside = before?.kind === 'digits' && before.end === at && DATE.test(found);
    if (isInside && readDigits(text, end, before)) return datedDigits(text, at, end);
    return plain('quantity', at, end);
  }
  const quantity = matchFrom(SPOKEN_QUANTITY, text, at);
  if (quantity) return plain('quantity', at, at + quantity.length);
  const correction = matchFrom(CORRECTION, text, at);
  if (correction) return plain('correction', at, at + correction.length);
  const light = matchFrom(LIGHT, text, at);
  if (light) return plain('light', at, at + light.length);
  const word = matchFrom(WORDS, text, at);
  if (word) return plain('other', at, at + word.length);
  return readDigits(text, at, before) ?? plain('other', at, at + 1);
}

function readDigits(
  text: string,
  at: number,
  before: NumeralToken | undefined,
): NumeralToken | undefined {
  const repeated = readRepeated(text, at);
  if (repeated) return repeated;
  const cardinal = matchFrom(CARDINAL, text, at);
  if (cardinal) {
    const end = at + cardinal.length;
    return digitsToken(cardinalValue(cardinal), at, end, { cardinal: true, spoken: true });
  }
  const char = text[at] ?? '';
  const figures = /^\d+/.exec(text.slice(at, at + 64))?.[0];
  if (figures) {
    const digits = [...figures].map((value, k) => ({ value, start: at + k, end: at + k + 1 }));
    const end = at + figures.length;
    return { kind: 'digits', start: at, end, digits, cardinal: false, spoken: false };
  }
  const english = matchFrom(ENGLISH_DIGIT, text, at);
  if (english) {
    const value = ENGLISH_DIGIT_OF[english.toLowerCase()] ?? '';
    return digitsToken(value, at, at + english.length, { cardinal: false, spoken: true });
  }
  const spoken = DIGIT_OF[char];
  if (spoken) return digitsToken(spoken, at, at + 1, { cardinal: false, spoken: true });
  const next = text[at + 1] ?? '';
  const besideDigit = before?.kind === 'digits' || /[\d]/.test(DIGIT_OF[next] ?? next);
  const radio = RADIO_DIGIT_OF[char];
  if (radio && besideDigit)
    return digitsToken(radio, at, at + 1, { cardinal: false, spoken: true });
  return readCheckX(text, at, before);
}

/** The X that ends a resident ID, written or said; and the letter O among digits. */
function readCheckX(
  text: string,
  at: number,
  before: NumeralToken | undefined,
): NumeralToken | undefined {
  if (before?.kind !== 'digits' && before?.kind !== 'light') return undefined;
  const said = matchFrom(CHECK_X, text, at);
  if (said) return digitsToken('X', at, at + said.length, { cardinal: false, spoken: false });
  const isLetterO = /[oO]/.test(text[at] ?? '') && !/[a-zA-Z]/.test(text[at + 1] ?? '');
  if (before.kind === 'digits' && isLetterO) {
    return digitsToken('0', at, at + 1, { cardinal: false, spoken: false });
  }
  return undefined;
}

function readRepeated(text: string, at: number): NumeralToken | undefined {
  const several = execFrom(REPEATED, text, at);
  if (several) {
    const [whole, count = '', digit = ''] = several;
    const value = (DIGIT_OF[digit] ?? digit).repeat(Number(DIGIT_OF[count] ?? count));
    return digitsToken(value, at, at + whole.length, { cardinal: false, spoken: true });
  }
  const doubled = execFrom(DOUBLED, text, at);
  if (!doubled) return undefined;
  const [whole, how = '', digit = ''] = doubled;
  const one = DIGIT_OF[digit] ?? ENGLISH_DIGIT_OF[digit.toLowerCase()] ?? digit;
  const value = one.repeat(/^t/i.test(how) ? 3 : 2);
  return digitsToken(value, at, at + whole.length, { cardinal: false, spoken: true });
}

/** 一百三十八 → 138, 三百零一 → 301, 二十五 → 25. */
function cardinalValue(said: string): string {
  let total = 0;
  let pending = 0;
  for (const char of said) {
    const power = { 十: 10, 百: 100, 千: 1000 }[char];
    if (power === undefined) pending = Number(DIGIT_OF[char] ?? 0);
    else {
      total += (pending || 1) * power;
      pending = 0;
    }
  }
  return String(total + pending);
}

/**
 * Numbers that a unit follows are amounts, dates, times or counts. A long row of digits stays a
 * row of digits whatever follows it: its last number alone may be the amount.
 */
function markQuantities(text: string, tokens: NumeralToken[]): NumeralToken[] {
  let first = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'digits') {
      first = at + 1;
      continue;
    }
    if (tokens[at + 1]?.kind === 'digits') continue;
    const group = tokens.slice(first, at + 1);
    const count = group.reduce((sum, one) => sum + one.digits.length, 0);
    if (!isFollowedByUnit(text, token.end, count, token.cardinal)) continue;
    for (const one of count <= 6 ? group : token.cardinal ? [token] : []) {
      one.kind = 'quantity';
      one.digits = [];
    }
  }
  return tokens;
}

function isFollowedByUnit(text: string, at: number, count: number, cardinal: boolean): boolean {
  if (matchFrom(UNIT, text, at)) return true;
  return (cardinal || count <= 3) && matchFrom(SHORT_NUMBER_UNIT, text, at) !== undefined;
}

function datedDigits(text: string, start: number, end: number): NumeralToken {
  const digits: Digit[] = [];
  for (let at = start; at < end; at++) {
    const value = text[at] ?? '';
    if (/\d/.test(value)) digits.push({ value, start: at, end: at + 1 });
  }
  return { kind: 'digits', start, end, digits, cardinal: false, spoken: false };
}

function digitsToken(
  values: string,
  start: number,
  end: number,
  how: { cardinal: boolean; spoken: boolean },
): NumeralToken {
  const digits = [...values].map((value) => ({ value, start, end }));
  return { kind: 'digits', start, end, digits, ...how };
}

function plain(kind: NumeralToken['kind'], start: number, end: number): NumeralToken {
  return { kind, start, end, digits: [], cardinal: false, spoken: false };
}

function execFrom(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function matchFrom(pattern: RegExp, text: string, at: number): string | undefined {
  return execFrom(pattern, text, at)?.[0];
}
