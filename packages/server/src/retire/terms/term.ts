import { z } from 'zod';
import { TIERS } from '../../record/vocabulary.ts';
import {
  ANCHORS,
  appliedTo,
  maximumOf,
  type Profiles,
  plusPeriod,
  type RetentionCase,
  retentionOf,
} from '../retention.ts';
import { DISPOSALS } from '../retention-profiles.ts';

const Day = z.iso.date();

/** What a term was found by, and all that applied: as it is kept and shown. */
export const TermWhy = z.object({
  tier: z.enum(TIERS),
  industry: z.string().optional(),
  businessType: z.string().optional(),
  called: Day,
  anchors: z.partialRecord(z.enum(ANCHORS), Day),
  clause: z.string(),
  verified: z.string(),
  source: z.string().optional(),
  from: z.enum(['call', ...ANCHORS]),
  /** Days that it is open for. */
  waitsFor: z.array(z.enum(ANCHORS)),
  how: z.enum(DISPOSALS),
  alsoApplied: z.array(
    z.object({
      rule: z.string(),
      clause: z.string(),
      verified: z.string(),
      source: z.string().optional(),
      keepUntil: Day,
      openEnded: z.boolean(),
    }),
  ),
});
export type TermWhy = z.infer<typeof TermWhy>;

/** The days of a term, 'YYYY-MM-DD' in the archive's zone. */
export interface TermDays {
  /** First day on which disposal may happen; while `openEnded` only the earliest that it could be. */
  keepUntil: string;
  openEnded: boolean;
  /** The day by which it has to be gone. */
  atMost?: string | undefined;
  /** First day on which it is due by rules and the house's policy. */
  dueOn?: string | undefined;
}

export interface Term extends TermDays {
  rule: string;
  why: TermWhy;
}

/**
 * The term of a call. It is due when the policy's time after the minimum is over (that of the rule that won,
 * where it has its own), but not after the maximum; never while it is open ended.
 */
export function termOf(profiles: Profiles, one: RetentionCase): Term {
  const { keepUntil, openEnded, rule, clause, verified } = retentionOf(profiles, one);
  const [winner, ...others] = appliedTo(profiles, one);
  if (winner === undefined) throw new RangeError(`no retention profile for tier ${one.tier}`);
  const { after, how } = winner.profile.disposal ?? profiles.disposal;
  const atMost = maximumOf(profiles, one);
  const byPolicy = after === undefined ? keepUntil : plusPeriod(keepUntil, after);
  const dueOn = atMost !== undefined && atMost < byPolicy ? atMost : byPolicy;
  const { tier, industry, businessType, called, anchors = {} } = one;
  const waiting = [winner, ...others].flatMap((applied) =>
    applied.openEnded && applied.profile.from !== 'call' ? [applied.profile.from] : [],
  );
  return {
    ...{ keepUntil, openEnded, rule },
    ...(atMost === undefined ? {} : { atMost }),
    ...(openEnded ? {} : { dueOn }),
    why: {
      ...{ tier, called, anchors: { ...anchors }, clause, verified, how },
      ...(industry === undefined ? {} : { industry }),
      ...(businessType === undefined ? {} : { businessType }),
      ...sourceOf(winner.profile),
      ...{ from: winner.profile.from, waitsFor: [...new Set(waiting)] },
      alsoApplied: others.map((other) => ({
        ...{ rule: other.profile.id, clause: other.profile.clause },
        ...{ verified: other.profile.verified, ...sourceOf(other.profile) },
        ...{ keepUntil: other.keepUntil, openEnded: other.openEnded },
      })),
    },
  };
}

const sourceOf = ({ source }: { source?: string | undefined }) =>
  source === undefined ? {} : { source };
