import { useEffect, useState } from 'react';
import { writeSeconds } from '../i18n/moments.ts';

/** The archive's time in ms, once a second. `aheadMs`: by how much its clock is ahead of ours. */
export function useServerNow(aheadMs: number): number {
  const [now, setNow] = useState(() => Date.now() + aheadMs);
  useEffect(() => {
    const tick = () => setNow(Date.now() + aheadMs);
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [aheadMs]);
  return now;
}

/** 3:59:07, 9:05, 0:00: what is left, rounded up, so that it says 0 only when it is over. */
export const writeLeft = (leftMs: number): string =>
  writeSeconds(Math.max(0, Math.ceil(leftMs / 1000)));
