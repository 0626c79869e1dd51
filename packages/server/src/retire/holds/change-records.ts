import type { TooLate } from '@voxkeep/contract';
import { act } from '../../access/index.ts';
import type { Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import { holdError } from './hold-error.ts';
import { demandAnother, lockLiving } from './hold-rows.ts';
import { commitTo, sealReason } from './hold-words.ts';
import { catchingHolds } from './living-searches.ts';
import { digestOf, insertHeld, lockRecords } from './place-hold.ts';
import type { HoldDeps, Officer } from './ports.ts';

/**
 * Adds records to a living hold, those too that were released from it before. Rejects with HOLD_UNKNOWN,
 * HOLD_RELEASED.
 */
export function addRecords(
  deps: HoldDeps,
  holdId: string,
  recordIds: readonly string[],
  { actor, requestId }: Officer,
): Promise<TooLate[]> {
  return act(deps, async (tx) => {
    await lockLiving(tx, holdId);
    const { living, tooLate } = await lockRecords(tx, recordIds);
    if (living.length > 0) {
      await tx
        .deleteFrom('hold_exemption')
        .where('hold_id', '=', holdId)
        .where('record_id', 'in', living)
        .execute();
    }
    const records = await insertHeld(tx, holdId, living, deps.clock.now());
    return {
      answer: tooLate,
      entry: {
        ...{ actor, action: 'hold.extend', resource: holdId, outcome: 'ok', requestId },
        detail: {
          ...{ records, tooLate: tooLate.length },
          ...(living.length === 0 ? {} : { recordsDigest: digestOf(living) }),
        },
      },
    };
  });
}

/**
 * Releases one record from a hold; its search catches it no more. By another person than who placed the hold.
 * Rejects with HOLD_UNKNOWN, HOLD_RELEASED, HOLD_SAME_PERSON, RECORD_NOT_HELD.
 */
export function releaseRecord(
  deps: HoldDeps,
  { holdId, recordId, reason }: { holdId: string; recordId: string; reason: string },
  officer: Officer,
): Promise<void> {
  const { actor, requestId } = officer;
  return act(deps, async (tx) => {
    const row = await lockLiving(tx, holdId);
    demandAnother(deps.texts, row, officer);
    if (!(await isKept(deps, tx, holdId, recordId))) {
      throw holdError('RECORD_NOT_HELD', 'the hold does not keep this record', {
        field: 'recordId',
      });
    }
    await tx
      .deleteFrom('held_record')
      .where('hold_id', '=', holdId)
      .where('record_id', '=', recordId)
      .execute();
    await tx
      .insertInto('hold_exemption')
      .values({
        ...{ hold_id: holdId, record_id: recordId, released_by: actor.id },
        released_at: deps.clock.now(),
        sealed: sealReason(deps.texts, holdId, 'exemption', reason),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await settleFreed(deps, tx, [recordId]);
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'hold.exempt', resource: recordId, outcome: 'ok', requestId },
        purpose: {
          category: 'legal-hold',
          commitment: commitTo(deps.commitmentKey, holdId, { recordId, reason }),
        },
        detail: { hold: holdId },
      },
    };
  });
}

async function isKept(deps: HoldDeps, tx: Tx, holdId: string, recordId: string): Promise<boolean> {
  if (!isUuid(recordId)) return false;
  await lockRecords(tx, [recordId]);
  const held = await tx
    .selectFrom('held_record')
    .select('hold_id')
    .where('hold_id', '=', holdId)
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  if (held !== undefined) return true;
  return (await catchingHolds(deps, tx, recordId)).caught.includes(holdId);
}

/** Asks again for what was put off for those of the records that no hold has a row of now. */
export async function settleFreed(
  deps: Pick<HoldDeps, 'settleDeferred'>,
  tx: Tx,
  recordIds: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return;
  const still = await tx
    .selectFrom('held_record')
    .select('record_id')
    .distinct()
    .where('record_id', 'in', [...recordIds])
    .execute();
  const held = new Set(still.map((row) => row.record_id));
  const freed = recordIds.filter((id) => !held.has(id));
  if (freed.length > 0) await deps.settleDeferred(tx, freed);
}
