import type { Tier } from '../record/vocabulary.ts';

export const ROLES = [
  ...(['agent', 'team_lead', 'qa', 'crisis', 'reviewer', 'compliance', 'auditor'] as const),
  ...(['approver', 'regulator', 'trainer', 'analyst', 'operator', 'admin', 'service'] as const),
] as const;
export type Role = (typeof ROLES)[number];

export const ACTIONS = [
  // on records
  ...(['search', 'view', 'stream', 'read_transcript', 'trail'] as const),
  ...(['original', 'download', 'export', 'delete', 'reclassify', 'hold'] as const),
  // on the archive
  ...(['ingest', 'jobs', 'retry_job', 'status', 'configure', 'accounts', 'api_keys'] as const),
] as const;
export type Action = (typeof ACTIONS)[number];

/** What each action is called in the list that the pages get. */
export const SHOWN_AS: Record<Action, { action: string; subject: string }> = {
  search: { action: 'search', subject: 'record' },
  view: { action: 'view', subject: 'record' },
  stream: { action: 'stream', subject: 'record' },
  read_transcript: { action: 'read_transcript', subject: 'record' },
  trail: { action: 'trail', subject: 'record' },
  original: { action: 'original', subject: 'record' },
  download: { action: 'download', subject: 'record' },
  export: { action: 'export', subject: 'record' },
  delete: { action: 'delete', subject: 'record' },
  reclassify: { action: 'reclassify', subject: 'record' },
  hold: { action: 'hold', subject: 'record' },
  ingest: { action: 'create', subject: 'record' },
  jobs: { action: 'read', subject: 'job' },
  retry_job: { action: 'retry', subject: 'job' },
  status: { action: 'read', subject: 'status' },
  configure: { action: 'configure', subject: 'archive' },
  accounts: { action: 'manage', subject: 'account' },
  api_keys: { action: 'manage', subject: 'api_key' },
};

/** Actions on one record; they depend on what the record is. The others are on the archive. */
export const RECORD_ACTIONS: ReadonlySet<Action> = new Set([
  ...(['search', 'view', 'stream', 'read_transcript', 'trail'] as const),
  ...(['original', 'download', 'export', 'delete', 'reclassify', 'hold'] as const),
]);

/** One line of the policy: what is not in a line is refused. */
export interface Rule {
  /** Stable name, shown in answers and in the ledger. */
  id: string;
  role: Role;
  actions: readonly Action[];
  tiers: readonly Tier[];
  /** Of the records: those the person was an agent of, those of the person's team, or all. */
  scope: 'own' | 'team' | 'all';
  /** From the same day of the previous month on. */
  withinLastMonth: boolean;
}

const EVERY_TIER: readonly Tier[] = ['basic', 'core', 'sensitive'];
const BASIC: readonly Tier[] = ['basic'];
const READ: readonly Action[] = ['search', 'view', 'stream', 'read_transcript'];

/** Rules of one role on records. */
const on = (
  role: Role,
  name: string,
  actions: readonly Action[],
  more: Partial<Rule> = {},
): Rule => ({
  ...{ id: `${role}.${name}`, role, actions, tiers: EVERY_TIER, scope: 'all' },
  withinLastMonth: false,
  ...more,
});

/**
 * The policy, all of it. Decisions, SQL conditions and what the pages offer are made from these
 * lines. Roles that are not here open nothing without a grant, a case or a mandate.
 */
export const POLICY: readonly Rule[] = [
  on('agent', 'own-basic-last-month', READ, { tiers: BASIC, scope: 'own', withinLastMonth: true }),
  on('team_lead', 'team-basic-last-month', READ, {
    ...{ tiers: BASIC, scope: 'team', withinLastMonth: true },
  }),
  on('qa', 'every-record-redacted', [...READ, 'trail']),
  on('compliance', 'metadata', ['search', 'view', 'trail', 'status']),
  on('auditor', 'metadata', ['search', 'view', 'trail', 'status']),
  on('auditor', 'basic-content', ['stream', 'read_transcript'], { tiers: BASIC }),
  on('trainer', 'basic-content', READ, { tiers: BASIC }),
  on('operator', 'operations', ['ingest', 'jobs', 'retry_job', 'status']),
  on('admin', 'administration', ['accounts', 'api_keys', 'configure', 'ingest', 'jobs', 'status']),
  on('service', 'write-only-intake', ['ingest']),
];
