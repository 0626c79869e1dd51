import { findAccounts } from './account.ts';
import { asksForAddress, findAddresses, isAddressPart } from './address.ts';
import { asksForBirthDate, findBirthDates } from './birth-date.ts';
import { findEmails } from './email.ts';
import { findNumbers } from './find-numbers.ts';
import {
  findKnownCodes,
  findKnownNames,
  findKnownNumbers,
  type KnownNumber,
  readKnownNumbers,
} from './known-values.ts';
import { findMedical } from './medical.ts';
import { withoutOverlaps } from './overlaps.ts';
import { asksForPassport, findPassports } from './passport.ts';
import { findPasswords } from './password.ts';
import { asksForName, findNames } from './person-name.ts';
import { findInternationalPhones } from './phone.ts';
import { asksForPlate, findPlates } from './plate.ts';
import type { KnownValues, Match, ScannedTurn } from './scanned-turn.ts';
import { maskTurns } from './scanned-turn.ts';
import { findDigitRuns, isBackchannel } from './spoken-digits.ts';
import { findVerificationCodes } from './verification-code.ts';

const QUESTION_REACH = 4;

/**
 * All personal data in the turns, none of it overlapping. Forms that hold other forms are read
 * first (an address of mail holds a number), and what they cover is not read again.
 */
export function findPersonalData(turns: readonly ScannedTurn[], known: KnownValues): Match[] {
  const found: Match[] = [];
  const view = turns.map((turn) => ({ ...turn }));
  const take = (matches: Match[]): void => {
    const apart = withoutOverlaps(matches);
    for (const match of apart) found.push(match);
    maskTurns(view, apart);
  };
  const eachTurn = (find: (text: string, turn: number) => Match[]): Match[] =>
    view.flatMap(({ text }, turn) => find(text, turn));

  // Secrets of letters and signs come first, so that no part of one passes for something else.
  take(eachTurn(findSecretsWithLetters));
  take(eachTurn(findEmails));
  take(findKnownCodes(view, known));
  take(eachTurn(findInternationalPhones));
  take(eachTurn((text, turn) => findPlates(text, turn, answers(turns, turn, asksForPlate))));
  take(eachTurn((text, turn) => findPassports(text, turn, answers(turns, turn, asksForPassport))));
  take(eachTurn(findAccounts));
  takeNumbers(view, known, take);
  take(
    eachTurn((text, turn) => findBirthDates(text, turn, answers(turns, turn, asksForBirthDate))),
  );
  take(eachTurn(findVerificationCodes));
  take(eachTurn(findPasswords));
  take(
    eachTurn((text, turn) => {
      const question = questionOf(turns, turn, asksForAddress, isAddressPart);
      return findAddresses(text, turn, question !== undefined, question);
    }),
  );
  take(findKnownNames(view, known.knownNames));
  take(eachTurn(findMedical));
  const names = eachTurn((text, turn) => {
    const question = questionOf(turns, turn, asksForName);
    return findNames(text, turn, question !== undefined, question);
  });
  const fullNames = names.flatMap((match) => fullNamesOf(view, match));
  take(names);
  take(findKnownNames(view, fullNames));
  return found;
}

function findSecretsWithLetters(text: string, turn: number): Match[] {
  const secrets = [...findVerificationCodes(text, turn), ...findPasswords(text, turn)];
  return secrets.filter((match) =>
    match.pieces.some((piece) => /[A-Za-z]/.test(text.slice(piece.start, piece.end))),
  );
}

/** Digits by what they are, then by what is known, then by what was just said. */
function takeNumbers(
  view: ScannedTurn[],
  known: KnownValues,
  take: (matches: Match[]) => void,
): void {
  const runs = findDigitRuns(view);
  const { matches, rest } = findNumbers(view, runs);
  const metadata = findKnownNumbers(rest, readKnownNumbers(known.knownNumbers), 'metadata');
  const heard = matches.flatMap((match) => heardNumber(view, match));
  const readBack = findKnownNumbers(rest, heard, 'read-back');
  take([...matches, ...metadata, ...readBack]);
}

function heardNumber(view: readonly ScannedTurn[], match: Match): KnownNumber[] {
  const single = match.pieces.map((piece) => ({
    text: view[piece.turn]?.text.slice(piece.start, piece.end) ?? '',
    voice: 'heard',
  }));
  const value = findDigitRuns(single)
    .map((run) => run.value)
    .join('');
  return value.length >= 4 ? [{ value, type: match.type }] : [];
}

function fullNamesOf(view: readonly ScannedTurn[], match: Match): string[] {
  const piece = match.pieces[0];
  if (!piece || match.evidence === 'name:explained') return [];
  const text = view[piece.turn]?.text.slice(piece.start, piece.end) ?? '';
  const name = /^[\u4e00-\u9fff]{2,4}/.exec(text)?.[0] ?? '';
  return name.length >= 2 && !name.includes('的') ? [name] : [];
}

/** True when the turn answers a question of the kind, through acknowledgements and fillers. */
function answers(
  turns: readonly ScannedTurn[],
  turn: number,
  asks: (text: string) => boolean,
): boolean {
  return questionOf(turns, turn, asks) !== undefined;
}

function questionOf(
  turns: readonly ScannedTurn[],
  turn: number,
  asks: (text: string) => boolean,
  isMore: (text: string) => boolean = () => false,
): string | undefined {
  for (let back = turn - 1; back >= 0 && back >= turn - QUESTION_REACH; back--) {
    const text = turns[back]?.text ?? '';
    if (asks(text)) return text;
    if (!isBackchannel(text) && !isMore(text)) return undefined;
  }
  return undefined;
}
