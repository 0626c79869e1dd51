import type { Actor } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import type { CallKey, RestrictDeps } from './ports.ts';

/** Why a record is restricted: the closure or the request by its id, and which of the two it is. */
export interface Cause {
  id: string;
  kind: 'closure' | 'erasure';
  actor: Actor;
  requestId?: string | undefined;
}

/**
 * Restricts archived records for a cause, in the caller's transaction: their rows are locked, as by whoever
 * disposes of them or holds them, searches pass over them, and each stands in the ledger. Records that are
 * not there, on their way or gone are passed over. Gives those that the cause was new to.
 */
export async function restrict(
  deps: RestrictDeps,
  tx: Tx,
  recordIds: readonly string[],
  cause: Cause,
): Promise<string[]> {
  const standing = await lockStanding(tx, recordIds);
  if (standing.length === 0) return [];
  const since = deps.clock.now();
  const told = await tx
    .insertInto('record_restriction')
    .values(
      standing.map(({ id }) => ({
        ...{ record_id: id, cause_id: cause.id, kind: cause.kind, since },
      })),
    )
    .onConflict((conflict) => conflict.columns(['record_id', 'cause_id']).doNothing())
    .returning('record_id')
    .execute();
  const fresh = new Set(told.map((one) => one.record_id));
  for (const record of standing) {
    if (!fresh.has(record.id)) continue;
    if (record.state === 'archived') await setState(deps, tx, record, 'restricted');
    await note(deps, tx, record.id, cause, 'restricted');
  }
  return [...fresh];
}

/**
 * Takes a cause away again. A record that has no other is archived as it was before. Gives those that
 * it was taken from.
 */
export async function lift(
  deps: RestrictDeps,
  tx: Tx,
  recordIds: readonly string[],
  cause: Cause,
): Promise<string[]> {
  const standing = await lockStanding(tx, recordIds);
  if (standing.length === 0) return [];
  const ids = standing.map(({ id }) => id);
  const taken = await tx
    .deleteFrom('record_restriction')
    .where('cause_id', '=', cause.id)
    .where('record_id', 'in', ids)
    .returning('record_id')
    .execute();
  const others = await tx
    .selectFrom('record_restriction')
    .select('record_id')
    .where('record_id', 'in', ids)
    .execute();
  const stays = new Set(others.map((one) => one.record_id));
  const lifted = new Set(taken.map((one) => one.record_id));
  for (const record of standing) {
    if (!lifted.has(record.id)) continue;
    const to = stays.has(record.id) ? 'restricted' : 'archived';
    if (to !== record.state) await setState(deps, tx, record, to);
    await note(deps, tx, record.id, cause, to);
  }
  return [...lifted];
}

/** In one order everywhere, so that two that lock many do not wait in a ring. */
async function lockStanding(
  tx: Tx,
  recordIds: readonly string[],
): Promise<(CallKey & { state: string })[]> {
  if (recordIds.length === 0) return [];
  const rows = await tx
    .selectFrom('record')
    .select(['id', 'state', 'started_at'])
    .where('id', 'in', recordIds)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows
    .filter(({ state }) => state === 'archived' || state === 'restricted')
    .map(({ id, state, started_at: startedAt }) => ({ id, state, startedAt }));
}

async function setState(
  deps: RestrictDeps,
  tx: Tx,
  { id, startedAt }: CallKey,
  state: 'archived' | 'restricted',
): Promise<void> {
  await tx.updateTable('record').set({ state }).where('id', '=', id).execute();
  await deps.setRestricted(tx, { id, startedAt }, state === 'restricted');
}

async function note(
  deps: RestrictDeps,
  tx: Tx,
  recordId: string,
  { id, kind, actor, requestId }: Cause,
  to: 'archived' | 'restricted',
): Promise<void> {
  await deps.audit.append(tx, {
    ...{ actor, action: 'record.restrict', resource: recordId, outcome: 'ok' },
    ...(requestId === undefined ? {} : { requestId }),
    detail: { cause: id, kind, to },
  });
}
