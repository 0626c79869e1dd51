import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Queryable } from '../../core/database.ts';
import { drillTurn, newestDrills } from '../../inspect/sites/index.ts';
import { policyInForce } from '../../pipeline/placement/policy-rows.ts';
import { nextDaily, type PlacementPolicy } from '../../place/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A new archive has calls worth it by then. */
const FIRST_DAYS = 7;

/**
 * When the next drill by schedule is due, at a daily hour, and from which site; it may be past. Undefined where
 * there is no schedule. What people begin by hand moves the turn of its site, and no hour.
 */
export async function nextDrill(
  db: Queryable,
  settings: {
    drillDays: number;
    timeZone: string;
    sites: readonly string[];
    policy: () => PlacementPolicy;
  },
): Promise<{ at: Date; site: string } | undefined> {
  const { drillDays, timeZone, sites, policy } = settings;
  if (drillDays === 0) return undefined;
  const last = await db
    .selectFrom('drill_report')
    .select(['started_at', 'outcome'])
    .where('begun_by', '=', ARCHIVE_ACTOR.id)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const site = drillTurn(await newestDrills(db), sites);
  if (last === undefined) {
    const applied = (await policyInForce(db))?.appliedAt;
    if (applied === undefined) return undefined;
    const from = applied.getTime() + Math.min(drillDays, FIRST_DAYS) * DAY_MS;
    return { at: nextDaily(policy(), new Date(from), timeZone), site };
  }
  // One that was broken off is tried again the next night. Half a day early, since it began a little late.
  const pauseMs = last.outcome === 'broken-off' ? 0 : drillDays * DAY_MS - 12 * HOUR_MS;
  const from = new Date(last.started_at.getTime() + pauseMs);
  return { at: nextDaily(policy(), from, timeZone), site };
}
