import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { SigningRoom } from './ports.ts';
import { lastMoment, type RequestRow } from './request-row.ts';

/**
 * Ends for good all that an account asked for or holds, waiting or in force: a grant does not outlive
 * the role it was given to, and must not come back with it. Joins the transaction of the change of role.
 */
export async function endRequestsOf(
  deps: { db: Db; clock: Clock; warrants: Pick<SigningRoom, 'bar' | 'liveFor'> },
  account: string,
): Promise<void> {
  const now = deps.clock.now();
  const rows = await deps.db
    .updateTable('access_request')
    .set({ state: 'revoked' })
    .where((eb) => eb.or([eb('requester_id', '=', account), eb('holder_id', '=', account)]))
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'pending'), eb('decide_by', '>', now)]),
        eb.and([eb('state', '=', 'approved'), eb('ends_at', '>', now)]),
      ]),
    )
    .returningAll()
    .execute();
  // What the key room has in force for the account counts, also where its row was hidden or is gone.
  const { grants, mandates } = await deps.warrants.liveFor(account, now);
  for (const { id, until } of [...grants, ...mandates]) await deps.warrants.bar(id, until);
  for (const row of rows as RequestRow[]) await deps.warrants.bar(row.id, lastMoment(row, now));
}
