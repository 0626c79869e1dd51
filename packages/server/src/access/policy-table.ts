import type { GrantField } from '../record/grant.ts';
import type { RecordState, Tier } from '../record/vocabulary.ts';

export const ROLES = [
  ...(['agent', 'team_lead', 'qa', 'crisis', 'reviewer', 'compliance', 'auditor'] as const),
  ...(['approver', 'regulator', 'trainer', 'analyst', 'operator', 'admin', 'service'] as const),
] as const;
export type Role = (typeof ROLES)[number];

const ON_RECORDS = [
  ...(['search', 'view', 'stream', 'read_transcript', 'attachment', 'trail'] as const),
  ...(['original', 'download', 'export', 'delete', 'hold', 'restrict', 'reclassify'] as const),
  ...(['score', 'propose_clip', 'make_clip', 'assign_case', 'link_ticket', 'review'] as const),
] as const;
const ON_ARCHIVE = [
  ...(['own_scores', 'request_access', 'request_mandate', 'access_requests', 'approve'] as const),
  'end_access',
  ...(['enrol', 'ledger', 'audits', 'retention', 'clips', 'aggregates', 'ingest'] as const),
  ...(['jobs', 'retry_job', 'status', 'key_ceremony', 'configure', 'accounts'] as const),
  'api_keys',
  'close_account',
  ...(['engage', 'examine'] as const),
] as const;
export const ACTIONS = [...ON_RECORDS, ...ON_ARCHIVE] as const;
export type Action = (typeof ACTIONS)[number];

/** Actions on one record; they depend on what the record is. The others are on the archive. */
export const RECORD_ACTIONS: ReadonlySet<Action> = new Set(ON_RECORDS);

type Shown = { action: string; subject: string };
const ARCHIVE_SHOWN: Record<(typeof ON_ARCHIVE)[number], Shown> = {
  own_scores: { action: 'read', subject: 'own_score' },
  request_access: { action: 'request_access', subject: 'access' },
  request_mandate: { action: 'request_mandate', subject: 'access' },
  access_requests: { action: 'access_requests', subject: 'access' },
  approve: { action: 'approve', subject: 'access' },
  end_access: { action: 'end_access', subject: 'access' },
  enrol: { action: 'enrol', subject: 'access' },
  ledger: { action: 'read', subject: 'ledger' },
  audits: { action: 'read', subject: 'audit' },
  retention: { action: 'manage', subject: 'retention' },
  clips: { action: 'read', subject: 'clip' },
  aggregates: { action: 'read', subject: 'aggregate' },
  ingest: { action: 'create', subject: 'record' },
  jobs: { action: 'read', subject: 'job' },
  retry_job: { action: 'retry', subject: 'job' },
  status: { action: 'read', subject: 'status' },
  key_ceremony: { action: 'manage', subject: 'key' },
  configure: { action: 'configure', subject: 'archive' },
  accounts: { action: 'manage', subject: 'account' },
  api_keys: { action: 'manage', subject: 'api_key' },
  close_account: { action: 'close', subject: 'customer_account' },
  engage: { action: 'manage', subject: 'engagement' },
  examine: { action: 'examine', subject: 'engagement' },
};

/** What each action is called in the list that the pages get. */
export function shownAs(action: Action): Shown {
  const archive: Partial<Record<Action, Shown>> = ARCHIVE_SHOWN;
  return archive[action] ?? { action, subject: 'record' };
}

/** One line of the policy: what is not in a line is refused. */
export interface Rule {
  /** Stable name, shown in answers and in the ledger. */
  id: string;
  role: Role;
  actions: readonly Action[];
  tiers: readonly Tier[];
  states: readonly RecordState[];
  /**
   * Of the records: those the person was an agent of, those of the person's team, those that are
   * the person's or the team's case, the one that is leased to the person, or all.
   */
  scope: 'own' | 'team' | 'case' | 'lease' | 'all';
  /** From the same day of the previous month on. */
  withinLastMonth: boolean;
}

const EVERY_TIER: readonly Tier[] = ['basic', 'core', 'sensitive'];
const BASIC: readonly Tier[] = ['basic'];
const READ: readonly Action[] = ['search', 'view', 'stream', 'read_transcript'];

/** A line on archived records of every tier, but for what `more` says. */
const on = (
  role: Role,
  name: string,
  actions: readonly Action[],
  more: Partial<Rule> = {},
): Rule => ({
  ...{ id: `${role}.${name}`, role, actions, tiers: EVERY_TIER, states: ['archived'] },
  ...{ scope: 'all', withinLastMonth: false },
  ...more,
});
/** Lines that the archive as a whole is meant by. */
const may = (role: Role, name: string, actions: readonly Action[]) => on(role, name, actions);

/**
 * The policy by role, all of it. Decisions, SQL conditions and what the pages offer are made from
 * these lines. Its text is docs/access.md, "By role alone".
 */
export const POLICY: readonly Rule[] = [
  on('agent', 'own-basic-last-month', READ, { tiers: BASIC, scope: 'own', withinLastMonth: true }),
  may('agent', 'own-work', ['own_scores', 'request_access']),
  on('team_lead', 'team-basic-last-month', [...READ, 'propose_clip'], {
    ...{ tiers: BASIC, scope: 'team', withinLastMonth: true },
  }),
  may('team_lead', 'requests', ['request_access']),
  on('qa', 'every-record-redacted', [...READ, 'score']),
  may('qa', 'requests', ['request_access']),
  on('crisis', 'core-cases', [...READ, 'attachment', 'assign_case', 'link_ticket'], {
    ...{ tiers: ['core'], scope: 'case' },
  }),
  may('crisis', 'requests', ['request_access']),
  on('reviewer', 'leased-item', ['review'], { states: ['quarantined'], scope: 'lease' }),
  on('compliance', 'metadata', ['search', 'view', 'trail', 'hold', 'delete', 'restrict'], {
    states: ['archived', 'restricted'],
  }),
  on('compliance', 'classification', ['reclassify']),
  may('compliance', 'oversight', ['ledger', 'audits', 'retention', 'request_mandate']),
  may('compliance', 'persons', ['close_account']),
  may('compliance', 'engagements', ['engage']),
  may('compliance', 'requests', ['access_requests', 'end_access', 'enrol']),
  on('auditor', 'metadata', ['search', 'view', 'trail']),
  on('auditor', 'basic-content', ['stream', 'read_transcript'], { tiers: BASIC }),
  may('auditor', 'oversight', ['ledger', 'audits', 'access_requests', 'request_access']),
  may('auditor', 'engagements', ['examine']),
  may('approver', 'decisions', ['approve', 'access_requests', 'end_access']),
  may('regulator', 'mandates', ['request_mandate']),
  on('trainer', 'basic-content', [...READ, 'make_clip'], { tiers: BASIC }),
  may('trainer', 'library', ['clips']),
  may('analyst', 'aggregates', ['aggregates']),
  may('operator', 'operations', ['ingest', 'jobs', 'retry_job', 'status', 'key_ceremony']),
  may('admin', 'administration', ['accounts', 'api_keys', 'configure', 'status', 'enrol']),
  may('service', 'write-only-intake', ['ingest']),
];

/** What a field of a grant opens; every grant lets its records be found and viewed. */
export const FIELD_OPENS: Record<GrantField, Action> = {
  media: 'stream',
  transcript: 'read_transcript',
  attachments: 'attachment',
  original: 'original',
  download: 'download',
  export: 'export',
};
export const EVERY_GRANT: readonly Action[] = ['search', 'view'];

/** What a mandate opens, of its scope. */
export const MANDATE_OPENS: readonly Action[] = [...READ, 'export'];

/** Whose role may hold a grant, of which fields, and on records in which states. */
export interface Grantable {
  fields: readonly GrantField[];
  states: readonly RecordState[];
}
const HEARD_AND_READ: Grantable = { fields: ['media', 'transcript'], states: ['archived'] };
export const GRANTABLE: Partial<Record<Role, Grantable>> = {
  agent: HEARD_AND_READ,
  team_lead: HEARD_AND_READ,
  qa: { fields: ['attachments', 'original'], states: ['archived'] },
  crisis: {
    fields: ['media', 'transcript', 'attachments', 'original'],
    states: ['archived'],
  },
  auditor: {
    fields: ['media', 'transcript', 'attachments', 'original', 'download', 'export'],
    states: ['archived', 'restricted'],
  },
};

/** Every role that may do this at all: by its own lines, by a grant or by a mandate. */
export function rolesFor(action: Action): Set<Role> {
  const byLine = POLICY.filter((rule) => rule.actions.includes(action)).map(({ role }) => role);
  const byGrant = ROLES.filter((role) => {
    const fields = GRANTABLE[role]?.fields ?? [];
    if (fields.length > 0 && EVERY_GRANT.includes(action)) return true;
    return fields.some((field) => FIELD_OPENS[field] === action);
  });
  const byMandate: Role[] = MANDATE_OPENS.includes(action) ? ['regulator'] : [];
  return new Set([...byLine, ...byGrant, ...byMandate]);
}
