import type { FindingType } from '../record/vocabulary.ts';
import { hasCardShape, hasShortCardShape, passesLuhn } from './bank-card.ts';
import { hasLandlineShape, hasLocalLineShape } from './landline.ts';
import type { NumberContext } from './number-context.ts';
import { numberContexts } from './number-context.ts';
import { hasMobileShape, isServiceNumber, mobileConfidence } from './phone.ts';
import { hasResidentIdShape, passesResidentIdCheck } from './resident-id.ts';
import type { Match, ScannedTurn } from './scanned-turn.ts';
import type { DigitRun } from './spoken-digits.ts';
import { piecesOf } from './spoken-digits.ts';

interface Shape {
  type: FindingType;
  confidence: number;
  evidence: string;
}

/** Fewest digits of a part of a number that is masked, by how plainly the context names it. */
const LEAST_DIGITS = { tight: 3, asked: 2, loose: 4 } as const;
/** A row of spoken digits this long is somebody's number unless the context says otherwise. */
const LONG_SPOKEN_RUN = 11;
/** From this confidence on the digits themselves say what they are. */
const CHECKED = 0.7;
const LONGEST_TILED = 80;
/** 400, 800, 95…, 106…: what the numbers of companies begin with. */
const SERVICE_HEAD = /^(?:[48]00|9[56]\d|10[016])$/;

/** Digit runs that are personal, with what they are. */
export function findNumbers(
  turns: readonly ScannedTurn[],
  runs: readonly DigitRun[],
): { matches: Match[]; rest: DigitRun[] } {
  const contextOf = numberContexts(turns);
  const matches: Match[] = [];
  const rest: DigitRun[] = [];
  for (const run of runs) {
    const found = classifyRun(run, contextOf(run));
    if (found.length > 0) matches.push(...found);
    else rest.push(run);
  }
  return { matches, rest };
}

function classifyRun(run: DigitRun, context: NumberContext | undefined): Match[] {
  const { value } = run;
  const isPublic = context?.kind === 'public';
  if (isPublic && context.strength === 'tight') return onlyCheckedIds(run);
  if (run.cardinalOnly && !(context?.strength === 'tight' && value.length >= 3)) return [];
  const tiles = exactShape(value, context) ?? tileShapes(value);
  if (tiles) {
    return tiles.map(({ shape, from, to }) => {
      const named = shape.confidence < CHECKED ? asNamed(shape, context) : shape;
      return matchOf(run, named, from, to);
    });
  }
  const inside = shapeInside(run);
  if (inside) return [matchOf(run, asNamed(inside, context))];
  if (isPublic) return [];
  const fragment = context && fragmentShape(run, context);
  if (fragment) return [matchOf(run, fragment)];
  return run.spoken && value.length >= LONG_SPOKEN_RUN
    ? [matchOf(run, asNamed(longRunShape(value), context))]
    : [];
}

/** A run of repeats and corrections is what it was asked as, where that is the stricter kind. */
function asNamed(shape: Shape, context: NumberContext | undefined): Shape {
  const kind = context?.kind;
  if (kind !== 'id_card' && kind !== 'bank_card') return shape;
  if (context?.strength === 'loose') return shape;
  return { ...shape, type: kind, evidence: `${kind}:repeated` };
}

interface Tile {
  shape: Shape;
  from: number;
  to: number;
}

function onlyCheckedIds(run: DigitRun): Match[] {
  const { value } = run;
  if (value.length !== 18 || !hasResidentIdShape(value) || !passesResidentIdCheck(value)) return [];
  return [matchOf(run, { type: 'id_card', confidence: 0.9, evidence: 'id_card:checksum' })];
}

/** The whole run as one number. A context may widen what counts; a failed check never narrows it. */
function exactShape(value: string, context: NumberContext | undefined): Tile[] | undefined {
  const whole = (shape: Shape): Tile[] => [{ shape, from: 0, to: value.length }];
  const shape = shapeOf(value);
  if (shape) return whole(shape);
  if (/^\d{17}X$/.test(value)) {
    return whole({ type: 'id_card', confidence: 0.7, evidence: 'id_card:length' });
  }
  if (hasCardShape(value) && (value.length === 16 || value.length === 19)) {
    return whole({ type: 'bank_card', confidence: 0.6, evidence: 'bank_card:issuer' });
  }
  if (context?.kind === 'bank_card' && hasShortCardShape(value)) {
    const checked = passesLuhn(value);
    const evidence = checked ? 'bank_card:checksum' : 'bank_card:context';
    return whole({ type: 'bank_card', confidence: checked ? 0.95 : 0.8, evidence });
  }
  const ofPhones = context?.kind === 'phone' || context?.kind === 'landline';
  if (ofPhones && !context.tail && hasLocalLineShape(value) && !isServiceNumber(value)) {
    return whole({ type: 'landline', confidence: 0.8, evidence: 'landline:context' });
  }
  return undefined;
}

/** What the digits are by themselves. */
function shapeOf(value: string): Shape | undefined {
  if (value.length === 18 && hasResidentIdShape(value)) {
    return passesResidentIdCheck(value)
      ? { type: 'id_card', confidence: 0.99, evidence: 'id_card:checksum' }
      : { type: 'id_card', confidence: 0.8, evidence: 'id_card:shape' };
  }
  if (hasCardShape(value) && passesLuhn(value)) {
    return { type: 'bank_card', confidence: 0.95, evidence: 'bank_card:checksum' };
  }
  if (hasMobileShape(value)) {
    return { type: 'phone', confidence: mobileConfidence(value), evidence: 'phone:shape' };
  }
  if (value.length === 15 && hasResidentIdShape(value)) {
    return { type: 'id_card', confidence: 0.75, evidence: 'id_card:15-digits' };
  }
  if (hasLandlineShape(value)) {
    return { type: 'landline', confidence: 0.85, evidence: 'landline:area-code' };
  }
  return undefined;
}

const TILE_LENGTHS = [18, 19, 16, 17, 15, 11, 12, 10];

/** Several numbers said one after the other: covers every digit or nothing. */
function tileShapes(value: string): Tile[] | undefined {
  if (value.length < 20 || value.length > LONGEST_TILED) return undefined;
  const failed = new Set<number>();
  const cover = (from: number): Tile[] | undefined => {
    if (from === value.length) return [];
    if (failed.has(from)) return undefined;
    for (const length of TILE_LENGTHS) {
      const shape = from + length <= value.length && shapeOf(value.slice(from, from + length));
      const rest = shape && cover(from + length);
      if (shape && rest) return [{ shape, from, to: from + length }, ...rest];
    }
    failed.add(from);
    return undefined;
  };
  return cover(0);
}

/** A number between two pauses of a longer run: a correction, a repeat, or words that sound alike. */
function shapeInside(run: DigitRun): Shape | undefined {
  const { value, boundaries } = run;
  if (value.length < 11) return undefined;
  const starts = new Set(boundaries);
  let best: Shape | undefined;
  for (const from of boundaries) {
    for (const length of [18, ...TILE_LENGTHS]) {
      if (!starts.has(from + length)) continue;
      const shape = shapeOf(value.slice(from, from + length));
      if (shape && (!best || shape.confidence > best.confidence)) best = shape;
    }
  }
  return best;
}

function fragmentShape(run: DigitRun, context: NumberContext): Shape | undefined {
  const { value } = run;
  const { kind, strength } = context;
  if (kind === 'public') return undefined;
  if (value.length < LEAST_DIGITS[strength]) return undefined;
  if (context.tail && SERVICE_HEAD.test(value)) return undefined;
  const loose = strength === 'loose';
  if (loose && (/^(?:19|20)\d{2}$/.test(value) || run.cardinalOnly)) return undefined;
  const ofCodes = kind === 'password' || kind === 'verification_code';
  const ofPhones = kind === 'phone' || kind === 'landline';
  if (ofPhones && !context.tail && isServiceNumber(value)) return undefined;
  if (ofCodes && value.length > 12) return undefined;
  const confidence = { tight: 0.8, asked: 0.75, loose: 0.55 }[strength];
  return { type: kind, confidence, evidence: `${kind}:${context.tail ? 'tail' : strength}` };
}

function longRunShape(value: string): Shape {
  for (let from = 0; from + 18 <= value.length; from++) {
    const part = value.slice(from, from + 18);
    if (hasResidentIdShape(part)) {
      return { type: 'id_card', confidence: 0.7, evidence: 'id_card:within' };
    }
  }
  const isLong = value.length >= 15;
  if (isLong && !/1[3-9]\d{9}/.test(value)) {
    return { type: 'bank_card', confidence: 0.5, evidence: 'bank_card:long-run' };
  }
  return { type: 'phone', confidence: 0.5, evidence: 'phone:long-run' };
}

function matchOf(run: DigitRun, shape: Shape, from = 0, to = run.digits.length): Match {
  const how = run.spoken ? 'spoken' : 'written';
  return { ...shape, evidence: `${shape.evidence}:${how}`, pieces: piecesOf(run, from, to) };
}
