import { sql } from 'kysely';
import type { Tx } from '../../core/database.ts';
import { openSearch } from './hold-words.ts';
import type { GateDeps } from './ports.ts';

/** Holds whose search catches a record, and those of which that cannot be said. */
export interface Caught {
  caught: string[];
  /** Their sealed search does not open: until somebody has looked, they keep everything. */
  damaged: string[];
}

/**
 * Asks the searches of living holds about one record, as it stands in the catalog in this transaction.
 * What was released from a hold by itself is not caught by it.
 */
export async function catchingHolds(
  deps: Pick<GateDeps, 'texts' | 'searches'>,
  tx: Tx,
  recordId: string,
): Promise<Caught> {
  const living = await tx
    .selectFrom('legal_hold')
    .select(['id', 'sealed_query'])
    .where('released_at', 'is', null)
    .where('sealed_query', 'is not', null)
    .orderBy('id')
    .execute();
  if (living.length === 0) return { caught: [], damaged: [] };
  const damaged: string[] = [];
  const asked = living.flatMap(({ id, sealed_query: sealed }) => {
    try {
      const condition = deps.searches.condition(
        openSearch(deps.texts, id, sealed ?? Buffer.alloc(0)),
      );
      return [sql`select ${id}::uuid as hold_id from c where ${condition}`];
    } catch {
      damaged.push(id);
      return [];
    }
  });
  if (asked.length === 0) return { caught: [], damaged };
  // The one call first: a hundred searches of it are then planned as fast as one.
  const { rows } = await sql<{ hold_id: string }>`
    with c as materialized (select c.* from record r join call c
      on c.started_at = r.started_at and c.id = r.id where r.id = ${recordId}::uuid)
    select f.hold_id from (${sql.join(asked, sql` union all `)}) f
    where not exists (select from hold_exemption e
      where e.hold_id = f.hold_id and e.record_id = ${recordId}::uuid)
    order by f.hold_id`.execute(tx);
  return { caught: rows.map((row) => row.hold_id), damaged };
}
