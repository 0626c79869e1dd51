import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { type CallKey, findPerson, restrict, tellClosed } from '../restrictions/index.ts';
import { reachOf } from './close-account.ts';
import { openClosure } from './open-closure.ts';
import type { ClosureDeps } from './ports.ts';

/** In one transaction: short enough for a call that is archived meanwhile to wait for. */
const AT_ONCE = 50;

/**
 * Restricts the records of a closed account and tells them that day, fifty at a time, from where an
 * earlier walk came to. Does nothing for one that was walked to its end.
 */
export async function walkClosure(deps: ClosureDeps, closureId: string): Promise<void> {
  for (let more = true; more; ) {
    const restricted = await deps.db.transaction().execute((tx) => step(deps, tx, closureId));
    for (const recordId of restricted ?? []) deps.dropKeys(recordId);
    more = restricted !== undefined;
  }
}

/** Undefined when there is nothing left to do. */
async function step(deps: ClosureDeps, tx: Tx, id: string): Promise<string[] | undefined> {
  const row = await tx
    .selectFrom('account_closure')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.walked_at !== null) return undefined;
  const told = openClosure(deps, row);
  const { reached_at: startedAt, reached_id: reachedId } = row;
  const after = startedAt === null || reachedId === null ? undefined : { id: reachedId, startedAt };
  const page = { after, limit: AT_ONCE };
  const found = await findPerson(tx, deps, told, reachOf(deps.timeZone, told), page);
  await noteSearch(deps, tx, id, found);
  const cause = { id, kind: 'closure', actor: ARCHIVE_ACTOR } as const;
  const restricted = await restrict(
    deps,
    tx,
    found.map((call) => call.id),
    cause,
  );
  for (const recordId of restricted) {
    await tellClosed(deps, tx, recordId, told.closedOn, ARCHIVE_ACTOR.id);
  }
  const last = found.at(-1);
  const reached = last && { reached_at: last.startedAt, reached_id: last.id };
  if (found.length === AT_ONCE && reached !== undefined) {
    await tx.updateTable('account_closure').set(reached).where('id', '=', id).execute();
    return restricted;
  }
  await end(deps, tx, id, reached);
  return restricted;
}

async function end(
  deps: ClosureDeps,
  tx: Tx,
  id: string,
  reached: { reached_at: Date; reached_id: string } | undefined,
): Promise<void> {
  await tx
    .updateTable('account_closure')
    .set({ ...reached, walked_at: deps.clock.now() })
    .where('id', '=', id)
    .execute();
  await deps.audit.append(tx, {
    ...{ actor: ARCHIVE_ACTOR, action: 'subject.closure', resource: id, outcome: 'ok' },
    detail: { state: 'walked' },
  });
}

async function noteSearch(
  deps: ClosureDeps,
  tx: Tx,
  id: string,
  found: readonly CallKey[],
): Promise<void> {
  await deps.audit.append(tx, {
    ...{ actor: ARCHIVE_ACTOR, action: 'record.search', outcome: 'ok' },
    detail: { filters: 'person', cause: id, hits: found.length },
  });
}
