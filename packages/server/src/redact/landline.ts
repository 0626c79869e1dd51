// Area codes: 010 and 02x with eight digits, the others (03xx … 09xx) with seven or eight.
const WITH_AREA = /^(?:(?:00)?86)?0?(?:10[2-8]\d{7}|2[0-57-9][2-8]\d{7}|[3-9]\d{2}[2-8]\d{6,7})$/;

/** A fixed line with its area code, as digits. */
export function hasLandlineShape(digits: string): boolean {
  return /^(?:0|86|0086)/.test(digits) && WITH_AREA.test(digits);
}

/** Seven or eight digits: a fixed line only where the talk is of telephones. */
export function hasLocalLineShape(digits: string): boolean {
  return /^[2-9]\d{6,7}$/.test(digits);
}
