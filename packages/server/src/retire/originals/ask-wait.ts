import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { dayOf, formatDay } from '../../core/zone.ts';
import { neededUntil } from './needed-until.ts';
import { originalError } from './original-error.ts';
import type { OriginalDeps, OriginalOfficer } from './ports.ts';

/**
 * Asks that a record's original be kept until a day ('YYYY-MM-DD'). Nothing is kept by asking: two approvers
 * have to grant it while the original is there. Resolves to the question's id. Rejects with RECORD_UNKNOWN,
 * ORIGINAL_NOT_WAITING, ORIGINAL_DAY_INVALID and ORIGINAL_WAIT_ASKED.
 */
export async function askWait(
  deps: OriginalDeps,
  { actor, person, requestId }: OriginalOfficer,
  { recordId, until, reason }: { recordId: string; until: string; reason: string },
): Promise<string> {
  const now = deps.clock.now();
  const id = newUuidV7(deps.clock, deps.random);
  const outboxId = await deps.db.transaction().execute(async (tx) => {
    await holdWaiting(tx, recordId);
    await demandDay(deps, tx, recordId, until);
    const made = await tx
      .insertInto('original_wait')
      .values({
        ...{ id, record_id: recordId, until, state: 'asked', asked_by: actor.id },
        ...{ person, asked_at: now },
        sealed_reason: deps.texts.seal(id, Buffer.from(reason)),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) {
      throw originalError('ORIGINAL_WAIT_ASKED', `record ${recordId} has an open question`);
    }
    await deps.notices.tell(tx, {
      to: { roles: ['approver'], except: [actor.id] },
      ...{ kind: 'original.asked', severity: 'action', resource: recordId, detail: { until } },
    });
    const written = await deps.audit.append(tx, {
      ...{ actor, action: 'retention.ask_wait', resource: recordId },
      ...{ outcome: 'ok', requestId, detail: { wait: id, until } },
    });
    return written.outboxId;
  });
  await deps.audit.settle(outboxId);
  return id;
}

/**
 * Locks the record's row: until the transaction ends nobody destroys its original. Rejects with RECORD_UNKNOWN,
 * and with ORIGINAL_NOT_WAITING where none is left or it does not wait.
 */
export async function holdWaiting(tx: Tx, recordId: string): Promise<void> {
  const record = await tx
    .selectFrom('record')
    .select(['state', 'tier'])
    .where('id', '=', recordId)
    .forUpdate()
    .executeTakeFirst();
  if (record === undefined) throw originalError('RECORD_UNKNOWN', `no record ${recordId}`);
  const original = await tx
    .selectFrom('sealed_object')
    .select('id')
    .where('record_id', '=', recordId)
    .where('pool', '=', 'quarantine')
    .where('purpose', '=', 'original')
    .where('destroyed_at', 'is', null)
    .executeTakeFirst();
  if (original === undefined || record.state !== 'archived' || record.tier !== 'sensitive') {
    throw originalError('ORIGINAL_NOT_WAITING', `no original of record ${recordId} waits`);
  }
}

async function demandDay(deps: OriginalDeps, tx: Tx, recordId: string, until: string) {
  const needed = await neededUntil(deps, tx, recordId);
  if (needed === undefined) return;
  const day = formatDay(dayOf(deps.timeZone, needed.until));
  if (until > day && until <= needed.atMost) return;
  const message = `the original waits until ${day}; it may until ${needed.atMost} at most`;
  throw originalError('ORIGINAL_DAY_INVALID', message, 'body/until');
}
