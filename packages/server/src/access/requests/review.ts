import { canonicalJson } from '../../core/canonical-json.ts';
import type { Assertion } from '../../record/assertion.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { entryOf, insertDecision } from './decide-request.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';
import { decisionsOf, lockRequest } from './request-row.ts';

export type ReviewFinding = 'justified' | 'not_justified';

/** What whoever reviews a break-glass signs. */
export const reviewStatement = (archiveId: string, requestId: string, finding: ReviewFinding) =>
  canonicalJson({ format: 'voxkeep/break-glass-review/v1', archiveId, requestId, finding });

/**
 * Takes an approver's signed review of a break-glass; then the next one can be asked for. Rejects with
 * REQUEST_UNKNOWN, REQUEST_NOT_PENDING when there is nothing to review, SAME_PERSON for who had a part
 * in it, and the key room's codes.
 */
export async function review(
  deps: RequestDeps,
  viewer: Viewer,
  input: { id: string; assertion: Assertion; finding: ReviewFinding; note?: string | undefined },
  httpRequestId: string,
): Promise<void> {
  const { id, assertion, finding, note } = input;
  const statement = reviewStatement(deps.archiveId, id, finding);
  await act(deps, async (tx) => {
    const row = await lockRequest(tx, id);
    if (row.kind !== 'break_glass' || row.reviewed_at !== null || row.live_since === null) {
      throw requestError('REQUEST_NOT_PENDING', 'there is nothing to review');
    }
    const parties = await decisionsOf(tx, id);
    if (parties.some((one) => one.person === viewer.personRef)) {
      throw requestError('SAME_PERSON', 'somebody who had no part in it has to review it');
    }
    const signer = await deps.warrants.signerOf(statement, assertion);
    if (signer.account !== viewer.actorId) {
      throw requestError('SAME_PERSON', 'the passkey is another account’s');
    }
    await insertDecision(deps, tx, viewer, id, 'reviewed', { assertion, reason: note });
    const now = deps.clock.now();
    await tx.updateTable('access_request').set({ reviewed_at: now }).where('id', '=', id).execute();
    const more = { finding, passkey: signer.id };
    const digest = sha256Hex(statement);
    return {
      answer: undefined,
      entry: entryOf(viewer, row, 'access.review', { httpRequestId, digest, more }),
    };
  });
  await deps.warrants.review(statement, assertion);
}
