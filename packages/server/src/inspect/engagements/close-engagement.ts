import { commitChange, shutAccounts } from '../../access/index.ts';
import { committed, demandState, lockEngagement, sealText } from './engagement-row.ts';
import type { EngagementDeps, Party } from './ports.ts';

/**
 * Closes an engagement, or takes back one that was never confirmed: its accounts open nothing from this moment on, and
 * what its auditors had asked stays as it is. Rejects with ENGAGEMENT_UNKNOWN, and ENGAGEMENT_STATE for one
 * that is closed.
 */
export async function closeEngagement(
  deps: EngagementDeps,
  id: string,
  reason: string,
  { actor, requestId }: Party,
): Promise<void> {
  const now = deps.clock.now();
  await commitChange(deps, async (change) => {
    const row = await lockEngagement(change.db, id);
    demandState(row, row.state !== 'closed');
    await change.db
      .updateTable('engagement')
      .set({
        ...{ state: 'closed', closed_by: actor.id, closed_at: now },
        sealed_closing: sealText(deps, id, 'closing', reason),
      })
      .where('id', '=', id)
      .execute();
    const accounts = await shutAccounts(change, id, now);
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.close', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'engagement', commitment: committed(deps, id, reason) },
        detail: { from: row.state, accounts: accounts.length },
      },
    };
  });
}
