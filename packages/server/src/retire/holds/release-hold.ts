import { sql } from 'kysely';
import { act } from '../../access/index.ts';
import { settleFreed } from './change-records.ts';
import { demandAnother, lockLiving } from './hold-rows.ts';
import { commitTo, sealReason } from './hold-words.ts';
import type { HoldDeps, Officer } from './ports.ts';

const BATCH = 500;

/**
 * Releases a hold: its search catches no more from the commit on, and its records are let go in batches after
 * it. By another person than who placed it. Rejects with HOLD_UNKNOWN, HOLD_RELEASED, HOLD_SAME_PERSON.
 */
export function releaseHold(
  deps: HoldDeps,
  holdId: string,
  reason: string,
  officer: Officer,
): Promise<void> {
  const { actor, requestId } = officer;
  return act(deps, async (tx) => {
    const row = await lockLiving(tx, holdId);
    demandAnother(deps.texts, row, officer);
    await tx
      .updateTable('legal_hold')
      .set({
        ...{ released_by: actor.id, released_at: deps.clock.now() },
        sealed_release: sealReason(deps.texts, holdId, 'release', reason),
      })
      .where('id', '=', holdId)
      .execute();
    const { n } = await tx
      .selectFrom('held_record')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .where('hold_id', '=', holdId)
      .executeTakeFirstOrThrow();
    const told = await tx
      .selectFrom('hold_custodian')
      .select('actor_id')
      .where('hold_id', '=', holdId)
      .execute();
    const actorIds = told.map((one) => one.actor_id);
    if (actorIds.length > 0) {
      await deps.notices.tell(tx, {
        ...{ to: { actorIds }, kind: 'hold.released', severity: 'info', resource: holdId },
      });
    }
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'hold.release', resource: holdId, outcome: 'ok', requestId },
        purpose: {
          category: 'legal-hold',
          commitment: commitTo(deps.commitmentKey, holdId, { reason }),
        },
        detail: { records: Number(n), custodians: actorIds.length },
      },
    };
  });
}

/**
 * Lets the records of released holds go, and asks again for what was put off for those that no other hold
 * keeps. Resolves to how many rows went; broken off, it goes on from there.
 */
export async function letGo(
  deps: Pick<HoldDeps, 'db' | 'settleDeferred'>,
  signal?: AbortSignal,
): Promise<number> {
  for (let gone = 0; ; ) {
    if (signal?.aborted === true) return gone;
    const some = await letSomeGo(deps);
    if (some === 0) return gone;
    gone += some;
  }
}

function letSomeGo(deps: Pick<HoldDeps, 'db' | 'settleDeferred'>): Promise<number> {
  return deps.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ record_id: string }>`
      with h as materialized (select id from legal_hold where released_at is not null
        and exists (select from held_record where hold_id = legal_hold.id) limit 1),
      part as materialized (select hold_id, record_id from held_record
        where hold_id = (select id from h) order by record_id limit ${BATCH})
      delete from held_record k using part where k.hold_id = part.hold_id
        and k.record_id = part.record_id returning k.record_id`.execute(tx);
    await settleFreed(
      deps,
      tx,
      rows.map((row) => row.record_id),
    );
    return rows.length;
  });
}
