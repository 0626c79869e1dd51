import type { Role } from '../policy-table.ts';
import { isPlainId } from './plain-names.ts';
import type { ProvenIdentity } from './ports.ts';

/** One line of the mapping: who has this value of this claim is in this role. */
export interface RoleLine {
  claim: string;
  value: string;
  role: Exclude<Role, 'service'>;
  /** A team for all of them, or the claim that names it. */
  team?: string | undefined;
  teamClaim?: string | undefined;
  /** The claim with the agent id. */
  agentIdClaim?: string | undefined;
}

export interface MappedRole {
  role: Role;
  agentId?: string;
  teamId?: string;
}

/**
 * The role of the first line that fits; undefined when none does, or when a role rests on an id that
 * the provider does not give. Nobody has a role by default.
 */
export function mapRole(
  lines: readonly RoleLine[],
  { claims }: Pick<ProvenIdentity, 'claims'>,
): MappedRole | undefined {
  const line = lines.find(({ claim, value }) => claims[claim]?.includes(value) === true);
  if (line === undefined) return undefined;
  const first = (claim: string | undefined) => {
    const value = claim === undefined ? undefined : claims[claim]?.[0];
    return value !== undefined && isPlainId(value) ? value : undefined;
  };
  const teamId = line.team ?? first(line.teamClaim);
  const agentId = first(line.agentIdClaim);
  if (line.role === 'agent' && agentId === undefined) return undefined;
  if (line.role === 'team_lead' && teamId === undefined) return undefined;
  return {
    role: line.role,
    ...(agentId === undefined ? {} : { agentId }),
    ...(teamId === undefined ? {} : { teamId }),
  };
}
