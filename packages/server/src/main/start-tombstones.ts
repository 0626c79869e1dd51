import { errorKind } from '../core/error-kind.ts';
import { entriesFrom } from '../ledger/index.ts';
import { disposeAsLogged } from '../pipeline/disposal/dispose-as-logged.ts';
import { isReplaced, renewMark, settleSite } from '../pipeline/tombstones/settle-site.ts';
import type { SiteGate } from '../place/index.ts';
import type { EventLog } from '../platform/log/logger.ts';

const LOOK_EVERY_MS = 1000;
const RENEW_EVERY_MS = 60_000;
/** Whether an open site is still the one that it was. */
const ASK_EVERY_MS = 10_000;
/** A start waits no longer for what a site has missed: it is away until then. */
const MOST_FIRST_MS = 5000;

/**
 * Applies at each site what was destroyed while it may have been away, before anything of its pools is used:
 * at the start, after it was away, and when it is found to be an older copy of itself. Resolves when all sites
 * that answer have been looked at once, or after five seconds, to what ends the work.
 */
export async function startTombstones(
  deps: Parameters<typeof disposeAsLogged>[0],
  gates: readonly SiteGate[],
  log: Pick<EventLog, 'info' | 'warn'>,
): Promise<() => Promise<void>> {
  let stopped = false;
  // A catalog that was rebuilt may have what has ended since; before any site is opened.
  const ended = await disposeAsLogged(deps);
  if (ended > 0) log.warn('ended as the ledger says', { count: ended });
  const wakes = new Set<() => void>();

  async function tend(gate: SiteGate, times: { asked: number; renewed: number }): Promise<void> {
    const { site } = gate;
    const now = performance.now();
    if (gate.isShut) {
      if (!(await site.health()).reachable) return;
      const count = await settleSite(deps, gate);
      log.info('site settled', { site: site.name, count });
      return;
    }
    if (now - times.asked >= ASK_EVERY_MS) {
      times.asked = now;
      if (await isReplaced(deps, site)) gate.shut();
    }
    if (now - times.renewed >= RENEW_EVERY_MS) {
      times.renewed = now;
      await renewMark(deps, gate);
    }
  }
  const pauseOf = (ms: number) =>
    new Promise<void>((done) => {
      const end = () => {
        wakes.delete(end);
        done();
      };
      wakes.add(end);
      setTimeout(end, ms).unref();
    });
  /** Each site by itself: one that is silent keeps no other shut. */
  async function watch(gate: SiteGate, looked: () => void): Promise<void> {
    const times = { asked: performance.now(), renewed: Number.NEGATIVE_INFINITY };
    let said = '';
    while (!stopped) {
      try {
        await tend(gate, times);
        said = '';
      } catch (error) {
        const kind = errorKind(error);
        if (kind !== said) log.warn('site not settled', { site: gate.site.name, kind });
        said = kind;
      }
      looked();
      if (!stopped) await pauseOf(LOOK_EVERY_MS);
    }
  }
  /** Entries that a recovery left at the sites may tell of more. */
  async function catchUp(): Promise<void> {
    while (!stopped && (await entriesFrom(deps.db)) > 0) await pauseOf(ASK_EVERY_MS);
    if (!stopped && (await disposeAsLogged(deps)) > 0) for (const gate of gates) gate.shut();
  }
  const watches: Promise<void>[] = [];
  const first = gates.map(
    (gate) => new Promise<void>((looked) => void watches.push(watch(gate, looked))),
  );
  watches.push(
    catchUp().catch((error: unknown) =>
      log.warn('ledger not held against', { kind: errorKind(error) }),
    ),
  );
  const late = new Promise<void>((done) => void setTimeout(done, MOST_FIRST_MS).unref());
  await Promise.race([Promise.all(first), late]);
  return async () => {
    stopped = true;
    for (const wake of wakes) wake();
    await Promise.race([
      Promise.all(watches),
      new Promise<void>((done) => void setTimeout(done, MOST_FIRST_MS).unref()),
    ]);
  };
}
