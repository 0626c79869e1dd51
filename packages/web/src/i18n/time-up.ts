import { writeSpan } from './spans.ts';

const MINUTE_S = 60;
const HOUR_S = 3600;

/**
 * A time that something takes, never written as shorter than it is: 45 min 1 s is 46 min, so that
 * what is over a limit does not read as if it met it.
 */
export function writeTimeUp(seconds: number, language: string): string {
  const unitS = seconds < 2 * MINUTE_S ? 1 : seconds < 2 * HOUR_S ? MINUTE_S : HOUR_S;
  if (seconds < 10) return writeSpan(Math.ceil(seconds * 10) * 100, language);
  return writeSpan(Math.ceil(seconds / unitS) * unitS * 1000, language);
}
