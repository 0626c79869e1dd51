/** Numbers that look and check like real ones and belong to nobody we know of. */

/** The 18 characters of a resident ID from its first 17 (GB 11643, ISO 7064 MOD 11-2). */
export function inventId(first17: string): string {
  // MOD 11-2 as its recurrence: double the running value and add, and end at 1 modulo 11.
  let running = 0;
  for (const digit of first17) running = ((running + Number(digit)) * 2) % 11;
  const check = (12 - running) % 11;
  return first17 + (check === 10 ? 'X' : String(check));
}

/** A card number from all its digits but the last (ISO/IEC 7812-1, annex B). */
export function inventCard(withoutCheck: string): string {
  let sum = 0;
  [...withoutCheck].reverse().forEach((digit, place) => {
    const value = place % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += Math.floor(value / 10) + (value % 10);
  });
  return withoutCheck + String((10 - (sum % 10)) % 10);
}

const SAID = ['零', '幺', '二', '三', '四', '五', '六', '七', '八', '九'];

/** Digit by digit, as people say numbers on the telephone; one word each. */
export function said(number: string): string {
  return [...number].map((char) => (char === 'X' ? 'X' : SAID[Number(char)])).join(' ');
}

/** As recognisers like to write it: in figures, in groups of so many. */
export function figures(number: string, group: number): string {
  return number.match(new RegExp(`\\d{1,${group}}`, 'g'))?.join(' ') ?? number;
}
