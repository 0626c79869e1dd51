import type { Queryable } from '../core/database.ts';
import { ledgerError } from './ledger-error.ts';

/** Entries below this index, and tiles of them alone, may still be at the sites only; 0: all are here. */
export async function entriesFrom(db: Queryable): Promise<number> {
  const row = await db.selectFrom('ledger_state').select('entries_from').executeTakeFirst();
  return Number(row?.entries_from ?? 0);
}

/** Rejects with LEDGER_RESTORING while anything of the ledger is still to come back. */
export async function assertAllBack(db: Queryable): Promise<void> {
  const from = await entriesFrom(db);
  if (from > 0) throw restoring(`${from} entries are still to come back from the sites`);
}

export const restoring = (message: string) => ledgerError('LEDGER_RESTORING', message);
