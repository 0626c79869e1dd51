import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import { type ScrubKind, scrubSite } from '../pipeline/scrub/scrub-site.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { errorKind } from './error-kind.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
/** A start has other things to do first. */
const FIRST_MS = 15 * 60_000;
const LOOK_EVERY_MS = 10 * 60_000;

/**
 * Walks over the copies of each site in turn, light once a day and deep once a week, one walk at a time.
 * A walk that a stop breaks off goes on at the next start.
 */
export function startScrubber(
  deps: PipelineDeps,
  sites: readonly string[],
  settings: { lightHours: number; deepDays: number; mebibytesPerSecond: number },
  log: EventLog,
): () => Promise<void> {
  const stop = new AbortController();
  const everyMs = { light: settings.lightHours * HOUR_MS, deep: settings.deepDays * 24 * HOUR_MS };
  const bytesPerSecond = settings.mebibytesPerSecond * MIB;
  let under: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function round(): Promise<void> {
    for (const kind of ['light', 'deep'] as const) {
      for (const site of sites) {
        if (stop.signal.aborted) return;
        if (!(await isDue(deps, site, kind, everyMs[kind]))) continue;
        try {
          const wanted = { site, kind, bytesPerSecond, signal: stop.signal };
          const { faults, repaired } = await scrubSite(deps, wanted);
          if (repaired > 0) log.warn('copies mended', { site, count: repaired });
          if (faults > repaired) log.error('copies lost', { site, count: faults - repaired });
        } catch (error) {
          log.warn('scrub failed', { site, kind: errorKind(error) });
        }
      }
    }
  }
  const later = (ms: number) => {
    timer = setTimeout(() => {
      under = round()
        .catch((error: unknown) => log.error('scrub failed', { kind: errorKind(error) }))
        .finally(() => {
          if (!stop.signal.aborted) later(LOOK_EVERY_MS);
        });
    }, ms).unref();
  };
  later(FIRST_MS);
  return async () => {
    stop.abort();
    clearTimeout(timer);
    await under;
  };
}

/** Whether the last walk of the kind was not ended, or began longer ago than this. */
export async function isDue(
  { db, clock }: { db: Db; clock: Clock },
  site: string,
  kind: ScrubKind,
  everyMs: number,
): Promise<boolean> {
  const last = await db
    .selectFrom('scrub_run')
    .select(['started_at', 'ended_at'])
    .where('site', '=', site)
    .where('kind', '=', kind)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined || last.ended_at === null) return true;
  return clock.now().getTime() - last.started_at.getTime() >= everyMs;
}
