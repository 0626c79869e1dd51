import { sql } from 'kysely';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Tx } from '../../core/database.ts';
import type { RecordId } from '../../core/ids.ts';
import { recordRow } from '../record-row.ts';
import type { DisposalDeps } from './deps.ts';
import { emptyRows } from './dispose-record.ts';
import { takeObjects } from './take-objects.ts';

type Ends = Pick<DisposalDeps, 'db' | 'clock' | 'audit' | 'siteNames' | 'epoch'>;

/** Records at once: what they are held against may be a year of disposals. */
const BATCH = 200;

/**
 * Ends in this catalog what the ledger says has ended: a catalog that was rebuilt from a site that was away has
 * records and objects that were destroyed since, and the entries of that came back from another site. To be done before
 * anything of a record is used. The sites are told as of any disposal. May be run again. Resolves to how many records
 * and single objects ended.
 */
export async function disposeAsLogged(deps: Ends): Promise<number> {
  let ended = 0;
  for (;;) {
    const records = await recordsThatEnded(deps);
    for (const one of records) ended += await endRecord(deps, one);
    if (records.length < BATCH) break;
  }
  for (;;) {
    const objects = await objectsThatEnded(deps);
    for (const id of objects) await endObject(deps, id);
    ended += objects.length;
    if (objects.length < BATCH) return ended;
  }
}

interface Logged {
  record_id: string;
  at: Date;
  detail: Record<string, string | number | boolean>;
}

/** Only entries that were read back from a site: this catalog did not write them. */
async function recordsThatEnded({ db }: Ends): Promise<Logged[]> {
  const { rows } = await sql<Logged>`
    select distinct on (r.id) r.id as record_id, l.at, l.detail
    from ledger_entry l join record r on r.id = l.resource::uuid
    where l.action = 'record.dispose' and l.outcome = 'ok' and l.outbox_id is null
      and r.state <> 'disposed'
    order by r.id, l.index limit ${BATCH}`.execute(db);
  return rows;
}

async function endRecord(deps: Ends, { record_id, at, detail }: Logged): Promise<number> {
  return deps.db.transaction().execute(async (tx) => {
    const row = await recordRow(tx, record_id as RecordId, true);
    if (row.state === 'disposed') return 0;
    const now = deps.clock.now();
    const objects = await takeObjects(deps, tx, record_id, now);
    await emptyRows(tx, row, at);
    await noteDisposal(deps, tx, { record_id, at, detail }, objects);
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'record.redispose', resource: record_id, outcome: 'ok' },
      detail: { objects: objects.length },
    });
    return 1;
  });
}

/** What was written in full then is lost with the catalog that had it: the digest says which it was. */
async function noteDisposal(
  deps: Ends,
  tx: Tx,
  { record_id, at, detail }: Logged,
  objects: unknown[],
): Promise<void> {
  const word = (name: string, otherwise: string) => String(detail[name] ?? otherwise);
  const rows = {
    ...{ record_id, run_id: word('run', record_id), how: word('how', 'delete') },
    ...{ ground: word('ground', 'policy'), rule: word('rule', ''), clause: '' },
    ...{ keep_until: word('keepUntil', at.toISOString().slice(0, 10)), disposed_at: at },
    ...{ epoch: deps.epoch(), digest: word('digest', '') },
    facts: canonicalJson({ format: 'voxkeep/disposal-again/v1', recordId: record_id, objects }),
  };
  await tx
    .insertInto('disposal')
    .values(rows)
    .onConflict((conflict) => conflict.column('record_id').doNothing())
    .execute();
}

/** Originals whose time was over, and what moved to another pool. */
async function objectsThatEnded({ db }: Ends): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct o.id from ledger_entry l join sealed_object o on o.id = (l.detail->>'object')::uuid
    where l.action = 'object.destroy' and l.outcome = 'ok' and l.outbox_id is null
      and o.destroyed_at is null
    order by o.id limit ${BATCH}`.execute(db);
  return rows.map(({ id }) => id);
}

async function endObject({ db, clock, siteNames }: Ends, id: string): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('sealed_object').set({ destroyed_at: now }).where('id', '=', id).execute();
    for (const table of ['object_copy', 'pending_copy', 'copy_fault'] as const) {
      await tx.deleteFrom(table).where('object_id', '=', id).execute();
    }
    await sql`insert into pending_destruction (object_id, site, record_id, pool, not_before)
      select o.id, s.site, o.record_id, o.pool, ${now}
      from sealed_object o cross join unnest(${[...siteNames]}::text[]) s(site)
      where o.id = ${id}::uuid on conflict do nothing`.execute(tx);
  });
}
