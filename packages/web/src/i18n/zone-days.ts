import { writeInstant } from './moments.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** The instant at which a day ('2026-11-27') begins in a zone; ISO, UTC. */
export function instantOfDay(day: string, timeZone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  let at = utc;
  // Twice: on a day whose clocks change, the first guess may lie on the other side of the change.
  for (let round = 0; round < 2; round += 1) {
    const shown = writeInstant(new Date(at).toISOString(), timeZone).replace(' ', 'T');
    at += utc - Date.parse(`${shown}Z`);
  }
  // Where midnight itself is skipped, the day begins when its first minute exists.
  while (writeInstant(new Date(at).toISOString(), timeZone).slice(0, 10) < day) at += MINUTE_MS;
  return new Date(at).toISOString();
}
