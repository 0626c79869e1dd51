import { errorKind } from '../core/error-kind.ts';
import type { EscrowKeeper } from '../pipeline/rotation/escrow-keeper.ts';
import type { Rotation } from '../pipeline/rotation/rotation.ts';
import type { EventLog } from '../platform/log/logger.ts';

const EVERY_MS = 60_000;
const FIRST_RETRY_MS = 2_000;
const DAY_MS = 86_400_000;
/** A start has other things to do first. */
const FIRST_DAILY_MS = 10 * 60_000;

/**
 * Keeps the escrow bundle new at every site, brings envelopes into the current epoch, and once a day
 * destroys idle keys of the quarantine. What fails is tried again soon, and ever later while it fails, up to a
 * minute; the quarantine's a day later.
 */
export function startKeyUpkeep(
  upkeep: {
    rotation: Pick<Rotation, 'work' | 'destroyIdleDays'>;
    escrow: Pick<EscrowKeeper, 'tend'>;
    settleEnds(): Promise<string[]>;
    sites: number;
  },
  perSecond: number,
  log: Pick<EventLog, 'warn' | 'info'>,
): { wake(): void; stop(): Promise<void> } {
  const { rotation, escrow, settleEnds, sites } = upkeep;
  const stop = new AbortController();
  const under = new Map<string, Promise<void>>();
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;

  /** At most one of a name at a time. Resolves to whether it succeeded; what is under way counts as such. */
  async function run(name: string, work: () => Promise<void>): Promise<boolean> {
    if (under.has(name) || stop.signal.aborted) return true;
    let done = true;
    const running = work()
      .catch((error: unknown) => {
        done = false;
        log.warn('key upkeep failed', { task: name, kind: errorKind(error) });
      })
      .finally(() => under.delete(name));
    under.set(name, running);
    await running;
    return done;
  }
  /** True when a site has all that shares have to open, or nothing is shared. */
  async function tendEscrow(): Promise<boolean> {
    const failed = await escrow.tend();
    for (const { site, code } of failed) log.warn('escrow bundle not placed', { site, kind: code });
    return failed.length < sites;
  }
  const wake = () => {
    void run('escrow', async () => {
      await tendEscrow();
      await settleEnds();
    });
    void run('rewrap', () =>
      rotation.work({ perSecond, covered: tendEscrow, signal: stop.signal }),
    ).then((done) => {
      if (done) retryMs = FIRST_RETRY_MS;
      else wakeLater();
    });
  };
  function wakeLater(): void {
    if (stop.signal.aborted) return;
    clearTimeout(retry);
    retry = setTimeout(wake, retryMs);
    retry.unref();
    retryMs = Math.min(retryMs * 2, EVERY_MS);
  }
  const daily = () =>
    void run('quarantine keys', async () => {
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
      clearTimeout(retry);
      await Promise.all(under.values());
    },
  };
}
