import { z } from 'zod';
import { Instant } from './vocabulary.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hex digits');
const Pool = z.enum(['basic', 'core', 'sensitive', 'quarantine']);
const Sites = z.array(z.string());

const PoolPlacement = z.object({
  pool: Pool,
  /** Have to have a copy before a record counts as archived. */
  acknowledged: Sites,
  realtime: Sites,
  daily: Sites,
  eviction: z
    .object({ site: z.string(), olderThanMonths: z.int(), unusedMonths: z.int() })
    .optional(),
});
export type PoolPlacement = z.infer<typeof PoolPlacement>;

const EvictionView = z.object({
  site: z.string(),
  startedAt: Instant,
  /** Absent while it goes on, or when it was broken off and goes on later. */
  endedAt: Instant.optional(),
  /** Records that were old enough. */
  looked: z.int(),
  /** Copies that gave way, and their bytes. */
  evicted: z.int(),
  bytes: z.number(),
  /** Records left: locked by the site; without two other copies that could be read back. */
  locked: z.int(),
  unverified: z.int(),
});
export type EvictionView = z.infer<typeof EvictionView>;

export const PlacementView = z
  .object({
    /** Of the policy in force: hex SHA-256 of its canonical JSON. */
    digest: Digest,
    appliedAt: Instant,
    dailyAt: z.string(),
    /** When the next daily copies are due. */
    nextDaily: Instant,
    pools: z.array(PoolPlacement),
    /** Whether the file says something else; it counts once it is applied. */
    fileDiffers: z.boolean(),
    /** Absent when the file has faults; then `fileFaults` names them. */
    fileDigest: Digest.optional(),
    fileFaults: z.string().optional(),
    /** Absent while objects are still looked at after the last change. */
    spreadAt: Instant.optional(),
    /** Copies to be made, and to be removed. */
    pendingCopies: z.int(),
    pendingRemovals: z.int(),
    /** The last run of the rule of eviction. */
    eviction: EvictionView.optional(),
  })
  .meta({ id: 'PlacementView' });
export type PlacementView = z.infer<typeof PlacementView>;

const PlacementPlanLine = z.object({
  pool: Pool,
  site: z.string(),
  /**
   * Copies to be made; copies that nobody wants any more; the most that may give way in time, who used
   * what not being looked at.
   */
  change: z.enum(['copy', 'remove', 'evict']),
  objects: z.number(),
  bytes: z.number(),
  /** Of those, how many their site keeps until a day. */
  locked: z.number(),
});

export const PlacementPlan = z
  .object({
    /** Of the file as it is now; POST /placement/apply wants it. */
    digest: Digest,
    inForce: Digest,
    acknowledged: z.array(z.object({ pool: Pool, from: Sites, to: Sites })),
    lines: z.array(PlacementPlanLine),
  })
  .meta({ id: 'PlacementPlan' });
export type PlacementPlan = z.infer<typeof PlacementPlan>;

/** Body of POST /api/v1/placement/apply. */
export const PlacementApplyIn = z.strictObject({ digest: Digest });
export type PlacementApplyIn = z.infer<typeof PlacementApplyIn>;
