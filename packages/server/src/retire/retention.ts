import type { RetentionFacts } from '../record/facts.ts';
import type { Tier } from '../record/vocabulary.ts';
import { addPeriod, type CalendarDay, dayInZone, formatDay } from './calendar-day.ts';
import type { Profiles, RetentionProfile } from './retention-profiles.ts';

export {
  loadProfiles,
  type Profiles,
  RetentionProfilesInvalid,
} from './retention-profiles.ts';

/** What retention looks at. `timeZone` is the archive's IANA zone. */
export interface RetentionInput {
  tier: Tier;
  industry?: string | undefined;
  businessType?: string | undefined;
  startedAt: Date;
  timeZone: string;
}

interface Applied {
  profile: RetentionProfile;
  keepUntil: string;
  openEnded: boolean;
}

/**
 * Until when a call must be kept: the longest of all profiles that apply to its tier, industry and
 * business type. `keepUntil` is the day of the call in `timeZone` plus the period (a day that the
 * month does not have becomes its last one), the first day on which disposal may happen. Where a
 * profile counts from something else than the call (contract end, account closure), that day is
 * unknown: `openEnded` is true, `keepUntil` is only the earliest day it could be, and disposal has
 * to wait. Throws RangeError for a zone that does not exist.
 */
export function retentionFor(profiles: Profiles, input: RetentionInput): RetentionFacts {
  const called = dayInZone(input.startedAt, input.timeZone);
  const applied = profiles.profiles
    .filter((profile) => applies(profile, input))
    .map(
      (profile): Applied => ({
        profile,
        keepUntil: formatDay(addPeriod(called, profile.keep)),
        openEnded: profile.from !== 'call',
      }),
    );
  applied.sort(
    (a, b) => Number(b.openEnded) - Number(a.openEnded) || b.keepUntil.localeCompare(a.keepUntil),
  );
  const [longest, ...others] = applied;
  if (longest === undefined) throw new RangeError(`no retention profile for tier ${input.tier}`);
  return {
    keepUntil: applied.reduce((last, one) => (one.keepUntil > last ? one.keepUntil : last), ''),
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

/**
 * The day by which a call has to be disposed of, unless something stronger keeps it: the longest
 * maximum of the profiles that apply, never before `keepUntil`. Undefined while retention is open
 * ended or where no profile that applies has a maximum.
 */
export function disposeBy(profiles: Profiles, input: RetentionInput): string | undefined {
  const { keepUntil, openEnded } = retentionFor(profiles, input);
  if (openEnded) return undefined;
  const called: CalendarDay = dayInZone(input.startedAt, input.timeZone);
  const maxima = profiles.profiles
    .filter((profile) => applies(profile, input))
    .flatMap(({ atMost }) => (atMost === undefined ? [] : [formatDay(addPeriod(called, atMost))]));
  if (maxima.length === 0) return undefined;
  return [...maxima, keepUntil].reduce((last, day) => (day > last ? day : last));
}

function applies({ applies: to }: RetentionProfile, input: RetentionInput): boolean {
  const { tier, industry = '', businessType = '' } = input;
  return (
    (to.tier?.includes(tier) ?? true) &&
    (to.industry?.includes(industry) ?? true) &&
    (to.businessType?.includes(businessType) ?? true) &&
    !(to.exceptBusinessType?.includes(businessType) ?? false)
  );
}
