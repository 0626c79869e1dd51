import type { SiteAlarmCode } from '@voxkeep/contract';
import type { PlainFacts } from '../../core/plain-facts.ts';
import type { Drilled } from './drilled.ts';
import type { Filling } from './filling.ts';
import type { Lag } from './lag.ts';
import type { Overdue } from './overdue.ts';
import type { Projection } from './project-full.ts';

/** From when on something is wrong. */
export interface SiteLimits {
  awayMinutes: number;
  lagSeconds: number;
  overdueMinutes: number;
  dailyHours: number;
  freePercent: number;
  fullDays: number;
  fillDays: number;
  /** How many of its periods may pass without the end of a walk. */
  scrubPeriods: number;
  lightHours: number;
  deepDays: number;
  /** How often a recovery is rehearsed; 0: never by itself. */
  drillDays: number;
  drillLimitMinutes: number;
}

/** What a site is judged by. */
export interface SiteFacts {
  site: string;
  reachable: boolean;
  /** Of the copies that were made lately. */
  lag: Lag | undefined;
  overdue: { atOnce: Overdue; daily: Overdue };
  /** Undefined when nothing is left to fill it with. */
  filling: Filling | undefined;
  freeBytes: number | undefined;
  totalBytes: number | undefined;
  full: Projection;
  /** Copies that could not be mended. */
  unrepaired: number;
  /** When the last walk of each kind ended, or else since when the site is watched. */
  walked: { light: Date; deep: Date };
  drilled: Drilled;
}

/** Whether it is wrong, with numbers; undefined while nobody can say, and all stays as it was. */
export type Judged = Readonly<Record<SiteAlarmCode, PlainFacts | false | undefined>>;

/** A call that came just after the daily hour waits for the next one, and then for its turn. */
const DAILY_GRACE_S = 3600;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is wrong with a site now. */
export function judgeSite(facts: SiteFacts, limits: SiteLimits, now: Date): Judged {
  const { lag, overdue, unrepaired } = facts;
  const { atOnce, daily } = overdue;
  const late = atOnce.copies > 0 && atOnce.oldestS > limits.overdueMinutes * 60;
  const dailyS = limits.dailyHours * 3600 + DAILY_GRACE_S;
  const lateDaily = daily.copies > 0 && daily.oldestS > dailyS;
  const minutes = (seconds: number) => Math.round(seconds / 60);
  return {
    SITE_UNREACHABLE: facts.reachable ? false : {},
    SITE_LAGGING: judgeLag(lag, atOnce, limits),
    COPIES_OVERDUE: late && { copies: atOnce.copies, minutes: minutes(atOnce.oldestS) },
    DAILY_COPIES_OVERDUE: lateDaily && {
      ...{ copies: daily.copies, hours: Math.floor(daily.oldestS / 3600) },
    },
    SITE_FILLING_SLOWLY: judgeFilling(facts, limits, now),
    ...judgeSpace(facts, limits, now),
    COPIES_UNREPAIRED: unrepaired > 0 && { copies: unrepaired },
    SCRUB_OVERDUE: judgeWalks(facts, limits, now),
    ...judgeDrills(facts.drilled, limits, now),
  };
}

function judgeLag(lag: Lag | undefined, waiting: Overdue, { lagSeconds }: SiteLimits) {
  // While copies wait and none is made, the lag is what it was.
  if (lag === undefined) return waiting.copies > 0 ? undefined : false;
  return lag.p99 > lagSeconds * 1000 && { seconds: Math.round(lag.p99 / 1000) };
}

/** Longer than what failed waits before it is tried again. */
const STANDS_STILL_MS = 90 * 60_000;

function judgeFilling({ reachable, filling }: SiteFacts, { fillDays }: SiteLimits, now: Date) {
  if (filling === undefined) return false;
  if (!reachable) return undefined;
  const { since, left, most, movedAt } = filling;
  const stillMs = now.getTime() - movedAt.getTime();
  if (stillMs > STANDS_STILL_MS) return { copies: left, minutes: Math.round(stillMs / 60_000) };
  const forMs = now.getTime() - since.getTime();
  if (forMs < HOUR_MS || left === most) return false;
  const days = (left * forMs) / (most - left) / DAY_MS;
  return days > fillDays && { copies: left, days: Math.ceil(days) };
}

function judgeSpace(
  { reachable, freeBytes, totalBytes, full }: SiteFacts,
  limits: SiteLimits,
  now: Date,
): Pick<Judged, 'SITE_SPACE_LOW' | 'SITE_FULL_SOON'> {
  if (!reachable) return { SITE_SPACE_LOW: undefined, SITE_FULL_SOON: undefined };
  const days = 'fullAt' in full ? (full.fullAt.getTime() - now.getTime()) / DAY_MS : undefined;
  const soon = days !== undefined && days < limits.fullDays && { days: Math.floor(days) };
  if (freeBytes === undefined || !totalBytes) {
    return { SITE_SPACE_LOW: false, SITE_FULL_SOON: soon };
  }
  const percent = (freeBytes / totalBytes) * 100;
  const low = percent < limits.freePercent && { percent: Math.floor(percent) };
  return { SITE_SPACE_LOW: low, SITE_FULL_SOON: soon };
}

function judgeWalks({ walked }: SiteFacts, limits: SiteLimits, now: Date): PlainFacts | false {
  const agoMs = (at: Date) => now.getTime() - at.getTime();
  const lateMs = (periodMs: number) => periodMs * limits.scrubPeriods;
  if (agoMs(walked.deep) > lateMs(limits.deepDays * DAY_MS)) {
    return { walk: 'deep', days: Math.floor(agoMs(walked.deep) / DAY_MS) };
  }
  if (agoMs(walked.light) > lateMs(limits.lightHours * HOUR_MS)) {
    return { walk: 'light', days: Math.floor(agoMs(walked.light) / DAY_MS) };
  }
  return false;
}

/** How many periods may pass without one that ended well. */
const DRILL_PERIODS = 2;

function judgeDrills(
  { newest, anyGoodAt, isNext }: Drilled,
  { drillDays, drillLimitMinutes }: SiteLimits,
  now: Date,
): Pick<Judged, 'RECOVERY_TOO_SLOW' | 'DRILL_FAILED' | 'DRILL_OVERDUE'> {
  const days = (now.getTime() - anyGoodAt.getTime()) / DAY_MS;
  const late = drillDays > 0 && isNext && days > DRILL_PERIODS * drillDays;
  return {
    RECOVERY_TOO_SLOW: judgeRecovery(newest, drillLimitMinutes),
    DRILL_FAILED: newest?.failed !== undefined && { cause: newest.failed },
    DRILL_OVERDUE: late && { days: Math.floor(days) },
  };
}

function judgeRecovery(newest: Drilled['newest'], limitMinutes: number) {
  // One that failed before it knew says nothing of how long it takes.
  if (newest !== undefined && newest.rtoWholeS === undefined) return undefined;
  const tookS = newest?.rtoWholeS ?? 0;
  return tookS > limitMinutes * 60 && { minutes: Math.ceil(tookS / 60) };
}
