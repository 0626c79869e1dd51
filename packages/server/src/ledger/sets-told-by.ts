import type { Queryable } from '../core/database.ts';
import { assertAllBack } from './entries-back.ts';

/**
 * How many shares each escrow set has that the log was told of by then, by the set's id. Rejects with
 * LEDGER_RESTORING while entries are still to come back.
 */
export async function setsToldBy(db: Queryable, moment: Date): Promise<Map<string, number>> {
  await assertAllBack(db);
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['resource', 'detail'])
    .where('action', '=', 'key.escrow')
    .where('at', '<=', moment)
    .orderBy('index')
    .execute();
  return new Map(
    rows.flatMap(({ resource, detail }) => {
      const shares = detail['shares'];
      return resource === null || typeof shares !== 'number' ? [] : [[resource, shares] as const];
    }),
  );
}
