import { canonicalJson } from '../../core/canonical-json.ts';
import type { Assertion } from '../../record/assertion.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { entryOf, insertDecision } from './decide-request.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';
import { lockRequest } from './request-row.ts';

export type ReviewFinding = 'justified' | 'not_justified';

/** What whoever reviews a break-glass signs. */
export const reviewStatement = (archiveId: string, requestId: string, finding: ReviewFinding) =>
  canonicalJson({ format: 'voxkeep/break-glass-review/v1', archiveId, requestId, finding });

interface Reviewed {
  id: string;
  assertion: Assertion;
  finding: ReviewFinding;
  note?: string | undefined;
}

/**
 * Takes an approver's signed review of a break-glass; then the next one can be asked for. What waits for
 * one, and who had a part in it, the key room says. Rejects with REQUEST_UNKNOWN, REQUEST_NOT_PENDING
 * when there is nothing to review, SAME_PERSON for who had a part in it, and the key room's codes.
 */
export const review = (
  deps: RequestDeps,
  viewer: Viewer,
  input: Reviewed,
  httpRequestId: string,
): Promise<void> => oneAtATime(deps.db, () => reviewInTurn(deps, viewer, input, httpRequestId));

async function reviewInTurn(
  deps: RequestDeps,
  viewer: Viewer,
  { id, assertion, finding, note }: Reviewed,
  httpRequestId: string,
): Promise<void> {
  const statement = reviewStatement(deps.archiveId, id, finding);
  await act(deps, async (tx) => {
    const row = await lockRequest(tx, id);
    if (!(await deps.warrants.unreviewed()).includes(id)) {
      throw requestError('REQUEST_NOT_PENDING', 'there is nothing to review');
    }
    if ((await deps.warrants.partiesOf(id)).includes(viewer.personRef ?? '')) {
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
