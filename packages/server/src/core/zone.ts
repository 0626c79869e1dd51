/** A calendar day. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...digits, ...time });
    formats.set(timeZone, format);
  }
  return format;
}

/** The wall clock of `timeZone` at an instant, as if it were UTC, in milliseconds. */
function wallClockMs(timeZone: string, instant: number): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The calendar day that an instant falls on in a zone. */
export function dayOf(timeZone: string, instant: Date): Day {
  const wall = new Date(wallClockMs(timeZone, instant.getTime()));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/** The instant at which a calendar day begins in a zone. Days beyond a month's end carry over. */
export function startOfDay(timeZone: string, { year, month, day }: Day): Date {
  const wanted = Date.UTC(year, month - 1, day);
  let instant = wanted;
  // The offset at the guess gives a better guess; twice is enough around a change of the clock.
  for (let round = 0; round < 2; round += 1) instant += wanted - wallClockMs(timeZone, instant);
  return new Date(instant);
}

/**
 * The first instant after `after` at which the clocks of a zone show a time of day. One that they leave out
 * comes as much later as they were put forward; of two on one day the first counts.
 */
export function nextTimeOfDay(
  timeZone: string,
  after: Date,
  time: { hour: number; minute: number },
): Date {
  const { year, month, day } = dayOf(timeZone, after);
  for (let ahead = 0; ; ahead += 1) {
    const wall = Date.UTC(year, month - 1, day + ahead, time.hour, time.minute);
    const instant = instantOf(timeZone, wall);
    if (instant > after.getTime()) return new Date(instant);
  }
}

function instantOf(timeZone: string, wall: number): number {
  const DAY_MS = 86_400_000;
  // By what the clocks differed from UTC before a change of that day, and after it.
  const [before, later] = [wall - DAY_MS, wall + DAY_MS].map(
    (instant) => wall - (wallClockMs(timeZone, instant) - instant),
  ) as [number, number];
  const shows = (instant: number) => wallClockMs(timeZone, instant) === wall;
  return shows(before) || !shows(later) ? before : later;
}

/** The same day of another month, clamped to that month's end. */
export function addMonths({ year, month, day }: Day, months: number): Day {
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return {
    year: first.getUTCFullYear(),
    month: first.getUTCMonth() + 1,
    day: Math.min(day, last),
  };
}

/** '2026-11-24' as a day; undefined for what is none. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const real = new Date(Date.UTC(year, month - 1, day));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === day
    ? { year, month, day }
    : undefined;
}

export function formatDay({ year, month, day }: Day): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}`;
}
