import { z } from 'zod';
import { ApproveIn, RejectIn } from './access-requests.ts';
import { Id, Instant, Tier } from './vocabulary.ts';

const Day = z.iso.date();

/** Why a record goes: a person's erasure, a closed account, its maximum, or the house's policy. */
export const DisposalGround = z
  .enum(['erasure', 'closure', 'maximum', 'policy'])
  .meta({ id: 'DisposalGround' });
export type DisposalGround = z.infer<typeof DisposalGround>;

/** What keeps a record that was on a list. */
export const DisposalKept = z.enum(['hold', 'minimum', 'not-due', 'unknown', 'state', 'failed']);
export type DisposalKept = z.infer<typeof DisposalKept>;

export const DisposalRunState = z
  .enum(['proposed', 'approved', 'running', 'paused', 'done', 'refused', 'stopped'])
  .meta({ id: 'DisposalRunState' });
export type DisposalRunState = z.infer<typeof DisposalRunState>;

const DueRecord = z.object({
  recordId: Id,
  tier: Tier,
  ground: DisposalGround,
  rule: z.string(),
  keepUntil: Day,
});

/** GET /disposals/due: from the day `asOf` on; the first hundred by id, and all of them counted. */
export const DueView = z
  .object({
    asOf: Day,
    records: z.int(),
    /** Past their maximum and held by nothing, those that a list has already counted as well. */
    overdue: z.int(),
    /** Kept by holds that have noted them, due or not. */
    held: z.int(),
    /** Stored and protected and nothing else, due or not. */
    restricted: z.int(),
    counts: z.array(
      z.object({ ground: DisposalGround, rule: z.string(), tier: Tier, records: z.int() }),
    ),
    first: z.array(DueRecord),
    /** So many may go by themselves; more take two approvals. */
    mostAlone: z.int(),
    /** When the archive looks for itself; absent where it does not. */
    nextLook: Instant.optional(),
    /** Destructions that a site has yet to do, and the oldest of them. */
    pendingDestructions: z.int(),
    pendingSince: Instant.optional(),
  })
  .meta({ id: 'DueView' });
export type DueView = z.infer<typeof DueView>;

/** POST /disposals/runs: these records, or without any all that are due (10,000 at most). */
export const DisposalRunIn = z.strictObject({
  recordIds: z.array(Id).min(1).max(10_000).optional(),
});
export type DisposalRunIn = z.infer<typeof DisposalRunIn>;

export const DisposalDecisionIn = ApproveIn;
export const DisposalRejectIn = RejectIn;

const Party = z.object({ id: z.string(), name: z.string().optional() });

export const DisposalRunView = z
  .object({
    id: Id,
    kind: z.enum(['due', 'chosen']),
    state: DisposalRunState,
    asOf: Day,
    records: z.int(),
    disposed: z.int(),
    deferred: z.int(),
    /** Whether it is small enough to take nobody's approval. */
    alone: z.boolean(),
    /** `archive` where it was proposed by schedule. */
    proposedBy: Party,
    proposedAt: Instant,
    decideBy: Instant,
    begunAt: Instant.optional(),
    endedAt: Instant.optional(),
    decisions: z.array(
      z.object({
        by: Party,
        decision: z.enum(['approved', 'rejected']),
        at: Instant,
        reason: z.string().optional(),
      }),
    ),
    /** Whether whoever asks may decide on it now. */
    mayDecide: z.boolean(),
    counts: z.array(
      z.object({ ground: DisposalGround, rule: z.string(), tier: Tier, records: z.int() }),
    ),
    kept: z.array(z.object({ why: DisposalKept, records: z.int() })),
  })
  .meta({ id: 'DisposalRunView' });
export type DisposalRunView = z.infer<typeof DisposalRunView>;

export const DisposalRunsQuery = z.strictObject({
  state: DisposalRunState.optional(),
  /** From the page before: the last run's id. */
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export const DisposalRunsView = z
  .object({ runs: z.array(DisposalRunView), next: Id.optional() })
  .meta({ id: 'DisposalRunsView' });
export type DisposalRunsView = z.infer<typeof DisposalRunsView>;

export const DisposalItemsQuery = z.strictObject({
  state: z.enum(['planned', 'disposed', 'deferred']).optional(),
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type DisposalItemsQuery = z.infer<typeof DisposalItemsQuery>;

export const DisposalItemsView = z
  .object({
    items: z.array(
      z.object({
        recordId: Id,
        tier: Tier,
        ground: DisposalGround,
        rule: z.string(),
        state: z.enum(['planned', 'disposed', 'deferred']),
        why: DisposalKept.optional(),
        at: Instant.optional(),
      }),
    ),
    next: Id.optional(),
  })
  .meta({ id: 'DisposalItemsView' });
export type DisposalItemsView = z.infer<typeof DisposalItemsView>;

/** GET /disposals/runs/:id/certificate; `after` is the header `x-voxkeep-next` of the document before. */
export const RunCertificateQuery = z.strictObject({ after: Id.optional() });

/** GET /records/:id/disposal: two stages, kept apart. */
export const DisposalView = z
  .object({
    recordId: Id,
    runId: Id,
    how: z.enum(['delete', 'anonymise']),
    ground: DisposalGround,
    rule: z.string(),
    clause: z.string(),
    keepUntil: Day,
    disposedAt: Instant,
    digest: z.string(),
    objects: z.int(),
    /** Unreadable at all sites; absent while one has yet to answer. */
    unreadableAt: Instant.optional(),
    /** Where its destruction is still to be done. */
    pendingSites: z.array(z.string()),
    /** Until when bytes that nobody can read lie in locked places. */
    lockedUntil: Instant.optional(),
    /** Beyond any old copy, of whatever place. */
    beyondOldCopiesAt: Instant.optional(),
  })
  .meta({ id: 'DisposalView' });
export type DisposalView = z.infer<typeof DisposalView>;
