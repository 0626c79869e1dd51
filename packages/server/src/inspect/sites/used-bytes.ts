import { sql } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';

/** What lies at a site of one pool: copies, and the bytes of their sealed objects. */
export interface PoolUse {
  site: string;
  pool: string;
  bytes: number;
  copies: number;
}

/** By site and pool, up to this moment; of rows that are as many as sites and pools, not as copies. */
export async function usedBytes(db: Queryable): Promise<PoolUse[]> {
  const { rows } = await sql<{ site: string; pool: string; bytes: string; copies: string }>`
    select site, pool, sum(bytes) as bytes, sum(copies) as copies
    from (select * from site_use union all select * from site_use_change) uses
    group by site, pool having sum(copies) > 0 order by site, pool`.execute(db);
  return rows.map(({ site, pool, bytes, copies }) => ({
    ...{ site, pool, bytes: Number(bytes), copies: Number(copies) },
  }));
}

/**
 * Adds what came since to the sums. Where there are none yet, in a catalog that was upgraded or rebuilt,
 * all copies are counted; one statement sees copies and changes of one moment.
 */
export async function foldUsedBytes(tx: Tx): Promise<void> {
  const some = await tx.selectFrom('site_use').select('site').limit(1).executeTakeFirst();
  if (some === undefined) {
    await sql`
      with counted as (delete from site_use_change)
      insert into site_use (site, pool, bytes, copies)
        select site, pool, sum(sealed_bytes)::bigint, count(*)
        from object_copy join sealed_object on id = object_id group by site, pool`.execute(tx);
    return;
  }
  await sql`
    with come as (delete from site_use_change returning *)
    insert into site_use (site, pool, bytes, copies)
      select site, pool, sum(bytes)::bigint, sum(copies)::bigint from come group by site, pool
    on conflict (site, pool) do update
      set bytes = site_use.bytes + excluded.bytes, copies = site_use.copies + excluded.copies`.execute(
    tx,
  );
}
