import { hasCode } from '../../core/errors.ts';
import { act } from '../act.ts';
import { setState } from './decide-request.ts';
import { mendEntry, mendRows } from './mend-rows.ts';
import type { RequestDeps } from './ports.ts';
import { decisionsOf, isFinal, isOwnWords, lastMoment, type RequestRow } from './request-row.ts';
import { reviewStatement } from './review.ts';
import { countSignatures, demandTrueParties } from './signers.ts';

/**
 * Brings the key room up to date with what was committed and not told it, after a crash in between:
 * ended requests are barred, approved ones put in force, each on the signatures that count now. Rows
 * that were forged gain nothing: without signatures there is nothing to put in force.
 */
export async function reconcileRequests(deps: RequestDeps): Promise<void> {
  const now = deps.clock.now();
  const rows = (await deps.db
    .selectFrom('access_request')
    .selectAll()
    .where('state', 'in', ['approved', 'rejected', 'withdrawn', 'revoked'])
    .where((eb) => eb.or([eb('decide_by', '>', now), eb('ends_at', '>', now)]))
    .execute()) as RequestRow[];
  for (const row of rows) {
    if (row.state === 'approved') await putInForce(deps, row);
    else await deps.warrants.bar(row.id, lastMoment(row, now));
  }
  await mendRows(deps);
  for (const id of await deps.warrants.unreviewed()) await tellReview(deps, id);
}

/** What has no effect now has none at a later start either: its row says so, and the ledger. */
async function putInForce(deps: RequestDeps, row: RequestRow): Promise<void> {
  if (await deps.warrants.isAdmitted(row.id)) return;
  const now = deps.clock.now();
  const isOver = row.ends_at === null || row.ends_at <= now;
  if (!isOver && (await isAdmittedNow(deps, row))) return;
  await deps.warrants.bar(row.id, lastMoment(row, now));
  if (isOver) return;
  await act(deps, async (tx) => {
    await setState(tx, row.id, 'revoked');
    return { answer: undefined, entry: mendEntry(row, 'not_in_force') };
  });
}

/**
 * Puts in force what two people signed, when they could sign it now. Never a break-glass: what a crash
 * kept from opening is asked for again, and another may have opened and been reviewed since.
 */
async function isAdmittedNow(deps: RequestDeps, row: RequestRow): Promise<boolean> {
  if (!isOwnWords(row, deps.archiveId) || row.kind === 'break_glass') return false;
  try {
    await demandTrueParties(deps, row);
    const { counted } = await countSignatures(deps, row, await decisionsOf(deps.db, row.id));
    const assertions = counted.slice(0, 2).map((one) => one.assertion);
    await deps.warrants.admit(row.canonical, assertions, deps.clock.now());
    return true;
  } catch (error) {
    if (isFinal(error) || hasCode(error, 'REQUEST_UNKNOWN')) return false;
    throw error;
  }
}

async function tellReview(deps: RequestDeps, id: string): Promise<void> {
  const found = await deps.db
    .selectFrom('access_decision')
    .select(['assertion'])
    .where('request_id', '=', id)
    .where('decision', '=', 'reviewed')
    .executeTakeFirst();
  if (found?.assertion == null) return;
  for (const finding of ['justified', 'not_justified'] as const) {
    const statement = reviewStatement(deps.archiveId, id, finding);
    await deps.warrants.review(statement, found.assertion).catch(() => undefined);
  }
}
