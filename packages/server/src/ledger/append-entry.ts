import { canonicalJson } from '../core/canonical-json.ts';
import type { Clock } from '../core/clock.ts';
import type { Tx } from '../core/database.ts';
import { type EntryInput, entryBody } from './entry.ts';

/**
 * Puts an entry into the outbox in the caller's transaction: act and entry commit together, or
 * neither does. `outboxId` is what `Sequencer.wait` takes once that transaction has committed.
 * Rejects with LEDGER_ENTRY_INVALID naming the field.
 */
export async function appendEntry(
  tx: Tx,
  clock: Clock,
  input: EntryInput,
): Promise<{ outboxId: string }> {
  const body = canonicalJson(entryBody(input, clock.now()));
  const row = await tx
    .insertInto('ledger_outbox')
    .values({ body })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { outboxId: row.id };
}
