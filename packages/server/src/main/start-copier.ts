import { errorKind } from '../core/error-kind.ts';
import { copyPending } from '../pipeline/copy-pending.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { EventLog } from '../platform/log/logger.ts';

const COPY_EVERY_MS = 1000;

/** Makes due copies one round after another; a stop waits for the copy under way. */
export function startCopier(deps: PipelineDeps, log: EventLog): () => Promise<void> {
  const stop = new AbortController();
  let wake: (() => void) | undefined;
  const work = (async () => {
    while (!stop.signal.aborted) {
      const { copied, failed } = await copyPending(deps, stop.signal).catch((error: unknown) => {
        log.error('copying failed', { kind: errorKind(error) });
        return { copied: 0, failed: 1 };
      });
      if (failed > 0) log.warn('copies failed', { count: failed });
      if (copied === 0) {
        await new Promise<void>((done) => {
          wake = done;
          setTimeout(done, COPY_EVERY_MS).unref();
        });
      }
    }
  })();
  return async () => {
    stop.abort();
    wake?.();
    await work;
  };
}
