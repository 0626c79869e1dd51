import { sql } from 'kysely';
import type { Db, Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import { wantedCopies } from '../place/index.ts';
import type { PipelineDeps } from './deps.ts';

type Resumed = Pick<PipelineDeps, 'db' | 'clock' | 'queue' | 'sensitiveOriginalDays'>;

const DAY_MS = 86_400_000;

/**
 * Sites that begin anew have no copies: those that the policy wants there become due, when some other
 * site has the object. May be repeated; a later recovery does it again at that place of the journal, with
 * the tables as they were then. Resolves to how many are due.
 */
export async function refillSites(
  deps: Pick<PipelineDeps, 'db' | 'clock' | 'placement'>,
  sites: readonly string[],
): Promise<number> {
  let due = 0;
  await deps.db.transaction().execute(async (tx) => {
    for (const site of sites) {
      for (const table of OF_A_SITE) await tx.deleteFrom(table).where('site', '=', site).execute();
    }
    for (const { pool, site } of wantedCopies(deps.placement.policy())) {
      if (sites.includes(site)) due += await refill(tx, site, pool, deps.clock.now());
    }
  });
  return due;
}

const OF_A_SITE = ['object_copy', 'pending_copy', 'evicted_copy', 'pending_removal'] as const;

async function refill(tx: Tx, site: string, pool: string, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into pending_copy (object_id, site, not_before, due_at, bulk)
    select o.id, ${site}, ${now}, ${now}, true from sealed_object o
    where o.pool = ${pool} and o.destroyed_at is null
      and exists (select from object_copy c where c.object_id = o.id and c.site <> ${site})
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** What was under way is begun again: jobs are not in a journal. Resolves to how many records go on. */
export async function resumeJobs(deps: Resumed): Promise<number> {
  const { db, queue, clock } = deps;
  const under = await db
    .selectFrom('record')
    .select('id')
    .where('state', 'in', ['received', 'probed', 'transcribed', 'redacted', 'classified', 'sealed'])
    .execute();
  const waiting = await db
    .selectFrom('record')
    .innerJoin('sealed_object', 'sealed_object.record_id', 'record.id')
    .select(['record.id', 'record.tier', 'record.archived_at'])
    .distinct()
    .where('record.state', '=', 'archived')
    .where('sealed_object.pool', '=', 'quarantine')
    .where('sealed_object.destroyed_at', 'is', null)
    .execute();
  const moving = await db.selectFrom('reclassification').select('record_id').execute();
  await db.transaction().execute(async (tx) => {
    for (const { id } of under) await queue.advance(tx, id as RecordId);
    for (const { id, tier, archived_at: at } of waiting) {
      await queue.destroyQuarantine(tx, id as RecordId, clock.now());
      if (tier !== 'sensitive') continue;
      const archived = (at ?? clock.now()).getTime();
      const later = new Date(archived + deps.sensitiveOriginalDays * DAY_MS);
      await queue.destroyQuarantine(tx, id as RecordId, later);
    }
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
