import { sql } from 'kysely';
import type { Db } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import type { PipelineDeps } from './deps.ts';

type Resumed = Pick<PipelineDeps, 'db' | 'queue'>;

/** Of each, the rows of a site say what that site has. */
export const OF_A_SITE = [
  'object_copy',
  'pending_copy',
  'evicted_copy',
  'pending_removal',
] as const;

/**
 * Sites that begin anew have no copies: what the policy wants there becomes due while the archive serves, as
 * after a change of the policy. May be repeated; a later recovery does it again at that place of the
 * journal, with the tables as they were then.
 */
export async function beginAnew(db: Db, sites: readonly string[]): Promise<void> {
  if (sites.length === 0) return;
  await db.transaction().execute(async (tx) => {
    for (const table of OF_A_SITE) {
      await tx
        .deleteFrom(table)
        .where('site', 'in', [...sites])
        .execute();
    }
    await sql`update placement_policy set reached = null, ended_at = null
      where number = (select max(number) from placement_policy)`.execute(tx);
  });
}

/** What was under way is begun again: jobs are not in a journal. Resolves to how many records go on. */
export async function resumeJobs(deps: Resumed): Promise<number> {
  const { db, queue } = deps;
  const under = await db
    .selectFrom('record')
    .select('id')
    .where('state', 'in', ['received', 'probed', 'transcribed', 'redacted', 'classified', 'sealed'])
    .execute();
  const waiting = await db
    .selectFrom('record')
    .innerJoin('sealed_object', 'sealed_object.record_id', 'record.id')
    .select('record.id')
    .distinct()
    .where('record.state', 'in', ['archived', 'restricted'])
    .where('sealed_object.pool', '=', 'quarantine')
    .where('sealed_object.destroyed_at', 'is', null)
    .execute();
  const moving = await db.selectFrom('reclassification').select('record_id').execute();
  await db.transaction().execute(async (tx) => {
    for (const { id } of under) await queue.advance(tx, id as RecordId);
    for (const { id } of waiting) await queue.destroyQuarantine(tx, id as RecordId);
    for (const { record_id: id } of moving) await queue.move(tx, id as RecordId);
  });
  return new Set([...under, ...waiting].map(({ id }) => id)).size + moving.length;
}

/** Why no site that is left has an object of a record. */
export type UnavailableReason =
  /** Originals before redaction never go there. */
  | 'quarantine_not_there'
  /** Its copy was due, and not made yet. */
  | 'copy_not_made'
  | 'unknown';

export interface UnavailableRecord {
  recordId: string;
  state: string;
  pool: string;
  objects: number;
  reason: UnavailableReason;
}

/** Records with objects that no site besides `gone` has. */
export async function* unavailableRecords(
  db: Db,
  gone: readonly string[],
  left: readonly string[],
): AsyncGenerator<UnavailableRecord> {
  for (let after = { recordId: '00000000-0000-0000-0000-000000000000', pool: '' }; ; ) {
    const { rows } = await sql<UnavailableRecord & { pending: boolean }>`
      select o.record_id as "recordId", r.state, o.pool, count(*)::int as objects,
        bool_or(exists (select from pending_copy p
          where p.object_id = o.id and p.site = any (${[...left]}::text[]))) as pending
      from sealed_object o join record r on r.id = o.record_id
      where o.destroyed_at is null
        and (o.record_id, o.pool) > (${after.recordId}::uuid, ${after.pool}) and not exists (
        select from object_copy c where c.object_id = o.id and c.site <> all (${[...gone]}::text[]))
      group by 1, 2, 3 order by 1, 3 limit 1000`.execute(db);
    for (const { pending, ...row } of rows) yield { ...row, reason: reasonOf(row.pool, pending) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < 1000) return;
    after = last;
  }
}

function reasonOf(pool: string, pending: boolean): UnavailableReason {
  if (pending) return 'copy_not_made';
  return pool === 'quarantine' ? 'quarantine_not_there' : 'unknown';
}
