/**
 * Midnight in `timeZone` of the same day of the month before `now`, clamped to that month's end.
 * From the zone's offset as the runtime names it; DESIGN, section 7.
 */
export function monthBefore(now: Date, timeZone: string): Date {
  const local = new Date(now.getTime() + offsetMs(now, timeZone));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const midnight = Date.UTC(year, month - 1, Math.min(day, lastDay));
  // The offset that holds at that midnight is the one under which it comes out as midnight again.
  const offsets = [-86_400_000, 0, 86_400_000].map((aside) =>
    offsetMs(new Date(midnight + aside), timeZone),
  );
  for (const offset of offsets) {
    const instant = new Date(midnight - offset);
    if (offsetMs(instant, timeZone) === offset) return instant;
  }
  throw new Error(`no midnight in ${timeZone} on ${new Date(midnight).toISOString()}`);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** East of UTC is positive. */
function offsetMs(at: Date, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -size : size;
}
