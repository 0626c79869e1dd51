import { parseDay } from '../core/zone.ts';
import type { RetentionFacts } from '../record/facts.ts';
import type { Tier } from '../record/vocabulary.ts';
import { addPeriod, dayInZone, formatDay, type Period } from './calendar-day.ts';
import type { Anchor, Profiles, RetentionProfile } from './retention-profiles.ts';

export {
  ANCHORS,
  type Anchor,
  loadProfiles,
  type Profiles,
  RetentionProfilesInvalid,
} from './retention-profiles.ts';

/** Days ('YYYY-MM-DD') that the archive was told of. */
export type Anchors = Readonly<Partial<Record<Anchor, string>>>;

/** What retention looks at. `called` is the call's day, 'YYYY-MM-DD' in the archive's zone. */
export interface RetentionCase {
  tier: Tier;
  industry?: string | undefined;
  businessType?: string | undefined;
  called: string;
  anchors?: Anchors | undefined;
}

/** The same of a call that began at a moment. `timeZone` is the archive's IANA zone. */
export interface RetentionInput extends Omit<RetentionCase, 'called'> {
  startedAt: Date;
  timeZone: string;
}

/** A profile that holds for a call, and the day that it gives. */
export interface AppliedProfile {
  profile: RetentionProfile;
  keepUntil: string;
  openEnded: boolean;
}

/**
 * Until when a call must be kept: the longest of all profiles that apply to its tier, industry and
 * business type. `keepUntil` is the day of the call in `timeZone` plus the period (a day that the
 * month does not have becomes its last one), the first day on which disposal may happen. Where a
 * profile counts from something else than the call (contract end, account closure), it counts from
 * the day that `anchors` tells, or from the call where that is later. While nobody told it,
 * `openEnded` is true, `keepUntil` is only the earliest day it could be, and disposal has to wait.
 * Throws RangeError for a zone that does not exist.
 */
export function retentionFor(profiles: Profiles, input: RetentionInput): RetentionFacts {
  return retentionOf(profiles, caseOf(input));
}

/**
 * The day by which a call has to be disposed of, unless something stronger keeps it: the longest
 * maximum of the profiles that apply, never before `keepUntil`. Undefined while retention is open
 * ended or where no profile that applies has a maximum.
 */
export function disposeBy(profiles: Profiles, input: RetentionInput): string | undefined {
  return maximumOf(profiles, caseOf(input));
}

export function retentionOf(profiles: Profiles, one: RetentionCase): RetentionFacts {
  const applied = appliedTo(profiles, one);
  const [longest, ...others] = applied;
  if (longest === undefined) throw new RangeError(`no retention profile for tier ${one.tier}`);
  return {
    keepUntil: latest(applied.map(({ keepUntil }) => keepUntil)) ?? longest.keepUntil,
    rule: longest.profile.id,
    clause: longest.profile.clause,
    verified: longest.profile.verified,
    openEnded: longest.openEnded,
    alsoApplied: others.map(({ profile, keepUntil }) => ({
      rule: profile.id,
      clause: profile.clause,
      keepUntil,
    })),
  };
}

export function maximumOf(profiles: Profiles, one: RetentionCase): string | undefined {
  const { keepUntil, openEnded } = retentionOf(profiles, one);
  if (openEnded) return undefined;
  const longest = latest(
    appliedTo(profiles, one).flatMap(({ profile: { atMost } }) =>
      atMost === undefined ? [] : [plusPeriod(one.called, atMost)],
    ),
  );
  return longest === undefined ? undefined : later(longest, keepUntil);
}

/** All profiles that hold for the call: those that wait for a day to be told first, then the longest. */
export function appliedTo(profiles: Profiles, one: RetentionCase): AppliedProfile[] {
  const { called, anchors = {} } = one;
  const applied = profiles.profiles
    .filter((profile) => applies(profile, one))
    .map((profile): AppliedProfile => {
      const told = profile.from === 'call' ? called : anchors[profile.from];
      const keepUntil = plusPeriod(later(called, told ?? called), profile.keep);
      return { profile, keepUntil, openEnded: told === undefined };
    });
  return applied.toSorted(
    (a, b) => Number(b.openEnded) - Number(a.openEnded) || b.keepUntil.localeCompare(a.keepUntil),
  );
}

/** A day ('YYYY-MM-DD') and a period after it. Throws RangeError for what is no day. */
export function plusPeriod(day: string, period: Period): string {
  const from = parseDay(day);
  if (from === undefined) throw new RangeError(`${day} is no day`);
  return formatDay(addPeriod(from, period));
}

const later = (a: string, b: string) => (a > b ? a : b);
const latest = (days: readonly string[]) => days.toSorted().at(-1);

function caseOf({ startedAt, timeZone, ...rest }: RetentionInput): RetentionCase {
  return { ...rest, called: formatDay(dayInZone(startedAt, timeZone)) };
}

function applies(profile: RetentionProfile, one: RetentionCase): boolean {
  const { applies: to, from, whenTold } = profile;
  const { tier, industry = '', businessType = '', anchors = {} } = one;
  return (
    (to.tier?.includes(tier) ?? true) &&
    (to.industry?.includes(industry) ?? true) &&
    (to.businessType?.includes(businessType) ?? true) &&
    !(to.exceptBusinessType?.includes(businessType) ?? false) &&
    !(whenTold && from !== 'call' && anchors[from] === undefined)
  );
}
