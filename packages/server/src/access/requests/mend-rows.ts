import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { SignedRequest } from '../../record/grant.ts';
import { act } from '../act.ts';
import type { RequestDeps } from './ports.ts';
import { isMoment, lastMoment, type RequestRow } from './request-row.ts';

/**
 * What is in force, as the key room has it; of its rows only what the key room does not know. A row that
 * says something else, or is gone, is written anew: a grant that nobody sees would be one that nobody
 * can end. A row that says that it has ended ends it there too. Each is on the ledger. Text that was
 * lost with a row stays lost.
 */
export async function mendRows(deps: RequestDeps): Promise<RequestRow[]> {
  const now = deps.clock.now();
  const inForce = (await deps.warrants.inForce(now)).map((one) => ({
    ...one,
    request: JSON.parse(one.canonical) as SignedRequest,
  }));
  if (inForce.length === 0) return [];
  const ids = inForce.map(({ request }) => request.requestId);
  const rows = (await deps.db
    .selectFrom('access_request')
    .selectAll()
    .where('id', 'in', ids)
    .execute()) as RequestRow[];
  const live: RequestRow[] = [];
  for (const one of inForce) {
    const row = rows.find(({ id }) => id === one.request.requestId);
    const due = rowOf(one);
    if (row !== undefined && isEnded(row)) {
      await endAlso(deps, row);
      continue;
    }
    const lost = lostOf(deps, due);
    const whole = { ...lost, ...row, ...due };
    if (!isMoment(whole.created_at)) whole.created_at = lost.created_at;
    if (row === undefined || !isAs(row, due)) await restore(deps, whole);
    live.push(whole);
  }
  return live;
}

type InForce = { canonical: string; since: Date; until: Date; request: SignedRequest };
type Due = Omit<RequestRow, 'sealed_purpose' | 'created_at' | 'reviewed_at'>;

function rowOf({ request, canonical, since, until }: InForce): Due {
  const { requester, kind } = request;
  return {
    ...{ id: request.requestId, kind, state: 'approved', canonical },
    ...{ requester_id: requester.account, requester_person: requester.person },
    holder_id: request.kind === 'mandate' ? request.holder.account : requester.account,
    purpose_category: request.purpose.category,
    ...{ decide_by: new Date(request.decideBy), live_since: since, ends_at: until },
  };
}

/** Some milliseconds lie between the row and what the key room wrote. */
const SAME_MS = 60_000;
const isAs = (row: RequestRow, due: Due): boolean =>
  row.state === due.state &&
  isMoment(row.created_at) &&
  row.kind === due.kind &&
  row.canonical === due.canonical &&
  row.requester_id === due.requester_id &&
  row.requester_person === due.requester_person &&
  row.holder_id === due.holder_id &&
  row.purpose_category === due.purpose_category &&
  isNear(row.live_since, due.live_since) &&
  isNear(row.ends_at, due.ends_at);
const isNear = (one: Date | null, other: Date | null) =>
  Math.abs(Number(one ?? 0) - Number(other ?? 0)) < SAME_MS;

const isEnded = ({ state }: RequestRow) => state !== 'approved' && state !== 'pending';

const lostOf = (deps: RequestDeps, { id, live_since: since }: Due) => ({
  sealed_purpose: deps.texts.seal(id, Buffer.from(JSON.stringify({ text: '' }))),
  ...{ created_at: since ?? deps.clock.now(), reviewed_at: null },
});

async function restore(deps: RequestDeps, row: RequestRow): Promise<void> {
  await act(deps, async (tx) => {
    await tx
      .insertInto('access_request')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
    return { answer: undefined, entry: mendEntry(row, 'restored') };
  });
}

/**
 * The same as when it ended by itself. The ledger says so even where a decision stands behind it: that
 * may be a row too, and who decided is in the ledger if they did.
 */
async function endAlso(deps: RequestDeps, row: RequestRow): Promise<void> {
  if (!(await deps.warrants.isAdmitted(row.id))) return;
  await deps.warrants.bar(row.id, lastMoment(row, deps.clock.now()));
  const decided = await deps.db
    .selectFrom('access_decision')
    .select('id')
    .where('request_id', '=', row.id)
    .where('decision', '=', row.state)
    .executeTakeFirst();
  const found = decided === undefined ? 'ended_by_row' : 'ended_by_decision';
  await act(deps, async () => ({ answer: undefined, entry: mendEntry(row, found) }));
}

/** What the archive itself found and set right. */
export const mendEntry = ({ id, kind }: Pick<RequestRow, 'id' | 'kind'>, found: string) => ({
  ...{ actor: ARCHIVE_ACTOR, action: 'access.mend', resource: id, outcome: 'ok' as const },
  detail: { kind, found },
});
