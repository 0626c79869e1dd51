import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { errorKind } from '../core/error-kind.ts';
import { ArchiveError } from '../core/errors.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import { type ScrubKind, scrubSite } from '../pipeline/scrub/scrub-site.ts';
import type { EventLog } from '../platform/log/logger.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
/** A start has other things to do first. */
const FIRST_MS = 15 * 60_000;
const LOOK_EVERY_MS = 10 * 60_000;

/** Walks over the copies of sites, one at a time. */
export interface Scrubber {
  /** Begins a walk now. Throws SITE_UNKNOWN, and SCRUB_RUNNING while another goes on. */
  begin(site: string, kind: ScrubKind): void;
  stop(): Promise<void>;
}

/**
 * Walks over the copies of each site in turn, light once a day and deep once a week. A walk that a stop
 * breaks off goes on at the next start.
 */
export function startScrubber(
  deps: PipelineDeps,
  sites: readonly string[],
  settings: { lightHours: number; deepDays: number; mebibytesPerSecond: number },
  log: EventLog,
): Scrubber {
  const stop = new AbortController();
  const everyMs = { light: settings.lightHours * HOUR_MS, deep: settings.deepDays * 24 * HOUR_MS };
  const bytesPerSecond = settings.mebibytesPerSecond * MIB;
  let under: Promise<void> | undefined;

  const begun = (work: () => Promise<void>) => {
    under = work()
      .catch((error: unknown) => log.error('scrub failed', { kind: errorKind(error) }))
      .finally(() => {
        under = undefined;
      });
  };
  async function walk(site: string, kind: ScrubKind): Promise<void> {
    try {
      const wanted = { site, kind, bytesPerSecond, signal: stop.signal };
      const { faults, repaired } = await scrubSite(deps, wanted);
      if (repaired > 0) log.warn('copies mended', { site, count: repaired });
      if (faults > repaired) log.error('copies lost', { site, count: faults - repaired });
    } catch (error) {
      log.warn('scrub failed', { site, kind: errorKind(error) });
    }
  }
  async function round(): Promise<void> {
    for (const kind of ['light', 'deep'] as const) {
      for (const site of sites) {
        if (stop.signal.aborted) return;
        if (await isDue(deps, site, kind, everyMs[kind])) await walk(site, kind);
      }
    }
  }
  const look = () => {
    if (under === undefined) begun(round);
  };
  const first = setTimeout(look, FIRST_MS).unref();
  const regular = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    begin(site, kind) {
      if (!sites.includes(site)) {
        throw new ArchiveError('SITE_UNKNOWN', `there is no site ${site}`, { field: 'name' });
      }
      if (under !== undefined) {
        const message = 'a walk goes on; wait for its end';
        throw new ArchiveError('SCRUB_RUNNING', message, { retry: 'later' });
      }
      begun(() => walk(site, kind));
    },
    async stop() {
      stop.abort();
      clearTimeout(first);
      clearInterval(regular);
      await under;
    },
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
