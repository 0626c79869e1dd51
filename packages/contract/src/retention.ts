import { z } from 'zod';
import { Id, Instant, Tier } from './vocabulary.ts';

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 hex digits');
const Day = z.iso.date();

/** Days other than the call's from which a rule may count; they are told to the archive. */
export const RetentionAnchor = z
  .enum([
    'contract_end',
    'relationship_end',
    'transaction_end',
    'product_end',
    'engagement_end',
    'account_closure',
    'dispute_end',
  ])
  .meta({ id: 'RetentionAnchor' });
export type RetentionAnchor = z.infer<typeof RetentionAnchor>;

const DisposalWay = z.enum(['delete', 'anonymise']);

/** GET /api/v1/records/:id/retention: until when, which rule won, what else applied. */
export const RecordRetention = z
  .object({
    recordId: Id,
    /** What the rules looked at. `called` is the call's day in the archive's zone. */
    tier: Tier,
    industry: z.string().optional(),
    businessType: z.string().optional(),
    called: Day,
    /** First day on which disposal may happen; while `openEnded` only the earliest that it could be. */
    keepUntil: Day,
    openEnded: z.boolean(),
    /** The days that it is open for: nobody has told them yet. */
    waitsFor: z.array(RetentionAnchor),
    /** The maximum; absent where no rule sets one. */
    atMost: Day.optional(),
    /** First day on which it is due by rules and the house's policy, and what becomes of it then. */
    dueOn: Day.optional(),
    how: DisposalWay,
    rule: z.string(),
    clause: z.string(),
    verified: z.string(),
    source: z.string().optional(),
    from: z.union([z.literal('call'), RetentionAnchor]),
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
    anchors: z.array(
      z.object({ anchor: RetentionAnchor, day: Day, toldAt: Instant, toldBy: z.string() }),
    ),
    /** Living holds that keep it. */
    holds: z.int(),
    /** Causes of its being restricted; none where it is not. */
    restricted: z.array(z.string()),
    /** Number of the rules that gave the term. */
    rules: z.int(),
    /** Whether the term is stored; false until the walk has come to a record from before. */
    given: z.boolean(),
  })
  .meta({ id: 'RecordRetention' });
export type RecordRetention = z.infer<typeof RecordRetention>;

/** Body of PUT /api/v1/records/:id/anchors/:anchor. */
export const AnchorIn = z.strictObject({ day: Day });

const RetentionRule = z.object({
  id: z.string(),
  applies: z.record(z.string(), z.array(z.string())),
  keep: z.record(z.string(), z.int()),
  atMost: z.record(z.string(), z.int()).optional(),
  from: z.union([z.literal('call'), RetentionAnchor]),
  whenTold: z.boolean(),
  clause: z.string(),
  verified: z.string(),
  source: z.string().optional(),
  reviewBy: Day.optional(),
  note: z.string().optional(),
  disposal: z.object({ after: z.record(z.string(), z.int()).optional(), how: DisposalWay }),
});

const RulesVersion = z.object({
  number: z.int(),
  /** Hex SHA-256 of its text. */
  digest: Digest,
  actorId: z.string(),
  inForceAt: Instant,
  /** When every record had its term by them; absent while the walk goes on. */
  endedAt: Instant.optional(),
});

/** GET /api/v1/retention/rules. */
export const RetentionRulesView = z
  .object({
    inForce: RulesVersion.extend({ rules: z.string() }),
    /** What is in force, read; each with the disposal that counts for it. */
    profiles: z.array(RetentionRule),
    /** Newest first. */
    versions: z.array(RulesVersion),
    /** Whether the file says something else; it counts once it is applied. */
    fileDiffers: z.boolean(),
    /** The file's text; absent when it cannot be read. `fileFaults` names what is wrong with it. */
    file: z.string().optional(),
    fileFaults: z.string().optional(),
    /** Profiles that somebody has to read again. */
    reviewsDue: z.array(z.object({ rule: z.string(), reviewBy: Day })),
    /** How many records have their term by the rules in force, of how many. */
    walk: z.object({ given: z.int(), of: z.int() }),
    /** Records of which some copy is locked for less long than they are kept; being extended. */
    pendingLocks: z.int(),
    /** What one officer has asked for and a second has to ask for as well. */
    waiting: z
      .object({
        rules: z.string(),
        /** Of the preview. */
        digest: Digest,
        actorId: z.string(),
        at: Instant,
        until: Instant,
      })
      .optional(),
  })
  .meta({ id: 'RetentionRulesView' });
export type RetentionRulesView = z.infer<typeof RetentionRulesView>;

/** GET /api/v1/retention/rules/:number. */
export const RetentionRulesText = RulesVersion.extend({ rules: z.string() }).meta({
  id: 'RetentionRulesText',
});
export type RetentionRulesText = z.infer<typeof RetentionRulesText>;

const Yaml = z.string().min(1).max(500_000);

/** Body of POST /api/v1/retention/rules/preview. */
export const RetentionPreviewIn = z.strictObject({ rules: Yaml });

/**
 * What changes for a record. `closes`: its end was open and is not any more. `sooner` and `later`: the
 * minimum stays, but it is due, or must be gone, on another day.
 */
export const TermChange = z.enum(['longer', 'shorter', 'opens', 'closes', 'sooner', 'later']);
export type TermChange = z.infer<typeof TermChange>;

const TermDays = z.object({
  keepUntil: Day,
  openEnded: z.boolean(),
  atMost: Day.optional(),
  dueOn: Day.optional(),
});

const PreviewLine = z.object({
  change: TermChange,
  tier: Tier,
  /** The rule that won, and the one that would. */
  before: z.string(),
  after: z.string(),
  records: z.int(),
  /** At most twenty of them. */
  examples: z.array(z.object({ recordId: Id, before: TermDays, after: TermDays })),
});

export const RetentionPreview = z
  .object({
    /** POST /retention/rules wants it. */
    digest: Digest,
    /** Number of the rules in force that it was compared with. */
    inForce: z.int(),
    /** Records that were looked at. */
    records: z.int(),
    /** How many of them change, and how. */
    counts: z.record(TermChange, z.int()),
    lines: z.array(PreviewLine),
  })
  .meta({ id: 'RetentionPreview' });
export type RetentionPreview = z.infer<typeof RetentionPreview>;

/** Body of POST /api/v1/retention/rules. */
export const RetentionApplyIn = z.strictObject({
  rules: Yaml,
  /** Of the preview. */
  digest: Digest,
  /** Has to be said where any record would be kept shorter, or be due sooner. */
  acceptShorter: z.boolean().default(false),
});

export type RetentionApplyIn = z.infer<typeof RetentionApplyIn>;

export const RetentionApplied = z
  .object({
    /** Keeping records shorter takes two people; the first only says so. */
    state: z.enum(['done', 'awaits-second-person']),
    rules: RetentionRulesView,
  })
  .meta({ id: 'RetentionApplied' });
export type RetentionApplied = z.infer<typeof RetentionApplied>;
