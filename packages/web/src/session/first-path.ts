import type { SessionView } from '@voxkeep/contract';

/** Where somebody begins who asked for no page: an outside auditor in their engagement. */
export function firstPath(session: SessionView | null): string {
  const engagementId = session?.actor.engagementId;
  return engagementId === undefined ? '/' : `/compliance/engagements/${engagementId}`;
}
