import { z } from 'zod';
import { Id, Instant, RecordState, Tier } from './vocabulary.ts';

const Day = z.iso.date();
const Account = z.string().trim().min(1).max(100);
/** The whole number: a part of it is no person. */
const WholePhone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[+\d][\d\s()./-]*$/, 'a whole number, digits only')
  .refine((phone) => phone.replace(/\D/g, '').length >= 7, 'a whole number, seven digits or more');
const Reason = z.string().trim().min(2).max(500);

/** Body of POST /api/v1/account-closures. `reference` is the teller's own name of it, told once. */
export const ClosureIn = z.strictObject({
  reference: z.string().trim().min(1).max(100),
  /** Who tells it: the system in which the account was closed. */
  sourceSystem: z.string().trim().min(1).max(64),
  account: Account,
  /** Calls from it that name no account are the account's too, if they began by that day. */
  phone: WholePhone.optional(),
  /** A day of the archive's zone, not after today. */
  closedOn: Day,
});
export type ClosureIn = z.infer<typeof ClosureIn>;

export const ClosureView = z
  .object({
    id: Id,
    reference: z.string(),
    sourceSystem: z.string(),
    accountMasked: z.string(),
    phoneMasked: z.string().optional(),
    closedOn: Day,
    toldBy: z.string(),
    toldAt: Instant,
    /** running: calls of before are being restricted; done: all are. Later ones follow as they come. */
    state: z.enum(['running', 'done']),
    doneAt: Instant.optional(),
    /** Records that are restricted by it until now. */
    restricted: z.int(),
  })
  .meta({ id: 'ClosureView' });
export type ClosureView = z.infer<typeof ClosureView>;

/** Query of GET /api/v1/account-closures. */
export const ClosuresQuery = z.strictObject({
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const ClosuresView = z
  .object({ closures: z.array(ClosureView), next: Id.optional() })
  .meta({ id: 'ClosuresView' });
export type ClosuresView = z.infer<typeof ClosuresView>;

export const SubjectKind = z.enum(['copy', 'correction', 'erasure']);
export type SubjectKind = z.infer<typeof SubjectKind>;

/**
 * received: waits for a decision; granted: decided, and what was granted is not done yet; refused; done;
 * withdrawn: it was a mistake, or the person took it back.
 */
export const SubjectState = z.enum(['received', 'granted', 'refused', 'done', 'withdrawn']);
export type SubjectState = z.infer<typeof SubjectState>;

/** What of a record can be corrected. */
export const CorrectedField = z.enum(['segment', 'team', 'issueType']);
export type CorrectedField = z.infer<typeof CorrectedField>;
const Correction = z.strictObject({
  recordId: Id,
  field: CorrectedField,
  value: z.string().trim().min(1).max(64),
});
export type Correction = z.infer<typeof Correction>;

/** Body of POST /api/v1/subject-requests. */
export const SubjectRequestIn = z
  .strictObject({
    kind: SubjectKind,
    phone: WholePhone.optional(),
    account: Account.optional(),
    /** How it was made sure who asks; kept sealed. */
    identity: z.string().trim().min(2).max(500),
    /** What the person said; kept sealed. */
    note: z.string().trim().min(1).max(2000).optional(),
    /** A day of the archive's zone, not after today: the deadline counts from it. */
    receivedOn: Day,
    /** Of a copy: with the masked sound. */
    withMedia: z.boolean().optional(),
    /** Of a correction. */
    corrections: z.array(Correction).min(1).max(100).optional(),
  })
  .refine(({ phone, account }) => (phone ?? account) !== undefined, {
    message: 'give phone, account or both',
    path: ['phone'],
  })
  .refine(({ kind, corrections }) => (kind === 'correction') === (corrections !== undefined), {
    message: 'a correction says what, and nothing else does',
    path: ['corrections'],
  })
  .refine(({ kind, withMedia }) => kind === 'copy' || withMedia === undefined, {
    message: 'is for a copy',
    path: ['withMedia'],
  });
export type SubjectRequestIn = z.infer<typeof SubjectRequestIn>;

/** Bodies of POST /api/v1/subject-requests/:id/refuse, …/withdraw and …/extend. */
export const SubjectReasonIn = z.strictObject({ reason: Reason });
export const SubjectExtendIn = z.strictObject({
  reason: Reason,
  /** Further days, counted from the first deadline; default as many as it had. */
  days: z.int().min(1).max(60).optional(),
});
export type SubjectExtendIn = z.infer<typeof SubjectExtendIn>;

export const SubjectRequestView = z
  .object({
    id: Id,
    kind: SubjectKind,
    state: SubjectState,
    phoneMasked: z.string().optional(),
    accountMasked: z.string().optional(),
    receivedOn: Day,
    /** The last day on which it is answered in time. */
    answerBy: Day,
    /** Days from today to that; negative when it is over. Absent for what is answered. */
    daysLeft: z.int().optional(),
    overdue: z.boolean(),
    enteredBy: z.string(),
    enteredAt: Instant,
    extendedAt: Instant.optional(),
    decidedBy: z.string().optional(),
    decidedAt: Instant.optional(),
    withdrawnAt: Instant.optional(),
    endedAt: Instant.optional(),
    /** Records that are restricted by it. */
    restricted: z.int(),
    /** What this viewer may do with it now. */
    may: z.array(z.enum(['grant', 'refuse', 'extend', 'withdraw', 'take_copy'])),
  })
  .meta({ id: 'SubjectRequestView' });
export type SubjectRequestView = z.infer<typeof SubjectRequestView>;

/** GET /api/v1/subject-requests/:id: with what lies sealed; looking at it stands in the ledger. */
export const SubjectRequestDetail = SubjectRequestView.extend({
  phone: z.string().optional(),
  account: z.string().optional(),
  identity: z.string(),
  note: z.string().optional(),
  withMedia: z.boolean().optional(),
  corrections: z.array(Correction.extend({ before: z.string().optional() })).optional(),
  extensionReason: z.string().optional(),
  decisionReason: z.string().optional(),
  withdrawalReason: z.string().optional(),
  /** Calls that are found by the person's number or account now. */
  records: z.int(),
}).meta({ id: 'SubjectRequestDetail' });
export type SubjectRequestDetail = z.infer<typeof SubjectRequestDetail>;

/** Query of GET /api/v1/subject-requests. */
export const SubjectRequestsQuery = z.strictObject({
  state: SubjectState.optional(),
  kind: SubjectKind.optional(),
  /** `due`: not answered, nearest deadline first; `overdue`: those whose deadline is over. */
  box: z.enum(['all', 'due', 'overdue']).default('all'),
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type SubjectRequestsQuery = z.infer<typeof SubjectRequestsQuery>;
export const SubjectRequestsView = z
  .object({
    requests: z.array(SubjectRequestView),
    /** Absent in the boxes that are sorted by deadline: these are given whole, up to the limit. */
    next: Id.optional(),
    counts: z.object({ open: z.int(), dueSoon: z.int(), overdue: z.int() }),
    today: Day,
  })
  .meta({ id: 'SubjectRequestsView' });
export type SubjectRequestsView = z.infer<typeof SubjectRequestsView>;

/** Query of GET /api/v1/subject-requests/:id/records. */
export const SubjectRecordsQuery = z.strictObject({
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** What becomes of one of the person's records, and why. */
const SubjectRecord = z.object({
  id: Id,
  startedAt: Instant,
  state: RecordState,
  tier: Tier.optional(),
  /** The first day on which it may go by rules; absent while that is open, or no term was given. */
  goesOn: Day.optional(),
  /** Why not before: held; an open-ended rule; the rule's day; nothing any more. */
  because: z.enum(['held', 'open_ended', 'rule', 'no_term', 'gone']),
  /** Id of the profile. */
  rule: z.string().optional(),
});
export type SubjectRecord = z.infer<typeof SubjectRecord>;
export const SubjectRecordsView = z
  .object({ records: z.array(SubjectRecord), next: Id.optional() })
  .meta({ id: 'SubjectRecordsView' });
export type SubjectRecordsView = z.infer<typeof SubjectRecordsView>;
