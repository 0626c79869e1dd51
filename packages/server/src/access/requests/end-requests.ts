import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Viewer } from '../policy.ts';
import { endBy, entryOf, insertDecision, setState } from './decide-request.ts';
import { mendRows } from './mend-rows.ts';
import type { RequestDeps, SigningRoom } from './ports.ts';
import { requestError } from './request-error.ts';
import { decisionsOf, lastMoment, lockRequest, type RequestRow } from './request-row.ts';

/**
 * Ends for good all that an account asked for or holds, waiting or in force: a grant does not outlive
 * the role it was given to, and must not come back with it. Joins the transaction of the change of role.
 */
export async function endRequestsOf(
  deps: { db: Db; clock: Clock; warrants: Pick<SigningRoom, 'bar' | 'liveFor'> },
  account: string,
): Promise<void> {
  const now = deps.clock.now();
  // In the order of their ids: two who end some of the same wait for one another instead of failing.
  const theirs = deps.db
    .selectFrom('access_request')
    .select('id')
    .where((eb) => eb.or([eb('requester_id', '=', account), eb('holder_id', '=', account)]))
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'pending'), eb('decide_by', '>', now)]),
        eb.and([eb('state', '=', 'approved'), eb('ends_at', '>', now)]),
      ]),
    )
    .orderBy('id')
    .forUpdate();
  const rows = await deps.db
    .updateTable('access_request')
    .set({ state: 'revoked' })
    .where('id', 'in', theirs)
    .returningAll()
    .execute();
  // What the key room has in force for the account counts, also where its row was hidden or is gone.
  const { grants, mandates } = await deps.warrants.liveFor(account, now);
  for (const { id, until } of [...grants, ...mandates]) await deps.warrants.bar(id, until);
  for (const row of rows as RequestRow[]) await deps.warrants.bar(row.id, lastMoment(row, now));
}

/** The requester takes back what waits, or the holder gives back what is in force. NOT_GRANTEE. */
export async function withdraw(
  deps: RequestDeps,
  viewer: Viewer,
  id: string,
  httpRequestId: string,
): Promise<void> {
  await mendRows(deps);
  await endBy(deps, async (tx) => {
    const found = await lockRequest(tx, id);
    if (found.requester_id !== viewer.actorId && found.holder_id !== viewer.actorId) {
      throw requestError('NOT_GRANTEE', 'only whoever asked, or holds it, gives it back');
    }
    demandUnended(found, deps.clock.now());
    await insertDecision(deps, tx, viewer, id, 'withdrawn', {});
    await setState(tx, id, 'withdrawn');
    const signers = (await decisionsOf(tx, id)).map((one) => one.actor_id);
    await deps.notices.tell(tx, {
      to: { actorIds: signers, except: [viewer.actorId] },
      ...{ kind: 'request.withdrawn', severity: 'info', resource: id },
    });
    return { answer: found, entry: entryOf(viewer, found, 'access.withdraw', { httpRequestId }) };
  });
}

/** Whoever oversees ends it, waiting or in force; a stream that runs on it ends within a second. */
export async function revoke(
  deps: RequestDeps,
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
  httpRequestId: string,
): Promise<void> {
  await mendRows(deps);
  await endBy(deps, async (tx) => {
    const found = await lockRequest(tx, id);
    demandUnended(found, deps.clock.now());
    await insertDecision(deps, tx, viewer, id, 'revoked', { reason });
    await setState(tx, id, 'revoked');
    const to = { actorIds: [...new Set([found.requester_id, found.holder_id])] };
    const told = { kind: 'request.revoked', severity: 'info', resource: id } as const;
    await deps.notices.tell(tx, { to, ...told });
    return { answer: found, entry: entryOf(viewer, found, 'access.revoke', { httpRequestId }) };
  });
}

function demandUnended(row: RequestRow, now: Date): void {
  if (row.state === 'pending' && row.decide_by > now) return;
  if (row.state === 'approved' && row.ends_at !== null && row.ends_at > now) return;
  throw requestError('REQUEST_NOT_PENDING', 'it has ended already');
}
