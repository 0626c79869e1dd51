import type { Selectable } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { RetentionTables } from '../../core/tables/retention.ts';
import { holdError } from './hold-error.ts';
import { openWords } from './hold-words.ts';
import type { Officer, SealedTexts } from './ports.ts';

export type HoldRow = Selectable<RetentionTables['legal_hold']>;

/** Rejects with HOLD_UNKNOWN, also for what is no id at all. */
export async function holdRow(db: Queryable, id: string, lock = false): Promise<HoldRow> {
  let query = db
    .selectFrom('legal_hold')
    .selectAll()
    .where('id', '=', isUuid(id) ? id : '00000000-0000-0000-0000-000000000000');
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (row === undefined) throw holdError('HOLD_UNKNOWN', 'there is no such hold', { field: 'id' });
  return row;
}

/** The hold, locked before any record of it. Rejects with HOLD_UNKNOWN, HOLD_RELEASED. */
export async function lockLiving(tx: Tx, id: string): Promise<HoldRow> {
  const row = await holdRow(tx, id, true);
  if (row.released_at !== null) {
    throw holdError('HOLD_RELEASED', `hold ${id} was released`, { field: 'id' });
  }
  return row;
}

/** Another person than who placed it. Rejects with HOLD_SAME_PERSON. */
export function demandAnother(texts: SealedTexts, row: HoldRow, officer: Officer): void {
  const { placer } = openWords(texts, row.id, row.sealed);
  const { actor, person } = officer;
  if (placer.person !== person && placer.account !== actor.id) return;
  throw holdError('HOLD_SAME_PERSON', 'whoever placed a hold does not end it');
}
