import { sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import type { GrantedRecord } from '../../record/grant.ts';
import type { Tier } from '../../record/vocabulary.ts';
import { requestError } from './request-error.ts';

export const MOST_RECORDS = 500;

/**
 * Records as they are now, by id and without twins. Rejects with REQUEST_EMPTY, REQUEST_TOO_LARGE and,
 * naming the place in the list, RECORD_UNKNOWN or RECORD_NOT_READY.
 */
export async function askedRecords(
  db: Queryable,
  ids: readonly string[],
): Promise<GrantedRecord[]> {
  const asked = [...new Set(ids)].sort();
  if (asked.length === 0) throw requestError('REQUEST_EMPTY', 'no record is asked for', 'body');
  if (asked.length > MOST_RECORDS) {
    const message = `at most ${MOST_RECORDS} records in one request, not ${asked.length}`;
    throw requestError('REQUEST_TOO_LARGE', message, 'body');
  }
  const { rows } = await sql<{ id: string; state: string; tier: string; started_at: Date }>`
    select r.id, r.state, r.started_at, coalesce(c.tier, r.tier, 'sensitive') as tier
    from record r left join call c on c.id = r.id and c.started_at = r.started_at
    where r.id = any(${asked.filter(isUuid)}::uuid[])`.execute(db);
  const found = new Map(rows.map((row) => [row.id, row]));
  return asked.map((id) => {
    const row = found.get(id);
    const field = `body/recordIds/${ids.indexOf(id)}`;
    if (row === undefined || row.state === 'disposed') {
      throw new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field });
    }
    if (!['archived', 'restricted', 'quarantined'].includes(row.state)) {
      throw new ArchiveError('RECORD_NOT_READY', `the record is ${row.state}`, { field });
    }
    return { id, tier: row.tier as Tier, startedAt: row.started_at.toISOString() };
  });
}

/** Whether one of the person's accounts was an agent on a leg of one of the records. */
export async function hasHandled(
  db: Queryable,
  person: string,
  records: readonly GrantedRecord[],
): Promise<boolean> {
  const { rows } = await sql`
    with agents as (
      select agent_id from staff where person_ref = ${person} and agent_id is not null)
    select 1 from call_leg l join agents a on a.agent_id = l.agent_id
    where l.record_id = any(${records.map((one) => one.id)}::uuid[])
    union all
    select 1 from call c join agents a on a.agent_id = c.agent_id
    where c.id = any(${records.map((one) => one.id)}::uuid[])
      and c.started_at = any(${records.map((one) => one.startedAt)}::timestamptz[])
    limit 1`.execute(db);
  return rows.length > 0;
}
