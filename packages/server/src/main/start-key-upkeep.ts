import { errorKind } from '../core/error-kind.ts';
import type { EscrowKeeper } from '../pipeline/rotation/escrow-keeper.ts';
import type { Rotation } from '../pipeline/rotation/rotation.ts';
import type { EventLog } from '../platform/log/logger.ts';

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** A start has other things to do first. */
const FIRST_DAILY_MS = 10 * 60_000;

/**
 * Keeps the escrow bundle new at every site, brings envelopes into the current epoch, and once a day
 * destroys idle keys of the quarantine. What fails is tried again a minute, or a day, later.
 */
export function startKeyUpkeep(
  { rotation, escrow, sites }: { rotation: Rotation; escrow: EscrowKeeper; sites: number },
  perSecond: number,
  log: EventLog,
): { wake(): void; stop(): Promise<void> } {
  const stop = new AbortController();
  const under = new Map<string, Promise<void>>();

  /** At most one of a name at a time. */
  function run(name: string, work: () => Promise<void>): void {
    if (under.has(name) || stop.signal.aborted) return;
    const running = work()
      .catch((error: unknown) =>
        log.warn('key upkeep failed', { task: name, kind: errorKind(error) }),
      )
      .finally(() => under.delete(name));
    under.set(name, running);
  }
  /** True when a site has all that shares have to open, or nothing is shared. */
  async function tendEscrow(): Promise<boolean> {
    const failed = await escrow.tend();
    for (const { site, code } of failed) log.warn('escrow bundle not placed', { site, kind: code });
    return failed.length < sites;
  }
  const wake = () => {
    run('escrow', async () => void (await tendEscrow()));
    run('rewrap', () => rotation.work({ perSecond, covered: tendEscrow, signal: stop.signal }));
  };
  const daily = () =>
    run('quarantine keys', async () => {
      const count = await rotation.destroyIdleDays();
      if (count > 0) log.info('quarantine keys destroyed', { count });
    });
  const timers = [
    setInterval(wake, EVERY_MS),
    setTimeout(daily, FIRST_DAILY_MS),
    setInterval(daily, DAY_MS),
  ];
  for (const timer of timers) timer.unref();
  wake();
  return {
    wake,
    async stop() {
      stop.abort();
      for (const timer of timers) clearInterval(timer);
      await Promise.all(under.values());
    },
  };
}
