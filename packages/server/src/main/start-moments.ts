import { tellMoments } from '../access/requests/index.ts';
import { errorKind } from '../core/error-kind.ts';
import type { EventLog } from '../platform/log/logger.ts';

const EVERY_MS = 30_000;

/** Tells people of grants that begin and end, until the function that it gives is called. */
export function startMoments(
  deps: Parameters<typeof tellMoments>[0],
  log: EventLog,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => tellMoments(deps))
      .catch((error: unknown) => log.warn('moments of grants', { kind: errorKind(error) }));
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
