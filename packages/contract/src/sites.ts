import { z } from 'zod';
import { Instant } from './vocabulary.ts';

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

export const SiteView = z
  .object({
    name: z.string(),
    reachable: z.boolean(),
    /** The error code that says why it is not. */
    reason: z.string().optional(),
    /** Absent where the site has no notion of it. */
    freeBytes: z.number().optional(),
    copies: z.int(),
    pendingCopies: z.int(),
    /** For how long the oldest of them has been due, in seconds. */
    behindS: z.number(),
    /** From written to copied here, in milliseconds, over the newest copies of other sites' objects. */
    lagMs: z.object({ p50: z.number(), p99: z.number(), count: z.int() }).optional(),
    /** Copies that are not what was written, and could not be mended yet. */
    faults: z.int(),
    /** The last walk of each kind. */
    scrubs: z.array(ScrubView),
  })
  .meta({ id: 'SiteView' });
export type SiteView = z.infer<typeof SiteView>;

export const SitesView = z
  .object({ sites: z.array(SiteView), serverTime: Instant })
  .meta({ id: 'SitesView' });
export type SitesView = z.infer<typeof SitesView>;

export const ScrubIn = z.strictObject({ kind: ScrubKind.default('light') });
export type ScrubIn = z.infer<typeof ScrubIn>;
