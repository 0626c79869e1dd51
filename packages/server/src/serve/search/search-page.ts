import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../core/database.ts';
import { allOf, type Conditions } from './build-conditions.ts';
import type { Cursor } from './cursor.ts';

export interface PageRow {
  id: string;
  started_at: Date;
  duration_s: number;
  tier: string;
  issue_type: string;
  agent_id: string;
  team_id: string | null;
  channel: string;
  direction: string;
  segment: string | null;
  industry: string | null;
  finding_count: number;
  fields: Buffer;
  leg_agent_ids: string[];
}

const COLUMNS = sql`c.id, c.started_at, c.duration_s, c.tier, c.issue_type, c.agent_id, c.team_id,
  c.channel, c.direction, c.segment, c.industry, c.finding_count, c.fields,
  array(select l.agent_id from call_leg l where l.record_id = c.id) as leg_agent_ids`;
const NEWEST_FIRST = sql`order by c.started_at desc, c.id desc`;
/** Newest calls to try before the text index is walked: common words fill a page from these. */
const PROBE_ROWS = 3000;

/** Up to `limit` calls, newest first, after the cursor. */
export async function searchPage(
  db: Db,
  conditions: Conditions,
  limit: number,
  after: Cursor | undefined,
): Promise<PageRow[]> {
  const call = [...conditions.call, ...afterCursor('c', after)];
  if (conditions.tokens === undefined) {
    const { rows } = await sql<PageRow>`select ${COLUMNS} from call c where ${allOf(call)}
      ${NEWEST_FIRST} limit ${limit}`.execute(db);
    return rows;
  }
  const newest = await probeNewest(db, call, conditions.tokens, limit);
  if (newest.length >= limit) return newest;
  return walkWindows(db, conditions, conditions.tokens, limit, after);
}

/** A row comparison alone does not prune partitions; the bound beside it does. */
function afterCursor(alias: string, after: Cursor | undefined): RawBuilder<boolean>[] {
  if (after === undefined) return [];
  const startedAt = sql.ref(`${alias}.started_at`);
  return [
    sql`${startedAt} <= ${after.startedAt}`,
    sql`(${startedAt}, ${sql.ref(`${alias}.id`)}) < (${after.startedAt}, ${after.id}::uuid)`,
  ];
}

async function probeNewest(
  db: Db,
  call: RawBuilder<boolean>[],
  tokens: number[],
  limit: number,
): Promise<PageRow[]> {
  const { rows } = await sql<PageRow>`
    with newest as materialized (
      select c.started_at, c.id from call c where ${allOf(call)} ${NEWEST_FIRST}
      limit ${PROBE_ROWS}
    ), matching as materialized (
      select n.started_at, n.id from newest n
      join call_text t on t.started_at = n.started_at and t.id = n.id
      where t.tokens @> ${tokens}::int4[]
      order by n.started_at desc, n.id desc limit ${limit}
    )
    select ${COLUMNS} from matching m
    join call c on c.started_at = m.started_at and c.id = m.id ${NEWEST_FIRST}`.execute(db);
  return rows;
}

/** Windows of 1, 2, 4 … months back from the newest, until the page is full or time runs out. */
async function walkWindows(
  db: Db,
  conditions: Conditions,
  tokens: number[],
  limit: number,
  after: Cursor | undefined,
): Promise<PageRow[]> {
  const span = await timeSpan(db);
  if (span === undefined) return [];
  const lowest = later(conditions.from, span.first);
  const call = allOf([...conditions.call, ...afterCursor('c', after)]);
  const text = allOf([...conditions.text, ...afterCursor('t', after)]);
  const pages: PageRow[] = [];
  let end = earlier(after && new Date(after.startedAt.getTime() + 1), conditions.to, span.end);
  for (let months = 1; end > lowest && pages.length < limit; months *= 2) {
    const start = later(monthsBefore(end, months), lowest);
    const { rows } = await sql<PageRow>`
      with m as materialized (
        select t.started_at, t.id from call_text t
        where t.tokens @> ${tokens}::int4[] and t.started_at >= ${start} and t.started_at < ${end}
          and ${text}
      )
      select ${COLUMNS} from m join call c on c.started_at = m.started_at and c.id = m.id
      where c.started_at >= ${start} and c.started_at < ${end} and ${call}
      ${NEWEST_FIRST} limit ${limit - pages.length}`.execute(db);
    pages.push(...rows);
    end = start;
  }
  return pages;
}

async function timeSpan(db: Db): Promise<{ first: Date; end: Date } | undefined> {
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`
    select (select started_at from call order by started_at limit 1) as first,
      (select started_at from call order by started_at desc limit 1) as last`.execute(db);
  const { first, last } = rows[0] ?? { first: null, last: null };
  if (first === null || last === null) return undefined;
  return { first, end: new Date(last.getTime() + 1) };
}

function monthsBefore(date: Date, months: number): Date {
  const start = new Date(date);
  start.setUTCMonth(start.getUTCMonth() - months);
  return start;
}

const later = (a: Date | undefined, b: Date): Date => (a !== undefined && a > b ? a : b);
const earlier = (...dates: (Date | undefined)[]): Date =>
  new Date(Math.min(...dates.filter((date) => date !== undefined).map(Number)));
