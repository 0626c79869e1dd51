import type { Queryable } from '../core/database.ts';
import { assertAllBack } from './entries-back.ts';

/**
 * Whether the log holds acts on a resource that this catalog did not write: they were read back from a
 * site, so the catalog is older than what they tell of. Rejects with LEDGER_RESTORING while more may come.
 */
export async function knowsMore(db: Queryable, resource: string): Promise<boolean> {
  const found = await db
    .selectFrom('ledger_entry')
    .select('index')
    .where('resource', '=', resource)
    .where('outbox_id', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (found === undefined) await assertAllBack(db);
  return found !== undefined;
}
