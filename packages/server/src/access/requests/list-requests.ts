import type { RequestState } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Viewer } from '../policy.ts';
import type { RequestDeps } from './ports.ts';
import type { RequestRow } from './request-row.ts';

export interface RequestFilter {
  box: 'mine' | 'inbox' | 'all';
  state?: RequestState | undefined;
  kind?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * Rows of a box, newest first, at most one more than the limit. `live` are the ids of what the key room
 * has in force: rows alone make nothing live, and hide nothing that is.
 */
export async function listRequests(
  deps: RequestDeps,
  viewer: Viewer,
  filter: RequestFilter,
  live: readonly string[],
): Promise<RequestRow[]> {
  const now = deps.clock.now();
  let query = deps.db.selectFrom('access_request').selectAll();
  if (filter.box === 'mine') {
    query = query.where((eb) =>
      eb.or([eb('requester_id', '=', viewer.actorId), eb('holder_id', '=', viewer.actorId)]),
    );
  }
  if (filter.box === 'inbox')
    query = query.where(waitsFor(viewer, now, await toReview(deps, viewer)));
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  if (filter.state !== undefined) query = query.where(stateSql(filter.state, now, live));
  const rows = await query
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute();
  return rows as RequestRow[];
}

/** How many wait for this approver. */
export async function countWaiting(deps: RequestDeps, viewer: Viewer): Promise<number> {
  const { n } = await deps.db
    .selectFrom('access_request')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where(waitsFor(viewer, deps.clock.now(), await toReview(deps, viewer)))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Break-glass that waits for a review which this approver could give; by the key room. */
async function toReview({ warrants }: RequestDeps, viewer: Viewer): Promise<string[]> {
  const found: string[] = [];
  for (const id of await warrants.unreviewed()) {
    if (!(await warrants.partiesOf(id)).includes(viewer.personRef ?? '')) found.push(id);
  }
  return found;
}

const waitsFor = (viewer: Viewer, now: Date, review: readonly string[]) => sql<boolean>`
  ((requester_person <> ${viewer.personRef ?? ''}
    and not exists (select 1 from access_decision d
      where d.request_id = access_request.id and d.person = ${viewer.personRef ?? ''})
    and state = 'pending' and decide_by > ${now})
    or id = any(${review}::uuid[]))`;

function stateSql(state: RequestState, now: Date, live: readonly string[]): RawBuilder<boolean> {
  switch (state) {
    case 'pending':
      return sql`(state = 'pending' and decide_by > ${now})`;
    case 'expired':
      return sql`(state = 'pending' and decide_by <= ${now})`;
    case 'live':
      return sql`id = any(${live}::uuid[])`;
    case 'ended':
      return sql`(state = 'approved' and not id = any(${live}::uuid[]))`;
    case 'rejected':
    case 'withdrawn':
    case 'revoked':
      return sql`state = ${state}`;
  }
}
