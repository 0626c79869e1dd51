/** A day of the calendar, without a time or a zone. `month` counts from 1. */
export interface CalendarDay {
  year: number;
  month: number;
  day: number;
}

export interface Period {
  years?: number | undefined;
  months?: number | undefined;
  days?: number | undefined;
}

/** The day that a clock in `timeZone` (IANA name) shows at `at`. */
export function dayInZone(at: Date, timeZone: string): CalendarDay {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const parts = format.formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day') };
}

/** Years and months first, clamped to the month's end, then days. */
export function addPeriod(from: CalendarDay, period: Period): CalendarDay {
  const months =
    from.year * 12 + (from.month - 1) + (period.years ?? 0) * 12 + (period.months ?? 0);
  const year = Math.floor(months / 12);
  const month = months - year * 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(from.day, lastDay);
  const moved = new Date(Date.UTC(year, month, day + (period.days ?? 0)));
  return {
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}

/** 'YYYY-MM-DD', which sorts as the days do. */
export function formatDay({ year, month, day }: CalendarDay): string {
  const padded = (value: number, width: number) => String(value).padStart(width, '0');
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}
