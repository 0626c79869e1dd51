import type { SessionView } from '@voxkeep/contract';

/** Pages and the ability, as the policy names it, that opens each. */
const PAGES = {
  search: ['search', 'record'],
  upload: ['create', 'record'],
  jobs: ['read', 'job'],
  status: ['read', 'status'],
  sites: ['read', 'status'],
  walkSites: ['retry', 'job'],
  runDrills: ['retry', 'job'],
  accounts: ['manage', 'account'],
  inbox: ['approve', 'access'],
  mine: ['request_access', 'access'],
  requests: ['access_requests', 'access'],
  mandates: ['request_mandate', 'access'],
  enrolments: ['enrol', 'access'],
  ledger: ['read', 'ledger'],
  compliance: ['read', 'audit'],
  audits: ['read', 'audit'],
  manageRetention: ['manage', 'retention'],
  apiKeys: ['manage', 'api_key'],
  engage: ['manage', 'engagement'],
} as const;
type Ability = keyof typeof PAGES;
type Deed = 'apiKeys' | 'manageRetention' | 'walkSites' | 'runDrills' | 'engage';
export type Page = Exclude<Ability, Deed>;

/** Whether there are records on which this person may do that. */
export function mayDo(session: SessionView, action: string): boolean {
  return session.abilities.some((one) => one.action === action && one.subject === 'record');
}

/** For what is offered only: the server decides every request by itself. */
export function mayOpen(session: Pick<SessionView, 'abilities'>, ability: Ability): boolean {
  const [action, subject] = PAGES[ability];
  if (session.abilities.some((one) => one.action === action && one.subject === subject)) {
    return true;
  }
  // Approvers confirm each other's passkeys once there are enough of them.
  return ability === 'enrolments' && mayOpen(session, 'inbox');
}
