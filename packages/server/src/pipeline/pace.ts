import { setTimeout as wait } from 'node:timers/promises';

/** Lets bytes pass at a pace, a second's worth at once; without one it lets all pass. */
export function pacer(bytesPerSecond: number | undefined): (bytes: number) => Promise<void> {
  let freeAt = performance.now();
  return async (bytes) => {
    if (bytesPerSecond === undefined) return;
    const now = performance.now();
    freeAt = Math.max(freeAt, now - 1000) + (bytes / bytesPerSecond) * 1000;
    if (freeAt > now) await wait(freeAt - now);
  };
}
