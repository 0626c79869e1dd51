import {
  ARCHIVE_ACTIONS,
  type ArchiveAction,
  type Field,
  GRANTABLE,
  LINES,
  type Line,
  MANDATE_ACTIONS,
  MANDATE_STATES,
  OPENED_BY,
  ORIGINAL_IN_QUARANTINE,
  type RecordAction,
  type Role,
  type State,
  TIERS,
  type Tier,
} from './access-table.ts';
import { monthBefore } from './month-before.ts';

export interface Viewer {
  actorId: string;
  role: Role;
  agentId?: string;
  teamId?: string;
}

export interface Call {
  id: string;
  tier: Tier;
  state: State;
  startedAt: Date;
  agentIds: readonly string[];
  teamId?: string;
  industry?: string;
  issueType: string;
  case?: { actorId?: string; teamId?: string };
  leasedTo?: string;
}

/** With both signatures, and neither revoked nor given back. */
export interface Grant {
  holderId: string;
  holderRole: Role;
  since: Date;
  until: Date;
  fields: readonly Field[];
  records: readonly { id: string; tier: Tier }[];
}

export interface Mandate {
  holderId: string;
  holderRole: Role;
  since: Date;
  until: Date;
  scope: {
    industries?: readonly string[];
    issueTypes?: readonly string[];
    from: Date;
    before: Date;
  };
}

export interface Cell {
  viewer: Viewer;
  action: RecordAction | ArchiveAction;
  call?: Call;
  grants: readonly Grant[];
  mandates: readonly Mandate[];
  now: Date;
  timeZone: string;
}

export interface Verdict {
  allowed: boolean;
  /** Of a refusal: every rule whose reason is true; the archive names one of these. */
  rules: ReadonlySet<string>;
}

const ALLOWED: Verdict = { allowed: true, rules: new Set() };

/** What docs/access.md says of a cell. */
export function judge(cell: Cell): Verdict {
  const { viewer, action, call } = cell;
  if (action in ARCHIVE_ACTIONS) {
    const roles: readonly Role[] = ARCHIVE_ACTIONS[action as ArchiveAction];
    return roles.includes(viewer.role) ? ALLOWED : refused(viewer, ['role']);
  }
  if (call === undefined) throw new Error(`${action} is of a record`);
  const wanted = action as RecordAction;
  const lines = (LINES[viewer.role] ?? []).filter((line) => line.actions.includes(wanted));
  const against = lines.map((line) => faults(line, cell, call));
  if (against.some((found) => found.length === 0)) return ALLOWED;
  if (cell.grants.some((grant) => grantOpens(grant, cell, call))) return ALLOWED;
  if (cell.mandates.some((mandate) => mandateOpens(mandate, cell, call))) return ALLOWED;
  return refused(viewer, [...against.flat(), ...byRole(viewer.role, wanted, lines, call)]);
}

/** Why a line does not cover the call; nothing when it does. */
function faults(line: Line, { viewer, now, timeZone }: Cell, call: Call): string[] {
  const whose = {
    everyone: true,
    own: viewer.agentId !== undefined && call.agentIds.includes(viewer.agentId),
    team: viewer.teamId !== undefined && viewer.teamId === call.teamId,
    case:
      call.case?.actorId === viewer.actorId ||
      (viewer.teamId !== undefined && call.case?.teamId === viewer.teamId),
    lease: call.leasedTo === viewer.actorId,
  }[line.whose];
  const stateFits = (line.states ?? ['archived']).includes(call.state);
  return [
    ...(whose ? [] : [line.whose === 'lease' ? 'lease-required' : line.whose]),
    ...(line.tiers.includes(call.tier) ? [] : ['tier']),
    ...(line.lastMonth && call.startedAt < monthBefore(now, timeZone) ? ['recency'] : []),
    ...(stateFits ? [] : [call.state === 'restricted' ? 'restricted' : 'state']),
  ];
}

function byRole(role: Role, action: RecordAction, lines: readonly Line[], call: Call): string[] {
  const grantable = GRANTABLE[role]?.fields.some((field) => OPENED_BY[field] === action) ?? false;
  const opensByGrant = grantable || (GRANTABLE[role] !== undefined && isSeen(action));
  const byMandate = role === 'regulator' && MANDATE_ACTIONS.includes(action);
  const disposal = ['hold', 'delete', 'restrict'].includes(action) && role !== 'compliance';
  const stateFits = GRANTABLE[role]?.states.includes(call.state) ?? false;
  return [
    ...(lines.length === 0 && !opensByGrant && !byMandate ? ['role'] : []),
    ...(opensByGrant ? ['grant-required'] : []),
    ...(byMandate ? ['mandate-required'] : []),
    ...(disposal ? ['disposal-only'] : []),
    // Nor would a grant or a mandate help.
    ...((opensByGrant && !stateFits) || (byMandate && !MANDATE_STATES.includes(call.state))
      ? [call.state === 'restricted' ? 'restricted' : 'state']
      : []),
  ];
}

const isSeen = (action: RecordAction) => action === 'search' || action === 'view';

function grantOpens(grant: Grant, { viewer, action, now }: Cell, call: Call): boolean {
  const able = GRANTABLE[viewer.role];
  if (able === undefined) return false;
  if (grant.holderId !== viewer.actorId || grant.holderRole !== viewer.role) return false;
  if (now < grant.since || now >= grant.until) return false;
  const seen = grant.records.find(({ id }) => id === call.id);
  if (seen === undefined || TIERS.indexOf(call.tier) > TIERS.indexOf(seen.tier)) return false;
  const fields = grant.fields.filter((field) => able.fields.includes(field));
  // The documents know no grant that gives the role nothing it can be given: denied, as by default.
  if (fields.length === 0) return false;
  const opens = isSeen(action as RecordAction)
    ? able.states.includes(call.state)
    : fields.some((field) => OPENED_BY[field] === action) && able.states.includes(call.state);
  const quarantined =
    call.state === 'quarantined' &&
    action === 'original' &&
    fields.includes('original') &&
    ORIGINAL_IN_QUARANTINE.includes(viewer.role);
  return opens || quarantined;
}

function mandateOpens({ scope, ...mandate }: Mandate, cell: Cell, call: Call): boolean {
  const { viewer, action, now } = cell;
  return (
    viewer.role === 'regulator' &&
    mandate.holderId === viewer.actorId &&
    mandate.holderRole === 'regulator' &&
    MANDATE_ACTIONS.includes(action as RecordAction) &&
    MANDATE_STATES.includes(call.state) &&
    now >= mandate.since &&
    now < mandate.until &&
    call.startedAt >= scope.from &&
    call.startedAt < scope.before &&
    (scope.industries === undefined || scope.industries.includes(call.industry ?? '')) &&
    (scope.issueTypes === undefined || scope.issueTypes.includes(call.issueType))
  );
}

const refused = ({ role }: Viewer, why: readonly string[]): Verdict => ({
  allowed: false,
  rules: new Set(why.map((one) => `${role}.${one}`)),
});
