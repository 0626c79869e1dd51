import type { Assertion } from '../../record/assertion.ts';
import { mendRows } from './mend-rows.ts';
import type { RequestDeps } from './ports.ts';
import { isFinal, lastMoment, type RequestRow } from './request-row.ts';
import { reviewStatement } from './review.ts';

/**
 * Brings the key room up to date with what was committed and not told it, after a crash in between:
 * ended requests are barred, approved ones put in force, each on its signatures alone. Rows that were
 * forged gain nothing: without signatures there is nothing to put in force.
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

async function putInForce(deps: RequestDeps, row: RequestRow): Promise<void> {
  if (await deps.warrants.isAdmitted(row.id)) return;
  const signatures = await deps.db
    .selectFrom('access_decision')
    .select('assertion')
    .where('request_id', '=', row.id)
    .where('decision', 'in', ['approved', 'signed'])
    .execute();
  const assertions = signatures.flatMap((one) => (one.assertion as unknown as Assertion) ?? []);
  try {
    await deps.warrants.admit(row.canonical, assertions, deps.clock.now());
  } catch (error) {
    // Over, or not what was signed: without effect, whatever the row says, and at every later start.
    if (!isFinal(error)) throw error;
    await deps.warrants.bar(row.id, lastMoment(row, deps.clock.now()));
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
    await deps.warrants
      .review(statement, found.assertion as unknown as Assertion)
      .catch(() => undefined);
  }
}
