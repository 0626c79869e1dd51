import { z } from 'zod';
import { GrantField } from './access-requests.ts';
import { Instant, RecordState, Role, Tier } from './vocabulary.ts';

/** What the policy knows to allow or refuse. */
export const PolicyAction = z
  .enum([
    ...(['search', 'view', 'stream', 'read_transcript', 'attachment', 'score', 'trail'] as const),
    ...(['original', 'download', 'export', 'delete', 'hold', 'restrict', 'reclassify'] as const),
    ...(['propose_clip', 'make_clip', 'assign_case', 'link_ticket', 'review'] as const),
    ...(['ingest', 'jobs', 'retry_job', 'status', 'ledger', 'audits', 'retention'] as const),
    ...(['accounts', 'api_keys', 'configure', 'own_scores', 'clips', 'aggregates'] as const),
    ...(['request_access', 'request_mandate', 'access_requests', 'approve', 'enrol'] as const),
    ...(['end_access', 'key_ceremony', 'close_account', 'engage', 'examine'] as const),
  ])
  .meta({ id: 'PolicyAction' });
export type PolicyAction = z.infer<typeof PolicyAction>;

/** Of an account, record or request that need not exist. */
const Name = z.string().min(1).max(64);
const MOST_CELLS = 5000;

const CellViewer = z.strictObject({
  role: Role,
  actorId: Name.default('viewer'),
  agentId: Name.optional(),
  teamId: Name.optional(),
});

const CellRecord = z.strictObject({
  id: Name.default('record'),
  tier: Tier,
  state: RecordState.default('archived'),
  startedAt: Instant,
  agentIds: z.array(Name).max(50).default([]),
  teamId: Name.optional(),
  industry: Name.optional(),
  issueType: Name.optional(),
  /** Whose case it is. */
  case: z.strictObject({ actorId: Name.optional(), teamId: Name.optional() }).optional(),
  /** The reviewer who holds it. */
  leasedTo: Name.optional(),
});

/** A grant as if both its signatures had been verified. */
const CellGrant = z.strictObject({
  holderId: Name,
  holderRole: Role,
  since: Instant,
  until: Instant,
  fields: z.array(GrantField).max(6),
  records: z
    .array(z.strictObject({ id: Name, tier: Tier }))
    .min(1)
    .max(500),
});

/** A mandate as if both its signatures had been verified. Calls from `from` on and before `before`. */
const CellMandate = z.strictObject({
  holderId: Name,
  holderRole: Role.default('regulator'),
  since: Instant,
  until: Instant,
  scope: z.strictObject({
    industries: z.array(Name).min(1).max(50).optional(),
    issueTypes: z.array(Name).min(1).max(50).optional(),
    from: Instant,
    before: Instant,
  }),
});

/** POST /access/decide: who would be allowed what. Nobody and nothing in it has to exist. */
export const PolicyQuestions = z.strictObject({
  cells: z
    .array(
      z.strictObject({
        viewer: CellViewer,
        action: PolicyAction,
        record: CellRecord.optional(),
        grants: z.array(CellGrant).max(20).default([]),
        mandates: z.array(CellMandate).max(20).default([]),
        /** Instead of this moment. */
        now: Instant.optional(),
      }),
    )
    .min(1)
    .max(MOST_CELLS),
});
export type PolicyQuestions = z.infer<typeof PolicyQuestions>;

export const PolicyAnswers = z
  .object({
    /** One a cell, in their order. */
    decisions: z.array(
      z.object({
        allowed: z.boolean(),
        rule: z.string(),
        /** Of a refusal. */
        reason: z.string().optional(),
        askWhom: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'PolicyAnswers' });
export type PolicyAnswers = z.infer<typeof PolicyAnswers>;

/** GET /routes: what the router really has. */
export const RoutesView = z
  .object({
    routes: z.array(
      z.object({
        method: z.string(),
        path: z.string(),
        /** `public`, `signed-in`, `person`, or actions of which one is needed. */
        rule: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'RoutesView' });
export type RoutesView = z.infer<typeof RoutesView>;
