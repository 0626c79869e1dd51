import type { HoldNotice } from '@voxkeep/contract';
import { act, namesOf } from '../../access/index.ts';
import type { Actor } from '../../core/audit.ts';
import type { Queryable } from '../../core/database.ts';
import { holdError } from './hold-error.ts';
import { type HoldRow, holdRow } from './hold-rows.ts';
import { openWords } from './hold-words.ts';
import type { HoldDeps } from './ports.ts';

/**
 * A custodian says that they have read that the hold was placed or, after its release, that it was released.
 * Said again, the first time counts. Rejects with HOLD_UNKNOWN for whoever is none of its custodians.
 */
export function acknowledge(
  deps: Pick<HoldDeps, 'db' | 'audit' | 'clock'>,
  holdId: string,
  { actor, requestId }: { actor: Actor; requestId: string },
): Promise<void> {
  return act(deps, async (tx) => {
    const row = await holdRow(tx, holdId, true);
    const told = await custodianRow(tx, row, actor.id);
    const released = row.released_at !== null;
    const said = released ? told.release_acknowledged_at : told.acknowledged_at;
    if (said !== null) return { answer: undefined };
    const now = deps.clock.now();
    await tx
      .updateTable('hold_custodian')
      .set(released ? { release_acknowledged_at: now } : { acknowledged_at: now })
      .where('hold_id', '=', row.id)
      .where('actor_id', '=', actor.id)
      .execute();
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'hold.acknowledge', resource: row.id, outcome: 'ok', requestId },
        detail: { state: released ? 'released' : 'living' },
      },
    };
  });
}

/** What a custodian is told. Rejects with HOLD_UNKNOWN for whoever is none. */
export async function noticeOf(
  deps: Pick<HoldDeps, 'db' | 'texts'>,
  holdId: string,
  actorId: string,
): Promise<HoldNotice> {
  const row = await holdRow(deps.db, holdId);
  const told = await custodianRow(deps.db, row, actorId);
  const { matter, reason } = openWords(deps.texts, row.id, row.sealed);
  const name = (await namesOf(deps.db, [row.placed_by])).get(row.placed_by);
  const { released_at: releasedAt } = row;
  const { acknowledged_at: acknowledgedAt, release_acknowledged_at: releaseAcknowledgedAt } = told;
  return {
    ...{ id: row.id, matter, reason, placedAt: row.placed_at.toISOString() },
    state: releasedAt === null ? 'living' : 'released',
    ...(name === undefined ? {} : { placedByName: name }),
    ...(releasedAt === null ? {} : { releasedAt: releasedAt.toISOString() }),
    ...(acknowledgedAt === null ? {} : { acknowledgedAt: acknowledgedAt.toISOString() }),
    ...(releaseAcknowledgedAt === null
      ? {}
      : { releaseAcknowledgedAt: releaseAcknowledgedAt.toISOString() }),
  };
}

async function custodianRow(db: Queryable, row: HoldRow, actorId: string) {
  const told = await db
    .selectFrom('hold_custodian')
    .selectAll()
    .where('hold_id', '=', row.id)
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  // To anybody else there is none.
  if (told === undefined) throw holdError('HOLD_UNKNOWN', 'no such hold', { field: 'id' });
  return told;
}
