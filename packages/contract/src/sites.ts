import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

export const ScrubKind = z.enum(['light', 'deep']);
export type ScrubKind = z.infer<typeof ScrubKind>;

const ScrubView = z.object({
  kind: ScrubKind,
  startedAt: Instant,
  /** Absent while it goes on, or when it was broken off and goes on at the next start. */
  endedAt: Instant.optional(),
  checked: z.int(),
  faults: z.int(),
  repaired: z.int(),
});
export type ScrubView = z.infer<typeof ScrubView>;

/** What can be wrong with a site. */
export const SiteAlarmCode = z.enum([
  'SITE_UNREACHABLE',
  'SITE_LAGGING',
  'COPIES_OVERDUE',
  'DAILY_COPIES_OVERDUE',
  'SITE_FILLING_SLOWLY',
  'SITE_SPACE_LOW',
  'SITE_FULL_SOON',
  'COPIES_UNREPAIRED',
  'SCRUB_OVERDUE',
  'RECOVERY_TOO_SLOW',
  'DRILL_FAILED',
  'DRILL_OVERDUE',
]);
export type SiteAlarmCode = z.infer<typeof SiteAlarmCode>;

const PoolUse = z.object({
  pool: z.enum(['basic', 'core', 'sensitive', 'quarantine']),
  copies: z.int(),
  /** Of the sealed objects. */
  bytes: z.number(),
});

export const SiteView = z
  .object({
    name: z.string(),
    /** Where its copies lie. */
    kind: z.enum(['folder', 'bucket']),
    reachable: z.boolean(),
    /** The error code that says why it is not. */
    reason: z.string().optional(),
    /** Absent where the site has no notion of it. */
    freeBytes: z.number().optional(),
    totalBytes: z.number().optional(),
    /** What our copies take, by pool. */
    used: z.array(PoolUse),
    /** When it will be full, by the last thirty days. */
    fullAt: Instant.optional(),
    /** Why nobody can say when. */
    fullUnknown: z.enum(['NO_FREE_SPACE_TOLD', 'TOO_LITTLE_DATA', 'NOT_GROWING']).optional(),
    copies: z.int(),
    /**
     * While it gets what was written before it was wanted there, as after a recovery: how many of so many
     * copies it has. They count neither as late nor as lag.
     */
    filling: z.object({ copies: z.int(), of: z.int(), since: Instant }).optional(),
    pendingCopies: z.int(),
    /** For how long the oldest of them has been due, in seconds; not of those that it is filled with. */
    behindS: z.number(),
    /** From written to copied here, in milliseconds, over the newest copies of core and sensitive calls. */
    lagMs: z.object({ p50: z.number(), p99: z.number(), count: z.int() }).optional(),
    /** Copies and objects of the journal that are not what was written, and could not be mended yet. */
    faults: z.int(),
    /** The last walk of each kind. */
    scrubs: z.array(ScrubView),
    verified: z.object({
      /** When all copies had been read back last. */
      deepEndedAt: Instant.optional(),
      /** When the copy was read back for which that is the longest ago; counted every few hours. */
      oldestAt: Instant.optional(),
    }),
    /** What people were told of and is not over, the oldest first. */
    alarms: z.array(z.object({ code: SiteAlarmCode, since: Instant })),
  })
  .meta({ id: 'SiteView' });
export type SiteView = z.infer<typeof SiteView>;

export const SitesView = z
  .object({ sites: z.array(SiteView), serverTime: Instant })
  .meta({ id: 'SitesView' });
export type SitesView = z.infer<typeof SitesView>;

export const ScrubIn = z.strictObject({ kind: ScrubKind.default('light') });
export type ScrubIn = z.infer<typeof ScrubIn>;

/** Query of GET /api/v1/sites/:name/history: by default the last day. */
export const SiteHistoryQuery = z
  .strictObject({ from: Instant.optional(), to: Instant.optional() })
  .refine(({ from, to }) => !from || !to || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'is not after from',
  });

const SitePoint = z.object({
  /** When the stretch begins; its values are the worst of it. */
  at: Instant,
  reachable: z.boolean(),
  behind: z.int(),
  behindS: z.int(),
  /** Of the copies of core and sensitive calls made then; absent where there were none. */
  lagMs: z.object({ p50: z.number(), p99: z.number() }).optional(),
  usedBytes: z.number(),
  freeBytes: z.number().optional(),
  faults: z.int(),
});
export type SitePoint = z.infer<typeof SitePoint>;

export const SiteHistory = z
  .object({
    site: z.string(),
    from: Instant,
    to: Instant,
    /** Length of a stretch, in seconds. */
    stepS: z.int(),
    /** Oldest first, at most three hundred; a stretch in which nobody looked has none. */
    points: z.array(SitePoint),
  })
  .meta({ id: 'SiteHistory' });
export type SiteHistory = z.infer<typeof SiteHistory>;

/** A copy, or an object of the journal, that is not what was written and could not be mended yet. */
const CopyFault = z.object({
  /** Absent for an object of the journal. */
  recordId: Id.optional(),
  /** An id, or the key of an object of the journal. */
  objectId: z.string(),
  /** What the object is of its record; or `journal`. */
  purpose: z.string(),
  code: z.string(),
  foundAt: Instant,
  /** Tries to mend it. */
  attempts: z.int(),
  /** Code of what stood in the way the last time. */
  lastError: z.string().optional(),
});
export type CopyFault = z.infer<typeof CopyFault>;

export const SiteFaults = z
  .object({
    /** The newest first, at most a hundred. */
    faults: z.array(CopyFault),
    total: z.int(),
  })
  .meta({ id: 'SiteFaults' });
export type SiteFaults = z.infer<typeof SiteFaults>;
