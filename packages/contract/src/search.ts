import { z } from 'zod';
import { CallChannel, Direction, Id, Instant, Tier } from './vocabulary.ts';

const list = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item.transform((one) => [one])])
    .optional()
    .meta({ description: 'may be given several times' });
/** Seconds; as large as the database can compare. */
const count = z.coerce.number().int().min(0).max(2_147_483_647);
const dayOrInstant = z.union([Instant, z.iso.date()], {
  error: 'give a day as 2025-08-10 or a time as 2025-08-10T09:00:00+08:00, once',
});

/** Query of GET /api/v1/records. Everything is combined with AND; several values of one with OR. */
export const SearchQuery = z
  .strictObject({
    /** Inclusive; a date alone is midnight in the archive's zone. */
    from: dayOrInstant.optional(),
    /** Exclusive for an instant; a date alone means the whole of that day. */
    to: dayOrInstant.optional(),
    /** Full number, last four, or masked as 138****2641. */
    phone: z.string().trim().min(4).max(40).optional(),
    agent: list(z.string().min(1).max(64)),
    team: list(z.string().min(1).max(64)),
    issueType: list(z.string().min(1).max(64)),
    tier: list(Tier),
    channel: CallChannel.optional(),
    direction: Direction.optional(),
    segment: list(z.string().min(1).max(64)),
    industry: list(z.string().min(1).max(64)),
    minDurationS: count.optional(),
    maxDurationS: count.optional(),
    /** Has at least one masked stretch. */
    hasFindings: z.enum(['true', 'false']).optional(),
    /** Words of the redacted transcript, all of them; Chinese words of two characters and more. */
    text: z.string().trim().min(1).max(200).optional(),
    ticket: z.string().trim().min(1).max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** Opaque, from the previous page's `next`. */
    cursor: z.string().max(200).optional(),
    facets: z.enum(['true', 'false']).default('false'),
  })
  .meta({ id: 'SearchQuery' });
export type SearchQuery = z.infer<typeof SearchQuery>;

/** One line of the result table. */
export const SearchHit = z
  .object({
    id: Id,
    startedAt: Instant,
    durationS: z.int(),
    tier: Tier,
    issueType: z.string(),
    channel: CallChannel,
    direction: Direction,
    agentId: z.string(),
    agentName: z.string().optional(),
    team: z.string().optional(),
    segment: z.string().optional(),
    industry: z.string().optional(),
    /** 138****2641; absent when the call had no number. */
    phoneMasked: z.string().optional(),
    findingCount: z.int(),
    /** The first redacted words that match, or the first of the call. */
    snippet: z.string().optional(),
    /** Ranges of `snippet` (UTF-16) to be marked. */
    marks: z.array(z.tuple([z.int(), z.int()])).optional(),
    /** False when the viewer may see this line only, with the rule that says so. */
    canOpen: z.boolean(),
    refusal: z.string().optional(),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof SearchHit>;

export const FacetValue = z.object({ value: z.string(), count: z.int() });
export const Facets = z.object({
  tier: z.array(FacetValue),
  issueType: z.array(FacetValue),
  agent: z.array(FacetValue),
  team: z.array(FacetValue),
  channel: z.array(FacetValue),
  segment: z.array(FacetValue),
});
export type Facets = z.infer<typeof Facets>;

export const SearchResult = z
  .object({
    hits: z.array(SearchHit),
    total: z.int(),
    /** True when counting stopped at 10,000: the total is 'at least'. */
    totalCapped: z.boolean(),
    facets: Facets.optional(),
    next: z.string().optional(),
    /** Milliseconds in the server, ledger entry and decryption included. */
    took: z.number(),
    /** What the viewer's role limits this search to, as the policy says it. */
    scope: z.string(),
  })
  .meta({ id: 'SearchResult' });
export type SearchResult = z.infer<typeof SearchResult>;

export const SavedFilter = z.object({
  id: Id,
  name: z.string().min(1).max(60),
  /** The fields of SearchQuery as they stood in the address. */
  query: z
    .record(
      z.string().max(40),
      z.union([z.string().max(200), z.array(z.string().max(200)).max(100)]),
    )
    .refine((query) => Object.keys(query).length <= 30, 'has more than 30 fields'),
});
export type SavedFilter = z.infer<typeof SavedFilter>;
export const SavedFilterIn = SavedFilter.omit({ id: true });
export const SavedFilters = z.array(SavedFilter);

/** Values that exist in the archive, for filter menus. */
export const Vocabulary = z.object({
  issueTypes: z.array(z.string()),
  agents: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  teams: z.array(z.string()),
  segments: z.array(z.string()),
  industries: z.array(z.string()),
});
export type Vocabulary = z.infer<typeof Vocabulary>;
