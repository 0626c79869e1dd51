import type { Pass } from '../record/vault.ts';
import type { Decision, Viewer } from './policy.ts';

/** What the key room is shown for a viewer of whom the policy decided this. */
export function passOf(viewer: Viewer, decision: Decision & { allowed: true }): Pass {
  const { granting } = decision;
  const { actorId: account, role } = viewer;
  if (granting === undefined) return { by: 'role', role };
  return { by: 'scope' in granting ? 'mandate' : 'grant', id: granting.id, account, role };
}
