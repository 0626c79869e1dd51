/**
 * Who may do what, as docs/access.md says it and DESIGN's section 7 means it: written from those
 * texts, without a look at the policy of the archive. Nothing here is imported from the archive.
 */
export const ROLES = [
  ...(['agent', 'team_lead', 'qa', 'crisis', 'reviewer', 'compliance', 'auditor'] as const),
  ...(['approver', 'regulator', 'trainer', 'analyst', 'operator', 'admin', 'service'] as const),
] as const;
export type Role = (typeof ROLES)[number];

export const TIERS = ['basic', 'core', 'sensitive'] as const;
export type Tier = (typeof TIERS)[number];

export const STATES = [
  ...(['received', 'probed', 'transcribed', 'redacted', 'classified', 'sealed'] as const),
  ...(['archived', 'quarantined', 'restricted', 'disposed'] as const),
] as const;
export type State = (typeof STATES)[number];

export const RECORD_ACTIONS = [
  ...(['search', 'view', 'stream', 'read_transcript', 'attachment', 'original'] as const),
  ...(['download', 'export', 'trail', 'score', 'review', 'propose_clip', 'make_clip'] as const),
  ...(['assign_case', 'link_ticket', 'hold', 'delete', 'restrict', 'reclassify'] as const),
] as const;
export type RecordAction = (typeof RECORD_ACTIONS)[number];

/** Of whom the record has to be. */
type Whose = 'everyone' | 'own' | 'team' | 'case' | 'lease';

export interface Line {
  actions: readonly RecordAction[];
  tiers: readonly Tier[];
  whose: Whose;
  /** No older than the month. */
  lastMonth?: true;
  /** Archived unless said otherwise. */
  states?: readonly State[];
}

const LISTEN = ['search', 'view', 'stream', 'read_transcript'] as const;

/** By role alone, on records. A role that is not here has no line. */
export const LINES: Partial<Record<Role, readonly Line[]>> = {
  agent: [{ actions: LISTEN, tiers: ['basic'], whose: 'own', lastMonth: true }],
  team_lead: [
    { actions: [...LISTEN, 'propose_clip'], tiers: ['basic'], whose: 'team', lastMonth: true },
  ],
  qa: [{ actions: [...LISTEN, 'score'], tiers: TIERS, whose: 'everyone' }],
  crisis: [
    {
      actions: [...LISTEN, 'attachment', 'assign_case', 'link_ticket'],
      tiers: ['core'],
      whose: 'case',
    },
  ],
  reviewer: [{ actions: ['review'], tiers: TIERS, whose: 'lease', states: ['quarantined'] }],
  compliance: [
    {
      actions: ['search', 'view', 'trail', 'hold', 'delete', 'restrict'],
      ...{ tiers: TIERS, whose: 'everyone' },
      states: ['archived', 'restricted'],
    },
    { actions: ['reclassify'], tiers: TIERS, whose: 'everyone' },
  ],
  auditor: [
    { actions: ['search', 'view', 'trail'], tiers: TIERS, whose: 'everyone' },
    { actions: ['stream', 'read_transcript'], tiers: ['basic'], whose: 'everyone' },
  ],
  trainer: [{ actions: [...LISTEN, 'make_clip'], tiers: ['basic'], whose: 'everyone' }],
};

/** By role alone, on the archive as a whole. */
export const ARCHIVE_ACTIONS = {
  own_scores: ['agent'],
  request_access: ['agent', 'team_lead', 'qa', 'crisis', 'auditor'],
  ledger: ['compliance', 'auditor'],
  audits: ['compliance', 'auditor'],
  retention: ['compliance'],
  request_mandate: ['compliance', 'regulator'],
  access_requests: ['compliance', 'auditor', 'approver'],
  end_access: ['compliance', 'approver'],
  enrol: ['compliance', 'admin'],
  approve: ['approver'],
  clips: ['trainer'],
  aggregates: ['analyst'],
  ingest: ['operator', 'service'],
  jobs: ['operator'],
  retry_job: ['operator'],
  status: ['operator', 'admin'],
  key_ceremony: ['operator'],
  accounts: ['admin'],
  api_keys: ['admin'],
  close_account: ['compliance'],
  engage: ['compliance'],
  examine: ['auditor'],
  configure: ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type ArchiveAction = keyof typeof ARCHIVE_ACTIONS;

export const FIELDS = [
  ...(['media', 'transcript', 'attachments', 'original', 'download', 'export'] as const),
] as const;
export type Field = (typeof FIELDS)[number];

/** What a field of a grant opens, beside `search` and `view` which every grant opens. */
export const OPENED_BY: Record<Field, RecordAction> = {
  ...{ media: 'stream', transcript: 'read_transcript', attachments: 'attachment' },
  ...{ original: 'original', download: 'download', export: 'export' },
};

/** Which fields a role can be granted, and of records in which states. */
export const GRANTABLE: Partial<
  Record<Role, { fields: readonly Field[]; states: readonly State[] }>
> = {
  agent: { fields: ['media', 'transcript'], states: ['archived'] },
  team_lead: { fields: ['media', 'transcript'], states: ['archived'] },
  qa: { fields: ['attachments', 'original'], states: ['archived'] },
  crisis: { fields: ['media', 'transcript', 'attachments', 'original'], states: ['archived'] },
  auditor: { fields: FIELDS, states: ['archived', 'restricted'] },
};

/** `original` of quarantined records too, for auditors. */
export const ORIGINAL_IN_QUARANTINE: readonly Role[] = ['auditor'];

export const MANDATE_ACTIONS: readonly RecordAction[] = [...LISTEN, 'export'];
export const MANDATE_STATES: readonly State[] = ['archived', 'restricted'];

/** Whom to ask, by the last part of a refusal's rule. */
export const ASK: Record<string, readonly Role[]> = {
  ...{ role: ['admin'], 'grant-required': ['approver'], 'mandate-required': ['compliance'] },
  ...{ 'lease-required': ['operator'], 'disposal-only': ['compliance'], tier: ['approver'] },
  ...{ case: ['crisis'], own: ['team_lead', 'qa'], team: ['team_lead', 'qa'] },
  ...{ recency: ['team_lead', 'qa'], restricted: ['compliance'], state: ['operator'] },
};
