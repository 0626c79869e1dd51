import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

/** Every check of a compliance audit, in the order in which they run. */
export const AUDIT_CHECKS = [
  ...(['clock.sane', 'ledger.tree', 'ledger.sites', 'ledger.witnesses'] as const),
  ...(['objects.sealed', 'objects.evidence', 'copies.placed', 'copies.verified'] as const),
  ...(['retention.minimum', 'retention.maximum', 'retention.overdue'] as const),
  ...(['retention.pending', 'retention.rules', 'holds.intact', 'restriction.kept'] as const),
  ...(['quarantine.waiting', 'quarantine.originals', 'redaction.residue'] as const),
  ...(['access.accounts', 'access.sessions', 'access.api_keys', 'access.grants'] as const),
  ...(['access.separation', 'access.unused', 'access.mandates', 'access.break_glass'] as const),
  ...(['keys.age', 'keys.escrow', 'keys.apart', 'disks.encrypted'] as const),
  ...(['recovery.drill', 'recovery.journal'] as const),
  ...(['registers.site_country', 'registers.impact'] as const),
  ...(['registers.consent', 'registers.processors'] as const),
] as const;
export const AuditCheckId = z.enum(AUDIT_CHECKS).meta({ id: 'AuditCheckId' });
export type AuditCheckId = z.infer<typeof AuditCheckId>;

/** `low` is worth knowing and fails no audit; the others do, while they are open. */
export const AuditSeverity = z.enum(['low', 'medium', 'high', 'critical']);
export type AuditSeverity = z.infer<typeof AuditSeverity>;

/** What a finding is about. */
export const AuditSubjectKind = z.enum([
  ...(['record', 'object', 'file', 'site', 'account', 'session', 'api_key', 'request'] as const),
  ...(['hold', 'rule', 'entry', 'epoch', 'key', 'disk', 'register', 'archive'] as const),
]);
export type AuditSubjectKind = z.infer<typeof AuditSubjectKind>;

/** The same in both languages of the house. */
export const AuditWords = z.object({ zh: z.string(), en: z.string() });
export type AuditWords = z.infer<typeof AuditWords>;

/** `fixed`: a re-test, or a later audit, did not find it again. `accepted`: two people, until a day. */
export const AuditFindingState = z.enum(['open', 'fixed', 'accepted']);
export type AuditFindingState = z.infer<typeof AuditFindingState>;

const Facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const AuditFindingView = z
  .object({
    id: Id,
    check: AuditCheckId,
    code: z.string(),
    severity: AuditSeverity,
    subject: z.object({ kind: AuditSubjectKind, id: z.string() }),
    site: z.string().optional(),
    detail: Facts,
    wrong: AuditWords,
    fix: AuditWords,
    retest: AuditWords,
    state: AuditFindingState,
    stateAt: Instant,
    /** One person wants it accepted; a second one is waited for. */
    askedBy: z.string().optional(),
    acceptedBy: z.string().optional(),
    acceptedUntil: Instant.optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'AuditFindingView' });
export type AuditFindingView = z.infer<typeof AuditFindingView>;

export const AuditCheckView = z
  .object({
    id: AuditCheckId,
    title: AuditWords,
    /** Absent while it waits for its turn. `noted`: nothing but findings of low severity. */
    outcome: z.enum(['passed', 'noted', 'failed', 'not-run']).optional(),
    /** Why it did not run. */
    code: z.string().optional(),
    /** Things it looked at. */
    looked: z.int(),
    findings: z.int(),
    tookMs: z.int(),
  })
  .meta({ id: 'AuditCheckView' });
export type AuditCheckView = z.infer<typeof AuditCheckView>;

export const AuditFigures = z.object({
  checks: z.int(),
  notRun: z.int(),
  looked: z.int(),
  findings: z.int(),
  open: z.int(),
  accepted: z.int(),
  low: z.int(),
  medium: z.int(),
  high: z.int(),
  critical: z.int(),
});
export type AuditFigures = z.infer<typeof AuditFigures>;

export const AuditRunView = z
  .object({
    id: Id,
    /** Who began it; `archive` for one by schedule. */
    by: z.string(),
    asOf: Instant,
    /** Samples are drawn by it: the same seed draws the same again. */
    seed: z.string(),
    startedAt: Instant,
    endedAt: Instant.optional(),
    /** Absent while it goes on. */
    outcome: z.enum(['passed', 'failed']).optional(),
    progress: z.object({ done: z.int(), of: z.int() }),
    /** When it has ended. */
    figures: AuditFigures.optional(),
    /** Hex SHA-256 of the sealed report at the sites, which the ledger has too. */
    reportSha256: z.string().optional(),
  })
  .meta({ id: 'AuditRunView' });
export type AuditRunView = z.infer<typeof AuditRunView>;

export const AuditRunDetail = AuditRunView.extend({ checks: z.array(AuditCheckView) }).meta({
  id: 'AuditRunDetail',
});
export type AuditRunDetail = z.infer<typeof AuditRunDetail>;

export const AuditsView = z
  .object({
    /** Newest first, at most a hundred. */
    runs: z.array(AuditRunView),
    /** The next one by schedule. */
    next: Instant.optional(),
    serverTime: Instant,
  })
  .meta({ id: 'AuditsView' });
export type AuditsView = z.infer<typeof AuditsView>;

/** Query of GET /api/v1/audits/:id/findings. */
export const AuditFindingsQuery = z.strictObject({
  check: AuditCheckId.optional(),
  severity: AuditSeverity.optional(),
  state: AuditFindingState.optional(),
  /** `next` of the page before. */
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditFindingsQuery = z.infer<typeof AuditFindingsQuery>;

export const AuditFindingsPage = z
  .object({ findings: z.array(AuditFindingView), next: Id.optional() })
  .meta({ id: 'AuditFindingsPage' });
export type AuditFindingsPage = z.infer<typeof AuditFindingsPage>;

/** Body of POST /api/v1/audits/findings/:id/accept. */
export const AuditAcceptIn = z.strictObject({
  reason: z.string().trim().min(4).max(1000),
});
export type AuditAcceptIn = z.infer<typeof AuditAcceptIn>;

/** What the archived report holds; canonical JSON (RFC 8785) of this is sealed. */
export const AuditReport = z
  .object({
    format: z.literal('voxkeep/audit-report/v1'),
    archiveId: Id,
    run: AuditRunView.omit({ progress: true, reportSha256: true }),
    checks: z.array(AuditCheckView),
    findings: z.array(AuditFindingView),
    /** Findings beyond the most that a check lists; they are counted above. */
    unlisted: z.int(),
  })
  .meta({ id: 'AuditReport' });
export type AuditReport = z.infer<typeof AuditReport>;

/** Query of GET /api/v1/audits/:id/report.pdf. */
export const AuditPaperQuery = z.strictObject({
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
});

export const AuditTrend = z
  .object({
    /** Runs that have ended, oldest first. */
    points: z.array(
      z.object({
        id: Id,
        asOf: Instant,
        outcome: z.enum(['passed', 'failed']),
        open: z.int(),
        findings: z.int(),
        checks: z.record(z.string(), z.int()),
      }),
    ),
  })
  .meta({ id: 'AuditTrend' });
export type AuditTrend = z.infer<typeof AuditTrend>;

/** Query of GET /api/v1/audits/trend. */
export const AuditTrendQuery = z.strictObject({
  months: z.coerce.number().int().min(1).max(60).default(12),
});

export const RegisterKind = z.enum([
  ...(['impact_assessment', 'consent_basis', 'processor_contract', 'site_country'] as const),
]);
export type RegisterKind = z.infer<typeof RegisterKind>;
const Day = z.iso.date();

/** Body of POST /api/v1/registers. */
export const RegisterEntryIn = z.strictObject({
  kind: RegisterKind,
  title: z.string().trim().min(1).max(500),
  /** The site, for its country and its processor. */
  subject: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two letters of ISO 3166-1')
    .optional(),
  validFrom: Day,
  reviewBy: Day,
  /** Hex SHA-256 of the document. */
  documentSha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RegisterEntryIn = z.infer<typeof RegisterEntryIn>;

export const RegisterEntryView = z
  .object({
    id: Id,
    kind: RegisterKind,
    title: z.string(),
    subject: z.string().optional(),
    country: z.string().optional(),
    validFrom: Day,
    reviewBy: Day,
    documentSha256: z.string(),
    enteredBy: z.string(),
    enteredAt: Instant,
    endedAt: Instant.optional(),
  })
  .meta({ id: 'RegisterEntryView' });
export type RegisterEntryView = z.infer<typeof RegisterEntryView>;

export const RegistersView = z
  .object({ entries: z.array(RegisterEntryView) })
  .meta({ id: 'RegistersView' });
export type RegistersView = z.infer<typeof RegistersView>;
