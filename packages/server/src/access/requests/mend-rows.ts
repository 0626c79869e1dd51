import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { SignedRequest } from '../../record/grant.ts';
import { act } from '../act.ts';
import type { RequestDeps } from './ports.ts';
import { lastMoment, type RequestRow } from './request-row.ts';

/**
 * Rows of what is in force, where they say something else than the key room, or are gone: a grant that
 * nobody sees would be one that nobody can end. A row that says that it has ended ends it there too. Each
 * is on the ledger. Text that was lost with a row stays lost.
 */
export async function mendRows(deps: RequestDeps): Promise<void> {
  const now = deps.clock.now();
  const inForce = (await deps.warrants.inForce(now)).map((one) => ({
    ...one,
    request: JSON.parse(one.canonical) as SignedRequest,
  }));
  if (inForce.length === 0) return;
  const ids = inForce.map(({ request }) => request.requestId);
  const rows = (await deps.db
    .selectFrom('access_request')
    .selectAll()
    .where('id', 'in', ids)
    .execute()) as RequestRow[];
  for (const one of inForce) {
    const row = rows.find(({ id }) => id === one.request.requestId);
    const due = rowOf(one);
    if (row !== undefined && isEnded(row)) await endAlso(deps, row);
    else if (row === undefined || !isAs(row, due)) await restore(deps, due);
  }
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
  row.kind === due.kind &&
  row.canonical === due.canonical &&
  row.requester_id === due.requester_id &&
  row.requester_person === due.requester_person &&
  row.holder_id === due.holder_id &&
  row.purpose_category === due.purpose_category &&
  isNear(row.live_since, due.live_since) &&
  isNear(row.ends_at, due.ends_at);
const isNear = (one: Date | null, other: Date | null) =>
  Math.abs((one?.getTime() ?? 0) - (other?.getTime() ?? 0)) < SAME_MS;

const isEnded = ({ state }: RequestRow) => state !== 'approved' && state !== 'pending';

async function restore(deps: RequestDeps, due: Due): Promise<void> {
  const { id } = due;
  const lost = {
    sealed_purpose: deps.texts.seal(id, Buffer.from(JSON.stringify({ text: '' }))),
    ...{ created_at: due.live_since ?? deps.clock.now(), reviewed_at: null },
  };
  await act(deps, async (tx) => {
    await tx
      .insertInto('access_request')
      .values({ ...due, ...lost })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(due))
      .execute();
    return { answer: undefined, entry: entryOf(due, 'restored') };
  });
}

/** The same as when it ended by itself; without a decision behind it, the ledger says so. */
async function endAlso(deps: RequestDeps, row: RequestRow): Promise<void> {
  await deps.warrants.bar(row.id, lastMoment(row, deps.clock.now()));
  const decided = await deps.db
    .selectFrom('access_decision')
    .select('id')
    .where('request_id', '=', row.id)
    .where('decision', '=', row.state)
    .executeTakeFirst();
  if (decided !== undefined) return;
  await act(deps, async () => ({ answer: undefined, entry: entryOf(row, 'ended_by_row') }));
}

const entryOf = ({ id, kind }: Pick<RequestRow, 'id' | 'kind'>, found: string) => ({
  ...{ actor: ARCHIVE_ACTOR, action: 'access.mend', resource: id, outcome: 'ok' as const },
  detail: { kind, found },
});
