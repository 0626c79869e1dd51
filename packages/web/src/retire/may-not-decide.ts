import type { DisposalRunView } from '@voxkeep/contract';

/** The code that says why this approver may not decide on a list that waits; undefined where they may. */
export function mayNotDecide(
  run: DisposalRunView,
  actorId: string,
  now: number,
): string | undefined {
  if (run.state !== 'proposed' || run.mayDecide) return undefined;
  if (Date.parse(run.decideBy) <= now) return 'DISPOSAL_OVER';
  if (run.proposedBy.id === actorId) return 'OWN_REQUEST';
  if (run.decisions.some(({ by }) => by.id === actorId)) return 'ALREADY_DECIDED';
  return 'SAME_PERSON';
}
