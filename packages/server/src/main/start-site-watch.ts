import type { SitesView } from '@voxkeep/contract';
import { errorKind } from '../core/error-kind.ts';
import { watchSites } from '../inspect/sites/index.ts';
import type { EventLog } from '../platform/log/logger.ts';

const EVERY_MS = 30_000;

/** Looks at the sites every half minute, until the function that it gives is called. */
export function startSiteWatch(
  deps: Parameters<typeof watchSites>[0],
  view: () => Promise<SitesView>,
  log: EventLog,
): () => Promise<void> {
  const look = async () => {
    await watchSites(deps, (await view()).sites);
  };
  let running: Promise<void> | undefined;
  const begin = () => {
    running ??= look()
      .catch((error: unknown) => log.warn('watch of the sites', { kind: errorKind(error) }))
      .finally(() => {
        running = undefined;
      });
  };
  begin();
  const timer = setInterval(begin, EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
