import { z } from 'zod';
import {
  CallChannel,
  Direction,
  FindingType,
  Id,
  Instant,
  RecordState,
  Tier,
} from './vocabulary.ts';

export const MaskedSpan = z.object({
  channel: z.int(),
  startMs: z.int(),
  endMs: z.int(),
  type: FindingType.optional(),
});

export const RetentionLine = z.object({
  /** First day on which disposal may happen. */
  keepUntil: z.iso.date(),
  rule: z.string(),
  clause: z.string(),
  verified: z.string(),
  openEnded: z.boolean(),
  alsoApplied: z.array(z.object({ rule: z.string(), clause: z.string(), keepUntil: z.iso.date() })),
});

/** GET /api/v1/records/:id: all of a record that its viewer may see, in one answer. */
export const RecordView = z
  .object({
    id: Id,
    state: RecordState,
    startedAt: Instant,
    durationMs: z.int(),
    receivedAt: Instant,
    archivedAt: Instant.optional(),
    tier: Tier,
    issueType: z.string(),
    industry: z.string().optional(),
    segment: z.string().optional(),
    businessType: z.string().optional(),
    channel: CallChannel,
    direction: Direction,
    sourceSystem: z.string(),
    agent: z.object({ id: z.string(), name: z.string().optional() }),
    team: z.string().optional(),
    queue: z.string().optional(),
    customer: z.object({
      phoneMasked: z.string().optional(),
      accountMasked: z.string().optional(),
      nameMasked: z.string().optional(),
    }),
    /** Redacted. */
    demand: z.string().optional(),
    agentNote: z.string().optional(),
    feedback: z.object({ score: z.number().optional(), comment: z.string().optional() }).optional(),
    ticketIds: z.array(z.string()),
    events: z.array(
      z.object({
        type: z.string(),
        offsetMs: z.int(),
        note: z.string().optional(),
        agentId: z.string().optional(),
      }),
    ),
    media: z
      .object({
        kind: z.enum(['audio', 'video']),
        /** For <audio>/<video>; video also has `h264` for browsers without HEVC. */
        url: z.string(),
        mediaType: z.string(),
        h264Url: z.string().optional(),
        codec: z.string(),
        channels: z.int(),
        sampleRate: z.int().optional(),
        peaksUrl: z.string(),
      })
      .optional(),
    screenshots: z.array(z.object({ url: z.string(), mediaType: z.string() })),
    masked: z.array(MaskedSpan),
    findingCounts: z.array(z.object({ type: FindingType, count: z.int() })),
    /** Why it is in this tier and of this type, in the rules' words. */
    classification: z.array(z.object({ field: z.string(), rule: z.string(), because: z.string() })),
    retention: RetentionLine,
    /** Site → when its copy was last verified; absent while the copy is still to come. */
    copies: z.array(z.object({ site: z.string(), verifiedAt: Instant.optional() })),
    /** What this viewer may do here, and what not with the rule that says so. */
    may: z.array(z.string()),
    refused: z.array(
      z.object({
        action: z.string(),
        rule: z.string(),
        reason: z.string(),
        askWhom: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'RecordView' });
export type RecordView = z.infer<typeof RecordView>;

export const TranscriptView = z
  .object({
    language: z.string(),
    turns: z.array(
      z.object({
        channel: z.int(),
        speaker: z.enum(['agent', 'customer', 'unknown']),
        startMs: z.int(),
        endMs: z.int(),
        text: z.string(),
        words: z.array(
          z.object({
            text: z.string(),
            startMs: z.int(),
            endMs: z.int(),
            /** Set on a replacement such as [身份证号]. */
            masked: FindingType.optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'TranscriptView' });
export type TranscriptView = z.infer<typeof TranscriptView>;

/** Loudness of the redacted sound for the waveform: min and max (−1 … 1) per step and channel. */
export const PeaksView = z.object({
  stepMs: z.number(),
  channels: z.array(z.array(z.number())),
});
export type PeaksView = z.infer<typeof PeaksView>;

/** One line of "who looked at it". */
export const TrailEntry = z.object({
  index: z.int(),
  at: Instant,
  actor: z.string(),
  /** Today's name of the account; the ledger itself holds ids only. */
  name: z.string().optional(),
  role: z.string(),
  action: z.string(),
  outcome: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
/** Query of GET /api/v1/records/:id/trail. */
export const TrailQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const Trail = z.object({
  entries: z.array(TrailEntry),
  more: z.boolean(),
  /** After a recovery: older entries are still at the sites and come back. */
  olderToCome: z.boolean().optional(),
});
export type Trail = z.infer<typeof Trail>;
