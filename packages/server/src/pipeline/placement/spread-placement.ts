import { sql } from 'kysely';
import type { Tx } from '../../core/database.ts';
import { readKeptPlacement } from '../../place/index.ts';
import type { PipelineDeps } from '../deps.ts';
import { wantedOf } from './wanted-copies.ts';

const BATCH = 1000;

/**
 * Goes over all objects after a policy was applied: enqueues copies that are missing, and the removal of
 * those that nobody wants any more. Resolves to false when it was broken off; it goes on from there. A
 * policy that is applied meanwhile begins anew.
 */
export async function spreadPlacement(
  deps: Pick<PipelineDeps, 'db' | 'clock'>,
  signal?: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (signal?.aborted === true) return false;
    const more = await deps.db.transaction().execute((tx) => spreadBatch(tx, deps.clock.now()));
    if (!more) return true;
  }
}

async function spreadBatch(tx: Tx, now: Date): Promise<boolean> {
  const row = await tx
    .selectFrom('placement_policy')
    .select(['number', 'policy', 'reached', 'ended_at', 'begun_at'])
    .orderBy('number', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.ended_at !== null) return false;
  let objects = tx
    .selectFrom('sealed_object')
    .select('id')
    .where('destroyed_at', 'is', null)
    .orderBy('id')
    .limit(BATCH)
    // A copy under way ends first: it would come after what is decided here.
    .forUpdate();
  if (row.reached !== null) objects = objects.where('id', '>', row.reached);
  const ids = (await objects.execute()).map(({ id }) => id);
  // Before it, or begun again by a recovery: nothing was seen.
  const begunAt = (row.reached === null ? undefined : row.begun_at) ?? now;
  if (ids.length > 0) await spread(tx, row.policy, ids, { now, begunAt });
  const reached = ids.at(-1);
  await tx
    .updateTable('placement_policy')
    .set({ begun_at: begunAt, ...(reached === undefined ? { ended_at: now } : { reached }) })
    .where('number', '=', row.number)
    .execute();
  return reached !== undefined;
}

async function spread(
  tx: Tx,
  kept: string,
  ids: readonly string[],
  { now, begunAt }: { now: Date; begunAt: Date },
): Promise<void> {
  const wanted = wantedOf(readKeptPlacement(kept));
  const among = sql`o.id = any (${[...ids]}::uuid[])`;
  await sql`delete from pending_copy p using sealed_object o
    where o.id = p.object_id and ${among} and not ${wanted.at(sql<string>`p.site`)}`.execute(tx);
  await sql`delete from pending_removal p using sealed_object o
    where o.id = p.object_id and ${among} and ${wanted.at(sql<string>`p.site`)}`.execute(tx);
  // What was written before this walk began is what its site is filled with.
  await sql`with made as (insert into pending_copy (object_id, site, not_before, due_at, bulk)
      select o.id, w.site, ${now}, ${now}, true
      from sealed_object o join ${wanted.relation} on w.pool = o.pool
      where ${among} and ${wanted.missing}
      on conflict do nothing returning site)
    insert into site_filling as f (site, begun_at, moved_at)
    select distinct site, ${begunAt}::timestamptz, ${now}::timestamptz from made
    on conflict (site) do update set begun_at = excluded.begun_at, moved_at = excluded.moved_at,
      copies_left = 0, copies_most = 0 where f.begun_at < excluded.begun_at`.execute(tx);
  // What had time until the daily hour may have none any more.
  await sql`update pending_copy p set due_at = ${now}, not_before = least(p.not_before, ${now})
    from sealed_object o where o.id = p.object_id and ${among}
    and p.due_at > ${now} and ${wanted.soonAt(sql<string>`p.site`)}`.execute(tx);
  // Of a copy that gave way the envelope is still there.
  await sql`insert into pending_removal (object_id, site, not_before)
    select o.id, c.site, ${now}
    from sealed_object o join (select object_id, site from object_copy
      union select object_id, site from evicted_copy) c on c.object_id = o.id
    where ${among} and not ${wanted.at(sql<string>`c.site`)}
    on conflict do nothing`.execute(tx);
}
