import type { Role } from '@voxkeep/contract';

/** In the order of the policy table. Kept here, so that the page does not carry the schemas' code. */
export const ROLES = [
  'agent',
  'team_lead',
  'qa',
  'crisis',
  'reviewer',
  'compliance',
  'auditor',
  'approver',
  'regulator',
  'trainer',
  'analyst',
  'operator',
  'admin',
  'service',
] as const satisfies readonly Role[];
