import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../../core/database.ts';
import type { Tier } from '../../record/vocabulary.ts';
import type { DisposalGround } from '../may-dispose.ts';

/** A record that may go, as rows have it now: what is true is decided when it goes. */
export interface DueRecord {
  recordId: string;
  tier: Tier;
  ground: DisposalGround;
  rule: string;
  /** 'YYYY-MM-DD' */
  keepUntil: string;
}

/**
 * Records that are due on `today`: their minimum is over, no hold is on them, and a person's erasure, a closed
 * account, their maximum or the house's policy lets them go. By id, `after` one where it is given. Those that a
 * living run has already are left out.
 */
export async function dueRecords(
  db: Queryable,
  today: string,
  { limit, after, among }: { limit: number; after?: string; among?: readonly string[] },
): Promise<DueRecord[]> {
  const { rows } = await sql<DueRecord>`
    select t.record_id as "recordId", r.tier, t.rule, t.keep_until as "keepUntil",
      ${groundOf(today)} as ground
    ${dueOn(today)}
      ${after === undefined ? sql`` : sql`and t.record_id > ${after}`}
      ${among === undefined ? sql`` : sql`and t.record_id = any(${[...among]}::uuid[])`}
    order by t.record_id limit ${limit}`.execute(db);
  return rows;
}

export interface DueCount {
  ground: DisposalGround;
  rule: string;
  tier: Tier;
  records: number;
}

/** How many are due, by why and by which rule. */
export async function countDue(db: Queryable, today: string): Promise<DueCount[]> {
  const { rows } = await sql<DueCount>`
    select g.ground, g.rule, g.tier, count(*)::int as records from (
      select ${groundOf(today)} as ground, t.rule, r.tier ${dueOn(today)}) g
    group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows;
}

/** What the list of what is due does not say: records past their maximum, held and restricted ones. */
export async function countKept(
  db: Queryable,
  today: string,
): Promise<{ overdue: number; held: number; restricted: number }> {
  const { rows } = await sql<{ overdue: number; held: number; restricted: number }>`
    select (select count(*)::int from record_term t join record r on r.id = t.record_id
        where t.at_most <= ${today}::date and not t.open_ended
          and r.state in ('archived', 'restricted')
          and not exists (select from held_record h where h.record_id = t.record_id)) as overdue,
      (select count(distinct record_id)::int from held_record) as held,
      (select count(distinct x.record_id)::int from record_restriction x
        join record r on r.id = x.record_id where r.state = 'restricted') as restricted`.execute(
    db,
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('a count has a row');
  return counts;
}

const restrictedBy = (kind: 'erasure' | 'closure') => sql`exists (
  select from record_restriction x where x.record_id = t.record_id and x.kind = ${kind}
    and not exists (select from subject_request q where q.id = x.cause_id and q.state = 'withdrawn'))`;

const groundOf = (today: string): RawBuilder<unknown> => sql`case
  when ${restrictedBy('erasure')} then 'erasure'
  when ${restrictedBy('closure')} then 'closure'
  when t.at_most <= ${today}::date then 'maximum' else 'policy' end`;

/** Ranges of indexes first, since what is due is little of what there is. */
const dueOn = (today: string): RawBuilder<unknown> => sql`
  from (
    select record_id from record_term where due_on <= ${today}::date
    union select record_id from record_term where at_most <= ${today}::date
    union select x.record_id from record_restriction x where not exists (
      select from subject_request q where q.id = x.cause_id and q.state = 'withdrawn')) d
  join record_term t on t.record_id = d.record_id
  join record r on r.id = t.record_id
  where not t.open_ended and t.keep_until <= ${today}::date
    and r.state in ('archived', 'restricted')
    and not exists (select from held_record h where h.record_id = t.record_id)
    and not exists (select from disposal_item i join disposal_run n on n.id = i.run_id
      where i.record_id = t.record_id and i.state = 'planned'
        and n.state in ('proposed', 'approved', 'running', 'paused'))`;
