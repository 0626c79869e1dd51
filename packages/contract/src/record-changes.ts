import { z } from 'zod';
import { Id, Tier } from './vocabulary.ts';

const Reason = z.string().trim().min(2).max(500);

/** POST /records/:id/reclassify. */
export const ReclassifyIn = z.strictObject({ tier: Tier, reason: Reason });
export const Reclassified = z.object({
  /** Moves to a less strict tier take two people; the first only says so. */
  state: z.enum(['done', 'awaits-second-person']),
});

/** POST /records/:id/case: to a crisis handler, or to a team of such as a group. */
export const CaseIn = z
  .strictObject({
    actorId: Id.optional(),
    teamId: z.string().min(1).max(64).optional(),
    reason: Reason,
  })
  .refine(({ actorId, teamId }) => (actorId === undefined) !== (teamId === undefined), {
    message: 'give either actorId or teamId',
    path: ['actorId'],
  });

/** GET /case-handlers: whom a case can be handed to. */
export const CaseHandlers = z.object({
  people: z.array(z.object({ id: Id, name: z.string(), teamId: z.string().optional() })),
  teams: z.array(z.string()),
});
export type CaseHandlers = z.infer<typeof CaseHandlers>;
