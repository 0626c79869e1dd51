import { z } from 'zod';
import { SearchQuery } from './search.ts';
import { Id, Instant, RecordState, Role, Tier } from './vocabulary.ts';

const Matter = z.string().trim().min(2).max(200);
const Reason = z.string().trim().min(2).max(2000);
const RecordIds = z.array(Id).min(1).max(10_000);

/** A search that keeps catching new records: the fields of GET /records, at least one of them. */
export const HoldSearch = SearchQuery.omit({ cursor: true, limit: true, facets: true }).refine(
  (search) => Object.keys(search).length > 0,
  'give at least one condition',
);
export type HoldSearch = z.infer<typeof HoldSearch>;

/** The same as it is shown: lists are lists, however they were given. */
export const HoldSearchShown = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.array(z.string())]),
);

/** Body of POST /api/v1/holds: chosen records, or a search that keeps catching, or both. */
export const HoldIn = z
  .strictObject({
    matter: Matter,
    reason: Reason,
    /** Accounts of people who are told, and who say that they have read it. */
    custodians: z.array(Id).max(200).default([]),
    recordIds: RecordIds.optional(),
    search: HoldSearch.optional(),
  })
  .refine(({ recordIds, search }) => recordIds !== undefined || search !== undefined, {
    message: 'give recordIds, search, or both',
    path: ['recordIds'],
  });
export type HoldIn = z.infer<typeof HoldIn>;

/** Body of POST /api/v1/holds/:id/records. */
export const HoldRecordsIn = z.strictObject({ recordIds: RecordIds });
/** Body of POST /api/v1/holds/:id/release, and of taking one record out of a hold. */
export const HoldReleaseIn = z.strictObject({ reason: Reason });

export const HoldState = z.enum(['living', 'released']);
export type HoldState = z.infer<typeof HoldState>;

/** One line of the list. */
export const HoldLine = z
  .object({
    id: Id,
    state: HoldState,
    matter: z.string(),
    placedBy: z.string(),
    placedByName: z.string().optional(),
    placedAt: Instant,
    releasedAt: Instant.optional(),
    /** Records that it keeps now; while its search is being walked more come, while it is released fewer. */
    records: z.int(),
    /** Whether it has a search that keeps catching. */
    searches: z.boolean(),
    /** Its search has not looked at every call yet. A call that it has not come to is held all the same. */
    walking: z.boolean(),
    custodians: z.int(),
    /** How many of them have said that they have read what is true of it now. */
    acknowledged: z.int(),
  })
  .meta({ id: 'HoldLine' });
export type HoldLine = z.infer<typeof HoldLine>;

/** Query of GET /api/v1/holds. */
export const HoldsQuery = z.strictObject({
  state: z.enum(['living', 'released', 'all']).default('living'),
  /** From the previous page's `next`. */
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type HoldsQuery = z.infer<typeof HoldsQuery>;

export const HoldsView = z
  .object({
    /** Newest first. */
    holds: z.array(HoldLine),
    next: z.string().optional(),
    /** All that are living, on whichever page they stand. */
    living: z.int(),
  })
  .meta({ id: 'HoldsView' });
export type HoldsView = z.infer<typeof HoldsView>;

export const Custodian = z.object({
  id: z.string(),
  name: z.string().optional(),
  toldAt: Instant,
  /** That it was placed. */
  acknowledgedAt: Instant.optional(),
  /** That it was released. */
  releaseAcknowledgedAt: Instant.optional(),
});

/** GET /api/v1/holds/custodians: who can be told of a hold, by name. */
export const HoldCandidates = z
  .object({ people: z.array(z.object({ id: Id, name: z.string(), role: Role })) })
  .meta({ id: 'HoldCandidates' });
export type HoldCandidates = z.infer<typeof HoldCandidates>;

/** GET /api/v1/holds/:id. */
export const HoldView = HoldLine.omit({ custodians: true, acknowledged: true })
  .extend({
    reason: z.string(),
    releasedBy: z.string().optional(),
    releasedByName: z.string().optional(),
    releaseReason: z.string().optional(),
    custodians: z.array(Custodian),
    search: HoldSearchShown.optional(),
    /** Records that were released from it one by one. */
    exempted: z.int(),
    /** Of its search. */
    progress: z
      .object({
        /** Start of the newest call that the walk has looked at; absent before its first batch. */
        reachedAt: Instant.optional(),
        /** When it had looked at every call; newer ones are caught as they are archived. */
        caughtUpTo: Instant.optional(),
      })
      .optional(),
  })
  .meta({ id: 'HoldView' });
export type HoldView = z.infer<typeof HoldView>;

/** A record that a hold came too late for. */
export const TooLate = z.object({ recordId: Id, why: z.enum(['disposed', 'unknown']) });
export type TooLate = z.infer<typeof TooLate>;

/** What a hold's records became: those that it came too late for are named, all others are held. */
export const HoldPlaced = z
  .object({ hold: HoldView, tooLate: z.array(TooLate) })
  .meta({ id: 'HoldPlaced' });
export type HoldPlaced = z.infer<typeof HoldPlaced>;

/** Query of GET /api/v1/holds/:id/records. */
export const HoldRecordsQuery = z.strictObject({
  /** From the previous page's `next`. */
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type HoldRecordsQuery = z.infer<typeof HoldRecordsQuery>;

export const HoldRecords = z
  .object({
    /** By id, which is oldest first. */
    records: z.array(
      z.object({
        recordId: Id,
        heldAt: Instant,
        startedAt: Instant,
        state: RecordState,
        /** Absent while the record is on its way. */
        tier: Tier.optional(),
      }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'HoldRecords' });
export type HoldRecords = z.infer<typeof HoldRecords>;

/** GET /api/v1/records/:id/holds: the living holds that keep it. */
export const RecordHolds = z
  .object({
    holds: z.array(
      z.object({
        id: Id,
        matter: z.string(),
        placedAt: Instant,
        /** Absent while the hold's search catches it and the walk has not come to it. */
        heldAt: Instant.optional(),
      }),
    ),
  })
  .meta({ id: 'RecordHolds' });
export type RecordHolds = z.infer<typeof RecordHolds>;

/** GET /api/v1/holds/:id/notice: what a custodian is told. */
export const HoldNotice = z
  .object({
    id: Id,
    state: HoldState,
    matter: z.string(),
    reason: z.string(),
    placedAt: Instant,
    placedByName: z.string().optional(),
    releasedAt: Instant.optional(),
    acknowledgedAt: Instant.optional(),
    releaseAcknowledgedAt: Instant.optional(),
  })
  .meta({ id: 'HoldNotice' });
export type HoldNotice = z.infer<typeof HoldNotice>;
