import { createHmac } from 'node:crypto';
import type { Db } from '../../core/database.ts';
import type { RecordId } from '../../core/ids.ts';
import type { RecordState } from '../../record/vocabulary.ts';
import { plainCallId, plainFileName } from './plain-name.ts';
import type { DropDeps } from './ports.ts';
import { type DropReceipt, writeReceipt } from './receipts.ts';
import { removeSources } from './remove-source.ts';
import type { TakenCall } from './take-call.ts';
import type { FoundCall } from './walk-drop.ts';

/** A call that is in, whose files wait until its record is safe. */
export interface PendingCall extends TakenCall {
  call: FoundCall;
}

export interface RecordStanding {
  state: RecordState;
  reasonCode: string | undefined;
  reason: string | undefined;
}

/** How the records stand; one that is not there is not in the answer. */
export async function standings(
  db: Db,
  ids: readonly RecordId[],
): Promise<Map<string, RecordStanding>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('record')
    .select(['id', 'state', 'reason_code', 'reason'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        state: row.state as RecordState,
        reasonCode: row.reason_code ?? undefined,
        reason: row.reason ?? undefined,
      },
    ]),
  );
}

/** Whether the archive holds the call for good, or holds it back: then its files may go. */
export const isSettled = (state: RecordState): boolean =>
  ['archived', 'restricted', 'quarantined', 'disposed'].includes(state);

/**
 * Writes the receipt (`done/` for a record that is archived, `refused/` with the reason for one in
 * quarantine) and only then unlinks the files; 'changed' when one of them is not what was sent.
 */
export async function settleCall(
  deps: DropDeps,
  pending: PendingCall,
  standing: RecordStanding,
): Promise<'removed' | 'changed'> {
  const { receipt, call, field } = pending;
  const { folder, intake } = deps;
  const { state, reasonCode: code, reason } = standing;
  const held = state === 'quarantined' || state === 'disposed';
  const name = plainFileName(call.stem);
  const sourceCallId = plainCallId(pending.sourceCallId);
  const ledgerIndex = receipt.ledgerIndex ?? (await intakeIndex(intake.db, receipt.id));
  const paper: DropReceipt = {
    ...{ recordId: receipt.id, state, sourceSystem: pending.sourceSystem },
    ...(sourceCallId === undefined ? {} : { sourceCallId }),
    ...(held && name !== undefined ? { name } : {}),
    at: intake.clock.now().toISOString(),
    receivedAt: receipt.receivedAt.toISOString(),
    ...(ledgerIndex === undefined ? {} : { ledgerIndex }),
    ...(code === undefined ? {} : { code }),
    ...(field === undefined ? {} : { field }),
    ...(reason === undefined ? {} : { reason }),
  };
  const paperName = held && name !== undefined ? `${name}.${receipt.id}` : receipt.id;
  await writeReceipt(folder, held ? 'refused' : 'done', paperName, paper);
  return removeSources(folder, call.files, receipt.id);
}

/**
 * A call that was disposed of stays so: nothing of it is stored. The very bytes that were disposed
 * of must not outlive their record in plaintext and are unlinked; other bytes under that call id
 * may be another call, so they stay where they are. `refused/` says which it was.
 */
export async function settleDisposed(
  deps: DropDeps,
  call: FoundCall,
  error: { code: string; message: string; sameBytes: boolean },
): Promise<'removed' | 'changed' | 'left'> {
  const id = keyedName(deps, call);
  await noteRefused(deps, call, { ...error, removed: error.sameBytes });
  return error.sameBytes ? removeSources(deps.folder, call.files, id) : 'left';
}

/** The reason for a call of which nothing is stored. */
export async function noteRefused(
  deps: DropDeps,
  call: FoundCall,
  why: { code: string; message: string; removed: boolean },
): Promise<void> {
  const name = plainFileName(call.stem);
  const id = keyedName(deps, call);
  await writeReceipt(deps.folder, 'refused', name === undefined ? id : `${name}.${id}`, {
    ...(name === undefined ? {} : { name }),
    at: deps.intake.clock.now().toISOString(),
    ...{ code: why.code, reason: why.message, removed: why.removed },
  });
}

/** The same for the same files, so that receipts do not pile up. */
function keyedName(deps: DropDeps, call: FoundCall): string {
  return createHmac('sha256', deps.intake.secrets.idempotency)
    .update(JSON.stringify(['drop-receipt', call.key, call.media.body]))
    .digest('hex')
    .slice(0, 32);
}

async function intakeIndex(db: Db, id: RecordId): Promise<number | undefined> {
  const row = await db
    .selectFrom('ledger_entry')
    .select('index')
    .where('resource', '=', id)
    .where('action', '=', 'record.intake')
    .orderBy('index')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : Number(row.index);
}
