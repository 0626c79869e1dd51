import { writeInstant } from '../i18n/moments.ts';
import { dayAfter, instantOfDay } from '../i18n/zone-days.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where an axis of time has its marks, in the archive's zone: six hours, days, or five days apart. */
export function ticksOf(from: string, to: string, timeZone: string): number[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const days = (toMs - fromMs) / DAY_MS;
  const ticks: number[] = [];
  let day = writeInstant(from, timeZone).slice(0, 10);
  for (let nth = 0; ; nth += 1, day = dayAfter(day)) {
    const startMs = Date.parse(instantOfDay(day, timeZone));
    if (startMs > toMs) break;
    if (days > 10 && nth % 5 !== 0) continue;
    const hours = days > 2 ? [0] : [0, 6, 12, 18];
    ticks.push(...hours.map((hour) => startMs + hour * HOUR_MS));
  }
  return ticks.filter((at) => at >= fromMs && at <= toMs);
}

/** 06:00 within two days, else 11-21. */
export function writeTick(ms: number, from: string, to: string, timeZone: string): string {
  const text = writeInstant(new Date(ms).toISOString(), timeZone, false);
  const isLong = Date.parse(to) - Date.parse(from) > 2 * DAY_MS;
  return isLong ? text.slice(5, 10) : text.slice(11);
}
