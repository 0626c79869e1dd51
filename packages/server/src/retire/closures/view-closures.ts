import type { ClosureView } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import type { SubjectTables } from '../../core/tables/subjects.ts';
import { maskAccount, maskPhone } from '../../record/masked.ts';
import { restrictedBy } from '../restrictions/index.ts';
import { referenceDigest } from './close-account.ts';
import { closureError } from './closure-error.ts';
import { openClosure } from './open-closure.ts';
import type { ClosureDeps } from './ports.ts';

type Row = Selectable<SubjectTables['account_closure']>;

/** How far the closure of that reference is. Rejects with CLOSURE_UNKNOWN. */
export async function closureOf(deps: ClosureDeps, reference: string): Promise<ClosureView> {
  const row = await deps.db
    .selectFrom('account_closure')
    .selectAll()
    .where('reference_digest', '=', referenceDigest(deps.watchKey, reference))
    .executeTakeFirst();
  if (row === undefined) {
    throw closureError('CLOSURE_UNKNOWN', 'no such reference was told', 'reference');
  }
  return view(deps, row, await restrictedBy(deps.db, row.id));
}

/** Closures, the newest first, at most one more than the limit. */
export async function listClosures(
  deps: ClosureDeps,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<ClosureView[]> {
  let query = deps.db.selectFrom('account_closure').selectAll();
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const views: ClosureView[] = [];
  for (const row of rows) views.push(view(deps, row, await restrictedBy(deps.db, row.id)));
  return views;
}

/** Walks that were begun and did not come to their end, as when the archive was stopped or rebuilt. */
export async function unwalkedClosures(db: Queryable): Promise<string[]> {
  const rows = await db
    .selectFrom('account_closure')
    .select('id')
    .where('walked_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

function view(deps: ClosureDeps, row: Row, restricted: number): ClosureView {
  const { reference, sourceSystem, account, phone } = openClosure(deps, row);
  return {
    ...{ id: row.id, reference, sourceSystem, accountMasked: maskAccount(account), restricted },
    ...(phone === undefined ? {} : { phoneMasked: maskPhone(phone) }),
    ...{ closedOn: row.closed_on, toldBy: row.told_by, toldAt: row.told_at.toISOString() },
    state: row.walked_at === null ? 'running' : 'done',
    ...(row.walked_at === null ? {} : { doneAt: row.walked_at.toISOString() }),
  };
}
