import { setTimeout as wait } from 'node:timers/promises';

/** Lets go at most so many a second, without making up for more than a second that was missed. */
export function pacer(perSecond: number): () => Promise<void> {
  let freeAt = performance.now();
  return async () => {
    const now = performance.now();
    freeAt = Math.max(freeAt, now - 1000) + 1000 / perSecond;
    if (freeAt > now) await wait(freeAt - now);
  };
}
