import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

const Day = z.iso.date();
const Reason = z.string().trim().min(2).max(500);
const Party = z.object({ id: z.string(), name: z.string().optional() });

/** Body of POST /api/v1/records/:id/original-wait: the first day on which the original may go, and why. */
export const OriginalWaitIn = z.strictObject({ until: Day, reason: Reason });
export type OriginalWaitIn = z.infer<typeof OriginalWaitIn>;

/** Body of POST /api/v1/original-waits/:id/reject. */
export const OriginalRejectIn = z.strictObject({ reason: Reason });

/** A question whether a sensitive original is needed for longer. */
export const AskedWait = z
  .object({
    id: Id,
    recordId: Id,
    until: Day,
    state: z.enum(['asked', 'granted', 'refused']),
    askedBy: Party,
    askedAt: Instant,
    reason: z.string(),
    decisions: z.array(
      z.object({
        by: Party,
        decision: z.enum(['approved', 'rejected']),
        at: Instant,
        reason: z.string().optional(),
      }),
    ),
    /** Whether whoever looks may decide on it now. */
    mayDecide: z.boolean(),
  })
  .meta({ id: 'AskedWait' });
export type AskedWait = z.infer<typeof AskedWait>;

export const AskedWaitsView = z
  .object({ waits: z.array(AskedWait) })
  .meta({ id: 'AskedWaitsView' });
export type AskedWaitsView = z.infer<typeof AskedWaitsView>;

/** GET /api/v1/records/:id/original-wait: until when an original that has to go is needed. */
export const OriginalView = z
  .object({
    recordId: Id,
    /** It waits in quarantine still. */
    there: z.boolean(),
    /** When its keys were destroyed at all sites. */
    destroyedAt: Instant.optional(),
    /** A hold keeps it, whatever its time. */
    held: z.boolean(),
    /** Absent where none waits for a time. */
    needed: z
      .object({
        until: Instant,
        /** After the record was archived, by the rules. */
        days: z.int(),
        /** Whose own time that is; absent where it is that of all. */
        businessType: z.string().optional(),
        /** The day that two approvers granted, where it is later. */
        grantedUntil: Day.optional(),
        /** The latest day that anybody may grant. */
        atMost: Day,
      })
      .optional(),
    /** Newest first. */
    waits: z.array(AskedWait),
  })
  .meta({ id: 'OriginalView' });
export type OriginalView = z.infer<typeof OriginalView>;
