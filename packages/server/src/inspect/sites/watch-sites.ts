import type { SiteAlarmCode } from '@voxkeep/contract';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import { countUnrepaired } from './copy-faults.ts';
import { type Drilled, drilledAt } from './drilled.ts';
import { noteFilling } from './filling.ts';
import { judgeSite, type SiteLimits } from './judge-site.ts';
import { lagOf } from './lag.ts';
import { countVerified } from './last-verified.ts';
import { overdueAt } from './overdue.ts';
import { projectedFull } from './project-full.ts';
import { keepSamples, type SiteSample } from './samples.ts';
import { noteAlarms } from './standing-alarms.ts';
import { walkedAt } from './walked-at.ts';

/** A site as somebody has just found it. */
export interface SeenSite {
  name: string;
  reachable: boolean;
  pendingCopies: number;
  behindS: number;
  freeBytes?: number | undefined;
  totalBytes?: number | undefined;
  faults: number;
}

const LAG_OVER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/**
 * One look at all sites: tells people what is wrong and what is right again, and keeps the history. May
 * be run at any time and by any number of processes.
 */
export async function watchSites(
  deps: { db: Db; clock: Clock; notices: Notices; limits: SiteLimits },
  sites: readonly SeenSite[],
): Promise<void> {
  const now = deps.clock.now();
  const names = sites.map(({ name }) => name);
  const drilled = await drilledAt(deps.db, names, now);
  const samples: SiteSample[] = [];
  for (const site of sites) samples.push(await watchSite(deps, site, drilled(site.name)));
  if (await keepSamples(deps.db, samples, now)) await countVerified(deps.db, names, now);
}

async function watchSite(
  deps: Parameters<typeof watchSites>[0],
  seen: SeenSite,
  drilled: Drilled,
): Promise<SiteSample> {
  const { db, clock, notices, limits } = deps;
  const { name: site, reachable, freeBytes, totalBytes } = seen;
  const now = clock.now();
  const lag = await lagOf(db, site, { since: new Date(now.getTime() - LAG_OVER_MS) });
  const facts = {
    ...{ site, reachable, lag, freeBytes, totalBytes },
    filling: await noteFilling(db, site, now, { reachable }),
    overdue: await overdueAt(db, site, now),
    full: await projectedFull(db, site, now),
    unrepaired: await countUnrepaired(db, site),
    walked: await walkedAt(db, site, now),
    drilled,
  };
  const standsMs = (code: SiteAlarmCode) =>
    code === 'SITE_UNREACHABLE' ? limits.awayMinutes * MINUTE_MS : 0;
  await noteAlarms({ db, clock, notices, standsMs }, site, judgeSite(facts, limits, now));
  const { pendingCopies, behindS, faults } = seen;
  return { site, reachable, behind: pendingCopies, behindS, lag, freeBytes, faults };
}
