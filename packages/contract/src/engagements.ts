import { z } from 'zod';
import { AuditCheckId, AuditSeverity } from './audits.ts';
import { Id, Instant, Tier } from './vocabulary.ts';

const Day = z.iso.date();
const Text = (most: number) => z.string().trim().min(4).max(most);
/** 32 bytes in hex. */
const Hex = z.string().regex(/^[0-9a-f]{64}$/, '32 bytes in hex');
const Party = z.object({ id: z.string(), name: z.string().optional() });
/** Calls of these days, both included, in the archive's zone. */
const Calls = z.strictObject({
  from: Day,
  to: Day,
  tiers: z.array(Tier).min(1).max(3),
});

/** `opened`: a second officer has to confirm the same text. `over`: its last day has passed. */
export const EngagementState = z.enum(['opened', 'confirmed', 'over', 'closed']);
export type EngagementState = z.infer<typeof EngagementState>;

/** Body of POST /engagements. */
export const EngagementIn = z.strictObject({
  firm: z.string().trim().min(2).max(200),
  purpose: Text(2000),
  calls: Calls,
  /** Checks of compliance audits; none for all. */
  checks: z.array(AuditCheckId).max(100).default([]),
  /** First and last day of it, at most 90 days. */
  from: Day,
  until: Day,
});
export type EngagementIn = z.infer<typeof EngagementIn>;

/** Body of POST /engagements/:id/confirm. */
export const EngagementConfirmIn = z.strictObject({ commitment: Hex });
/** Body of POST /engagements/:id/close. */
export const EngagementCloseIn = z.strictObject({ reason: Text(1000) });

export const EngagementView = z
  .object({
    id: Id,
    state: EngagementState,
    firm: z.string(),
    purpose: z.string(),
    calls: z.object({ from: Day, to: Day, tiers: z.array(Tier) }),
    checks: z.array(AuditCheckId),
    from: Day,
    until: Day,
    /** Of all its terms; whoever confirms names it, and the ledger has it. */
    commitment: z.string(),
    openedBy: Party,
    openedAt: Instant,
    confirmedBy: Party.optional(),
    confirmedAt: Instant.optional(),
    closedBy: Party.optional(),
    closedAt: Instant.optional(),
    closingReason: z.string().optional(),
    /** Accounts that were made for it. */
    auditors: z.array(Party),
    counts: z.object({
      samples: z.int(),
      /** Questions that are not answered, and of those the ones that are late. */
      evidenceOpen: z.int(),
      evidenceOverdue: z.int(),
      findings: z.int(),
      findingsOpen: z.int(),
    }),
    /** What whoever asks may do with it now. */
    may: z.array(z.enum(['confirm', 'close', 'answer', 'examine'])),
  })
  .meta({ id: 'EngagementView' });
export type EngagementView = z.infer<typeof EngagementView>;

export const EngagementsView = z
  .object({
    /** Newest first, at most a hundred. */
    engagements: z.array(EngagementView),
    today: Day,
  })
  .meta({ id: 'EngagementsView' });
export type EngagementsView = z.infer<typeof EngagementsView>;

/** Body of POST /engagements/:id/samples. */
export const SampleIn = z.strictObject({
  calls: Calls,
  size: z.int().min(1).max(500),
  /** Hex SHA-256 of 32 random bytes, which are told once the request is on the ledger. */
  commitment: Hex,
});
export type SampleIn = z.infer<typeof SampleIn>;

/** Body of POST /engagements/:id/samples/:sampleId/draw. */
export const SampleDrawIn = z.strictObject({ nonce: Hex });

export const SampleState = z.enum(['asked', 'drawn', 'given_up']);
export type SampleState = z.infer<typeof SampleState>;

export const SampleView = z
  .object({
    id: Id,
    engagementId: Id,
    /** 1, 2 … within the engagement. */
    number: z.int(),
    state: SampleState,
    calls: z.object({ from: Day, to: Day, tiers: z.array(Tier) }),
    population: z.object({ count: z.int(), root: z.string() }),
    size: z.int(),
    commitment: z.string(),
    /**
     * Index of the request's entry, and size and root (base64) of the first tree that holds it: what goes into the
     * seed beside the nonce, to be noted down now by whoever asked.
     */
    asked: z.object({ entry: z.int(), treeSize: z.int(), root: z.string() }).optional(),
    askedBy: Party,
    askedAt: Instant,
    nonce: z.string().optional(),
    seed: z.string().optional(),
    endedAt: Instant.optional(),
    /** In the order of the draw. */
    records: z.array(z.object({ recordId: Id, position: z.int() })),
  })
  .meta({ id: 'SampleView' });
export type SampleView = z.infer<typeof SampleView>;

export const SamplesView = z.object({ samples: z.array(SampleView) }).meta({ id: 'SamplesView' });
export type SamplesView = z.infer<typeof SamplesView>;

/** What an answer rests on: an audit of the archive, a record, or an entry of the ledger by its index. */
export const EvidenceReference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('audit'), id: Id }),
  z.strictObject({ kind: z.literal('record'), id: Id }),
  z.strictObject({ kind: z.literal('entry'), id: z.string().regex(/^(0|[1-9]\d{0,14})$/) }),
]);
export type EvidenceReference = z.infer<typeof EvidenceReference>;

/** Body of POST /engagements/:id/evidence. */
export const EvidenceIn = z.strictObject({
  wanted: Text(4000),
  recordIds: z.array(Id).max(200).default([]),
  dueOn: Day,
});
export type EvidenceIn = z.infer<typeof EvidenceIn>;

/** Body of POST /engagements/:id/evidence/:evidenceId/answer. */
export const EvidenceAnswerIn = z.strictObject({
  answer: Text(4000),
  references: z.array(EvidenceReference).max(200).default([]),
});
export type EvidenceAnswerIn = z.infer<typeof EvidenceAnswerIn>;

export const EvidenceView = z
  .object({
    id: Id,
    engagementId: Id,
    state: z.enum(['asked', 'answered', 'withdrawn']),
    wanted: z.string(),
    recordIds: z.array(Id),
    dueOn: Day,
    overdue: z.boolean(),
    askedBy: Party,
    askedAt: Instant,
    answer: z.string().optional(),
    references: z.array(EvidenceReference),
    answeredBy: Party.optional(),
    answeredAt: Instant.optional(),
  })
  .meta({ id: 'EvidenceView' });
export type EvidenceView = z.infer<typeof EvidenceView>;

export const EvidencesView = z
  .object({ evidence: z.array(EvidenceView) })
  .meta({ id: 'EvidencesView' });
export type EvidencesView = z.infer<typeof EvidencesView>;

/** What a finding is about. */
export const ExternalFindingAbout = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('engagement'), id: Id }),
  z.strictObject({ kind: z.literal('sample'), id: Id }),
  z.strictObject({ kind: z.literal('evidence'), id: Id }),
  z.strictObject({ kind: z.literal('record'), id: Id }),
  z.strictObject({ kind: z.literal('check'), id: AuditCheckId }),
]);
export type ExternalFindingAbout = z.infer<typeof ExternalFindingAbout>;

/** Body of POST /engagements/:id/findings. */
export const ExternalFindingIn = z.strictObject({
  severity: AuditSeverity,
  about: ExternalFindingAbout,
  text: Text(4000),
});
export type ExternalFindingIn = z.infer<typeof ExternalFindingIn>;

/** Body of POST /engagements/:id/findings/:findingId/answer: accepted, and mended by a day; or disputed. */
export const ExternalFindingAnswerIn = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('accepted'), text: Text(4000), dueOn: Day }),
  z.strictObject({ verdict: z.literal('disputed'), text: Text(4000) }),
]);
export type ExternalFindingAnswerIn = z.infer<typeof ExternalFindingAnswerIn>;

/** Body of POST /engagements/:id/findings/:findingId/close. */
export const ExternalFindingCloseIn = z.strictObject({ text: Text(4000) });
export type ExternalFindingCloseIn = z.infer<typeof ExternalFindingCloseIn>;

export const ExternalFindingView = z
  .object({
    id: Id,
    engagementId: Id,
    state: z.enum(['open', 'accepted', 'disputed', 'closed']),
    severity: AuditSeverity,
    about: ExternalFindingAbout,
    text: z.string(),
    writtenBy: Party,
    writtenAt: Instant,
    answer: z.string().optional(),
    dueOn: Day.optional(),
    /** Accepted, and not closed by the day by which it was to be mended. */
    overdue: z.boolean(),
    answeredBy: Party.optional(),
    answeredAt: Instant.optional(),
    closing: z.string().optional(),
    closedBy: Party.optional(),
    closedAt: Instant.optional(),
  })
  .meta({ id: 'ExternalFindingView' });
export type ExternalFindingView = z.infer<typeof ExternalFindingView>;

export const ExternalFindingsView = z
  .object({ findings: z.array(ExternalFindingView) })
  .meta({ id: 'ExternalFindingsView' });
export type ExternalFindingsView = z.infer<typeof ExternalFindingsView>;
