import { sql } from 'kysely';
import type { Queryable } from '../core/database.ts';
import type { LedgerAction } from './actions.ts';
import { assertAllBack } from './entries-back.ts';

/** What somebody does who sees or hears a call. A search shows it without opening it. */
const USES: readonly LedgerAction[] = [
  ...(['record.view', 'record.play', 'record.play_fast', 'record.transcript'] as const),
  ...(['record.peaks', 'record.screenshot', 'record.original', 'record.download'] as const),
  'record.export',
];

/**
 * When each of these records was last seen or heard by anybody; those that never were are absent. Rejects
 * with LEDGER_RESTORING while nobody can say.
 */
export async function lastUses(
  db: Queryable,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (recordIds.length === 0) return new Map();
  await assertAllBack(db);
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['resource', sql<Date>`max(at)`.as('at')])
    .where('resource', 'in', [...recordIds])
    .where('action', 'in', [...USES])
    .where('outcome', '=', 'ok')
    .groupBy('resource')
    .execute();
  return new Map(rows.map(({ resource, at }) => [resource ?? '', at]));
}
