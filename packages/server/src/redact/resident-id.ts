// GB 11643-1999: six digits of region, eight of birth date, three of sequence, one check character.

const REGIONS = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(
    ' ',
  ),
);
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** The ISO 7064 MOD 11-2 check character of the first 17 digits. */
export function residentIdCheck(first17: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += Number(first17[at]) * (WEIGHTS[at] ?? 0);
  return CHECK_CHARACTERS[sum % 11] ?? '';
}

/** True when region and birth date are possible, for 18 characters (GB 11643) or the older 15. */
export function hasResidentIdShape(value: string): boolean {
  const year =
    value.length === 18 ? value.slice(6, 10) : value.length === 15 ? `19${value.slice(6, 8)}` : '';
  if (!/^\d+X?$/.test(value) || !/^(?:18|19|20)\d{2}$/.test(year)) return false;
  if (value.length === 15 && value.endsWith('X')) return false;
  const monthAt = value.length === 18 ? 10 : 8;
  const month = Number(value.slice(monthAt, monthAt + 2));
  const day = Number(value.slice(monthAt + 2, monthAt + 4));
  return REGIONS.has(value.slice(0, 2)) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** True for 18 characters whose check character is right. */
export function passesResidentIdCheck(value: string): boolean {
  return /^\d{17}[\dX]$/.test(value) && residentIdCheck(value) === value[17];
}
