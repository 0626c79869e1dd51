import { z } from 'zod';
import { SearchQuery } from './search.ts';
import { Id, Instant, Role, Tier } from './vocabulary.ts';

/** What a grant opens beside finding and viewing the record; see docs/access.md. */
export const GrantField = z
  .enum(['media', 'transcript', 'attachments', 'original', 'download', 'export'])
  .meta({ id: 'GrantField' });
export type GrantField = z.infer<typeof GrantField>;

export const PurposeCategory = z
  .enum(['complaint', 'dispute', 'investigation', 'regulator', 'audit', 'security', 'training'])
  .meta({ id: 'PurposeCategory' });
export type PurposeCategory = z.infer<typeof PurposeCategory>;

export const RequestKind = z.enum(['records', 'break_glass', 'mandate']);
export type RequestKind = z.infer<typeof RequestKind>;

/**
 * pending: waits for decisions; live: both signatures are there and it has not ended; ended: its time
 * is over; expired: nobody decided in time.
 */
export const RequestState = z.enum([
  ...(['pending', 'live', 'ended', 'expired', 'rejected', 'withdrawn', 'revoked'] as const),
]);
export type RequestState = z.infer<typeof RequestState>;

const Purpose = z.strictObject({
  category: PurposeCategory,
  text: z.string().trim().min(4).max(1000),
});
const Minutes = z.int().min(5).max(240);
const MOST_RECORDS = 500;

/** POST /access/requests: records that are named, or those a search finds at this moment. */
export const RecordsRequestIn = z.strictObject({
  recordIds: z.array(Id).min(1).max(MOST_RECORDS).optional(),
  search: SearchQuery.omit({ cursor: true, limit: true, facets: true }).optional(),
  fields: z.array(GrantField).min(1).max(6),
  purpose: Purpose,
  minutes: Minutes.default(240),
});
export type RecordsRequestIn = z.infer<typeof RecordsRequestIn>;

/** POST /access/break-glass: one record, signed by whoever asks; an approver signs after. */
export const BreakGlassIn = z.strictObject({
  recordId: Id,
  fields: z.array(GrantField).min(1).max(6),
  purpose: Purpose,
  minutes: z.int().min(5).max(60).default(30),
});
export type BreakGlassIn = z.infer<typeof BreakGlassIn>;

/** Every criterion that is given must hold; days of the archive's zone, both included. */
export const MandateScope = z.strictObject({
  industries: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  issueTypes: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  from: z.iso.date(),
  to: z.iso.date(),
});
export type MandateScope = z.infer<typeof MandateScope>;

/** POST /access/mandates. `reference` is the authority's own number of its letter. */
export const MandateIn = z.strictObject({
  holderId: Id,
  scope: MandateScope,
  validFrom: Instant,
  validTo: Instant,
  purpose: Purpose,
  reference: z.string().trim().min(1).max(100),
});
export type MandateIn = z.infer<typeof MandateIn>;

export const RejectIn = z.strictObject({ reason: z.string().trim().min(2).max(500) });
export const RevokeIn = z.strictObject({ reason: z.string().trim().min(2).max(500) });

/** A WebAuthn assertion as `navigator.credentials.get()` gives it, binary members in base64url. */
const B64 = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9_-]*$/, 'base64url');
export const AssertionIn = z.strictObject({
  id: B64,
  rawId: B64,
  type: z.literal('public-key'),
  response: z.strictObject({
    clientDataJSON: B64,
    authenticatorData: B64,
    signature: B64,
    userHandle: B64.optional(),
  }),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  authenticatorAttachment: z.string().max(40).optional(),
});
export type AssertionIn = z.infer<typeof AssertionIn>;

/** POST /access/requests/:id/approve, …/sign and …/review. */
export const ApproveIn = z.strictObject({ assertion: AssertionIn });
export const ReviewIn = z.strictObject({
  assertion: AssertionIn,
  finding: z.enum(['justified', 'not_justified']),
  note: z.string().trim().max(500).optional(),
});

/** GET …/challenge: with `review` the statement of a break-glass's review, else the request's own. */
export const ChallengeQuery = z.strictObject({
  review: z.enum(['justified', 'not_justified']).optional(),
});

/** GET /access/mandate-holders. */
export const MandateHolders = z.object({
  holders: z.array(z.object({ id: Id, name: z.string() })),
});

/** Options for `navigator.credentials`, as WebAuthn's JSON has them; see GET …/challenge. */
export const CredentialOptions = z
  .looseObject({ challenge: z.string() })
  .meta({ id: 'CredentialOptions' });
export const ChallengeView = z.object({
  /** The canonical JSON that is signed: SHA-256 of these very characters is the challenge. */
  canonical: z.string(),
  options: CredentialOptions,
});
export type ChallengeView = z.infer<typeof ChallengeView>;

const Person = z.object({ id: Id, name: z.string(), role: Role });

/** One line of a request's records: what an approver may know without opening anything. */
const RequestRecord = z.object({
  id: Id,
  tier: Tier,
  issueType: z.string(),
  startedAt: Instant,
  agentId: z.string(),
});

export const AccessRequestView = z
  .object({
    id: Id,
    kind: RequestKind,
    state: RequestState,
    requester: Person,
    /** Of a mandate. */
    holder: Person.optional(),
    purpose: z.object({ category: PurposeCategory, text: z.string() }),
    fields: z.array(GrantField),
    minutes: z.int().optional(),
    recordCount: z.int(),
    /** The first fifty. */
    records: z.array(RequestRecord),
    scope: MandateScope.optional(),
    reference: z.string().optional(),
    validFrom: Instant.optional(),
    /** Of a mandate, before it is in force too. */
    validTo: Instant.optional(),
    createdAt: Instant,
    /** Until when it can be decided. */
    decideBy: Instant,
    /** From the last signature on. */
    liveSince: Instant.optional(),
    endsAt: Instant.optional(),
    /** Signatures that are needed, and those that are there. */
    needs: z.int(),
    decisions: z.array(
      z.object({
        person: Person,
        decision: z.enum(['signed', 'approved', 'rejected', 'withdrawn', 'revoked', 'reviewed']),
        at: Instant,
        reason: z.string().optional(),
      }),
    ),
    /** Break-glass that was used or could have been, and nobody has reviewed. */
    awaitsReview: z.boolean(),
    /** What this viewer may do with it now. */
    may: z.array(z.enum(['sign', 'approve', 'reject', 'withdraw', 'revoke', 'review'])),
    /** Why this viewer may not approve, where that is their role. */
    mayNotApprove: z.object({ code: z.string(), reason: z.string() }).optional(),
  })
  .meta({ id: 'AccessRequestView' });
export type AccessRequestView = z.infer<typeof AccessRequestView>;

/** `mine`: asked by the viewer; `inbox`: waits for the viewer; `all`: for whoever oversees. */
export const AccessRequestsQuery = z.strictObject({
  box: z.enum(['mine', 'inbox', 'all']).default('mine'),
  state: RequestState.optional(),
  kind: RequestKind.optional(),
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const AccessRequestsView = z
  .object({ requests: z.array(AccessRequestView), next: Id.optional(), waiting: z.int() })
  .meta({ id: 'AccessRequestsView' });
export type AccessRequestsView = z.infer<typeof AccessRequestsView>;

/** GET /access/grants: what the viewer holds now, mandates included, soonest end first. */
export const GrantsView = z
  .object({ grants: z.array(AccessRequestView), serverTime: Instant })
  .meta({ id: 'GrantsView' });
export type GrantsView = z.infer<typeof GrantsView>;

export const PasskeyState = z.enum(['awaiting', 'enrolled', 'revoked']);

export const PasskeyView = z
  .object({
    id: Id,
    owner: Person,
    label: z.string(),
    state: PasskeyState,
    createdAt: Instant,
    enrolledAt: Instant.optional(),
    revokedAt: Instant.optional(),
    confirmedBy: z.array(Person),
    /** By password while the archive has too few enrolled approvers, else by passkey. */
    confirmWith: z.enum(['password', 'passkey']).optional(),
    /** The text that confirmers sign, with the public key; for who may confirm. */
    statement: z.string().optional(),
    may: z.array(z.enum(['confirm', 'revoke'])),
  })
  .meta({ id: 'PasskeyView' });
export type PasskeyView = z.infer<typeof PasskeyView>;

/** GET /access/passkeys: one's own; with `all`, everybody's, for approvers, compliance and admin. */
export const PasskeysQuery = z.strictObject({ box: z.enum(['mine', 'all']).default('mine') });
export const PasskeysView = z.object({
  passkeys: z.array(PasskeyView),
  /** While it is open, administrators and compliance confirm by password. */
  founding: z.boolean(),
});
export type PasskeysView = z.infer<typeof PasskeysView>;

/** POST /access/passkeys: what `navigator.credentials.create()` gave. */
export const PasskeyIn = z.strictObject({
  label: z.string().trim().min(1).max(60),
  registration: z.strictObject({
    id: B64,
    rawId: B64,
    type: z.literal('public-key'),
    response: z.strictObject({
      clientDataJSON: B64,
      attestationObject: B64,
      transports: z.array(z.string().max(20)).max(10).optional(),
      authenticatorData: B64.optional(),
      publicKey: B64.optional(),
      publicKeyAlgorithm: z.int().optional(),
    }),
    clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
    authenticatorAttachment: z.string().max(40).optional(),
  }),
});
export type PasskeyIn = z.infer<typeof PasskeyIn>;

/** POST /access/passkeys/:id/confirm: one of the two, as `confirmWith` says. */
export const ConfirmPasskeyIn = z.strictObject({
  assertion: AssertionIn.optional(),
  password: z.string().min(1).max(200).optional(),
});
