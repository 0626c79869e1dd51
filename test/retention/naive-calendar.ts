export interface NaivePeriod {
  years?: number;
  months?: number;
  days?: number;
}

/** How many days a month has; `month` counts from 1. */
function lengthOf(year: number, month: number): number {
  if (month === 2) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return leap ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/**
 * A day ('YYYY-MM-DD') and a period: years and months first, a day that the month does not have becomes its
 * last one, then days, one by one.
 */
export function dayAfter(from: string, period: NaivePeriod): string {
  let [year = 0, month = 0, day = 0] = from.split('-').map(Number);
  year += period.years ?? 0;
  month += period.months ?? 0;
  while (month > 12) {
    month -= 12;
    year += 1;
  }
  while (day > lengthOf(year, month)) day -= 1;
  for (let left = period.days ?? 0; left > 0; left -= 1) {
    day += 1;
    if (day > lengthOf(year, month)) {
      day = 1;
      month += 1;
    }
    if (month > 12) {
      month = 1;
      year += 1;
    }
  }
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  return `${year}-${two(month)}-${two(day)}`;
}

/** The day that a clock in Shanghai shows: eight hours ahead of UTC, the whole year. */
export function dayInShanghai(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}
