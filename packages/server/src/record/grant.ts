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

/** A record as it was when access to it was asked for. */
export interface GrantedRecord {
  id: string;
  tier: Tier;
  /** ISO 8601, UTC, milliseconds. */
  startedAt: string;
}

/** Every criterion that is there must hold. */
export interface MandateScope {
  industries?: readonly string[];
  issueTypes?: readonly string[];
  /** ISO 8601 instants: from here on, and before there. */
  from: string;
  before: string;
}

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
