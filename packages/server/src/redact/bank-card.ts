/** True when the digits pass the Luhn check (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  if (!/^\d+$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const weighted = at % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

const ISSUER = /^(?:62|60|9[4-9]|4|5[1-5]|2[2-7]|3[0-9]|81)/;

/** True for 16 to 19 digits that begin as cards issued in China or by the world's networks do. */
export function hasCardShape(digits: string): boolean {
  return /^\d{16,19}$/.test(digits) && ISSUER.test(digits);
}

/** True for 13 to 15 digits, which are cards in the context of cards only. */
export function hasShortCardShape(digits: string): boolean {
  return /^\d{13,15}$/.test(digits);
}
