import type { Tier } from './vocabulary.ts';

/** What a grant can open beside finding and viewing the record; docs/access.md, "By grant". */
export const GRANT_FIELDS = [
  ...(['media', 'transcript', 'attachments', 'original', 'download', 'export'] as const),
] as const;
export type GrantField = (typeof GRANT_FIELDS)[number];

export const PURPOSE_CATEGORIES = [
  ...(['complaint', 'dispute', 'investigation', 'regulator', 'audit', 'security'] as const),
  'training',
] as const;
export type PurposeCategory = (typeof PURPOSE_CATEGORIES)[number];

/** No request can be decided for longer than this after it was made. */
export const LONGEST_TO_DECIDE_MS = 7 * 86_400_000;

/** An account, its role, and the person behind it: two accounts of one person are one person here. */
export interface Party {
  account: string;
  role: string;
  /** The keyed hash of the person's number. */
  person: string;
}

/** A record as it was when access to it was asked for. */
export interface GrantedRecord {
  id: string;
  tier: Tier;
  /** ISO 8601, UTC, milliseconds. */
  startedAt: string;
}

interface Asked {
  format: 'voxkeep/access-request/v1';
  archiveId: string;
  requestId: string;
  requester: Party;
  /** The free text is kept sealed elsewhere; this commits to it: HMAC-SHA256 in hex. */
  purpose: { category: PurposeCategory; commitment: string };
  /** ISO 8601. Signatures after it count for nothing. */
  decideBy: string;
}

/** What approvers of records sign, as canonical JSON (RFC 8785). Records and fields are sorted. */
export interface RecordsRequest extends Asked {
  kind: 'records' | 'break_glass';
  records: readonly GrantedRecord[];
  fields: readonly GrantField[];
  /** From the last signature on. */
  minutes: number;
}

/** Every criterion that is there must hold. */
export interface MandateScope {
  industries?: readonly string[];
  issueTypes?: readonly string[];
  /** ISO 8601 instants: from here on, and before there. */
  from: string;
  before: string;
}

/** What a mandate's scope is held against. */
export interface MandateFacts {
  startedAt: Date;
  industry?: string;
  issueType?: string;
}

/** Whether all criteria of a scope hold. */
export function isInScope(scope: MandateScope, facts: MandateFacts): boolean {
  if (facts.startedAt < new Date(scope.from) || facts.startedAt >= new Date(scope.before)) {
    return false;
  }
  const among = (names: readonly string[] | undefined, name: string | undefined) =>
    names === undefined || (name !== undefined && names.includes(name));
  return among(scope.industries, facts.industry) && among(scope.issueTypes, facts.issueType);
}

/** What approvers of a mandate sign. */
export interface MandateRequest extends Asked {
  kind: 'mandate';
  holder: Party;
  scope: MandateScope;
  validFrom: string;
  validTo: string;
}

export type SignedRequest = RecordsRequest | MandateRequest;

/** A grant in force: its signatures were checked where keys are kept. */
export interface LiveGrant {
  id: string;
  kind: 'records' | 'break_glass';
  holderId: string;
  /** It ends with this role. */
  holderRole: string;
  since: Date;
  until: Date;
  category: PurposeCategory;
  fields: readonly GrantField[];
  records: readonly GrantedRecord[];
}

/** A mandate in force or to come; its signatures were checked where keys are kept. */
export interface LiveMandate {
  id: string;
  holderId: string;
  /** It ends with this role. */
  holderRole: string;
  since: Date;
  until: Date;
  category: PurposeCategory;
  scope: MandateScope;
}
