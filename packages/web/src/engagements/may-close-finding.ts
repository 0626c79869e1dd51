import type { EngagementView, ExternalFindingView, SessionView } from '@voxkeep/contract';

type Closing =
  | 'may'
  /** Its auditors do, and are still here. */
  | 'auditors'
  /** Nobody has answered it yet. */
  | 'answer-first'
  /** Whoever answered it does not close it. */
  | 'another';

/** Whether somebody may close a finding now, and if not why; undefined for whoever never does. For what is offered only. */
export function mayCloseFinding(
  { may, state }: Pick<EngagementView, 'may' | 'state'>,
  finding: Pick<ExternalFindingView, 'state' | 'answeredBy'>,
  { actor }: { actor: Pick<SessionView['actor'], 'id'> },
): Closing | undefined {
  if (finding.state === 'closed') return undefined;
  if (may.includes('examine')) return 'may';
  if (!may.includes('answer')) return undefined;
  if (state !== 'over' && state !== 'closed') return 'auditors';
  if (finding.answeredBy === undefined) return 'answer-first';
  return finding.answeredBy.id === actor.id ? 'another' : 'may';
}
