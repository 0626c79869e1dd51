import { findPhoneNumbersInText, isValidPhoneNumber } from 'libphonenumber-js';
import { hasLandlineShape } from './landline.ts';
import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';

/** A mainland mobile number, with or without the country code. */
export function hasMobileShape(digits: string): boolean {
  return /^(?:(?:00)?86)?1[3-9]\d{9}$/.test(digits);
}

/** 0 … 1: higher when the numbering plan knows the range. */
export function mobileConfidence(digits: string): number {
  return isValidPhoneNumber(digits.slice(-11), 'CN') ? 0.97 : 0.85;
}

const HOTLINE =
  /^(?:110|114|119|120|122|116114|1000[01]|10010|10050|1008[6-9]|1009[69]|10086[0-9]|1118[35]|12\d{3}|9[56]\d{3,4}|9[56]\d{6}|[48]00\d{7})$/;

/** True for numbers that belong to a service, not to a person: 110, 12345, 95588, 400…. */
export function isServiceNumber(digits: string): boolean {
  return HOTLINE.test(digits);
}

const LONGEST_WRITTEN = 28;

/** Numbers written with a plus sign and a country code, of any country. */
export function findInternationalPhones(text: string, turn: number): Match[] {
  if (!text.includes('+')) return [];
  return [...text.matchAll(/\+\s?\d(?=(?:[\s().-]*\d){6})/g)].flatMap(({ index }) => {
    const found = findPhoneNumbersInText(text.slice(index, index + LONGEST_WRITTEN), 'CN')[0];
    if (found?.startsAt !== 0) return [];
    const piece = { turn, start: index, end: index + found.endsAt };
    const digits = text.slice(index, piece.end).replace(/\D/g, '');
    const type = hasLandlineShape(digits) ? 'landline' : 'phone';
    return [matchAt(type, piece, 0.97, `${type}:international`)];
  });
}
