import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../../core/database.ts';
import type { SearchColumns } from '../../core/tables/catalog.ts';
import { allOf, type Conditions, hasTokens } from './build-conditions.ts';
import type { Cursor } from './cursor.ts';

export interface PageRow extends Selectable<SearchColumns> {
  fields: Buffer;
  case_actor_id: string | null;
  case_team_id: string | null;
  leg_agent_ids: string[];
}

const COLUMNS = sql`c.id, c.started_at, c.duration_s, c.tier, c.issue_type, c.agent_id, c.team_id,
  c.channel, c.direction, c.segment, c.industry, c.finding_count, c.restricted, c.fields,
  (select k.actor_id from record_case k where k.record_id = c.id) as case_actor_id,
  (select k.team_id from record_case k where k.record_id = c.id) as case_team_id,
  array(select l.agent_id from call_leg l where l.record_id = c.id) as leg_agent_ids`;
const NEWEST_FIRST = sql`order by c.started_at desc, c.id desc`;
/** The rows of `call` behind the keys of `m`. A lateral join keeps to one look-up a key. */
const CALLS_OF_M = sql`m cross join lateral (select * from call c
  where c.started_at = m.started_at and c.id = m.id offset 0) c`;
/** Newest calls to try before the text index is walked: common words fill a page from these. */
export const PROBE_ROWS = 3000;

/** Up to `limit` calls, newest first, after the cursor. */
export async function searchPage(
  db: Db,
  conditions: Conditions,
  limit: number,
  after: Cursor | undefined,
): Promise<PageRow[]> {
  const call = [...conditions.call, ...afterCursor(after)];
  const { tokens } = conditions;
  if (tokens === undefined) {
    const { rows } = await sql<PageRow>`select ${COLUMNS} from call c where ${allOf(call)}
      ${NEWEST_FIRST} limit ${limit}`.execute(db);
    return rows;
  }
  const probed = await probe(db, call, tokens, limit, conditions.few ? undefined : PROBE_ROWS);
  if (conditions.few || probed.length >= limit) return probed;
  return walkWindows(db, conditions, tokens, limit, after);
}

/** A row comparison alone does not prune partitions; the bound beside it does. */
function afterCursor(after: Cursor | undefined): RawBuilder<boolean>[] {
  if (after === undefined) return [];
  return [
    sql`c.started_at <= ${after.startedAt}`,
    sql`(c.started_at, c.id) < (${after.startedAt}, ${after.id}::uuid)`,
  ];
}

/** Looks through the newest calls that pass the filters, or all of them when they are few. */
async function probe(
  db: Db,
  call: RawBuilder<boolean>[],
  tokens: number[][],
  limit: number,
  newestRows: number | undefined,
): Promise<PageRow[]> {
  const { rows } = await sql<PageRow>`
    with newest as materialized (
      select c.started_at, c.id from call c where ${allOf(call)} ${NEWEST_FIRST}
      limit ${newestRows ?? null}
    ), m as materialized (
      select n.started_at, n.id from newest n cross join lateral (
        select t.tokens from call_text t where t.started_at = n.started_at and t.id = n.id offset 0
      ) t
      where ${hasTokens('t', tokens)}
      order by n.started_at desc, n.id desc limit ${limit}
    )
    select ${COLUMNS} from ${CALLS_OF_M} ${NEWEST_FIRST}`.execute(db);
  return rows;
}

/** Windows of 1, 2, 4 … months back from the newest, until the page is full or time runs out. */
async function walkWindows(
  db: Db,
  conditions: Conditions,
  tokens: number[][],
  limit: number,
  after: Cursor | undefined,
): Promise<PageRow[]> {
  const span = await timeSpan(db);
  if (span === undefined) return [];
  const lowest = later(conditions.from, span.first);
  const text = allOf([...conditions.text, ...afterCursor(after)]);
  const found: PageRow[] = [];
  let end = earlier(after && new Date(after.startedAt.getTime() + 1), conditions.to, span.end);
  for (let months = 1; end > lowest && found.length < limit; months *= 2) {
    const start = later(monthsBefore(end, months), lowest);
    const { rows } = await sql<PageRow>`
      with t as materialized (
        select c.started_at, c.id from call_text c
        where ${hasTokens('c', tokens)} and c.started_at >= ${start} and c.started_at < ${end}
          and ${text}
      ), m as materialized (
        select * from t order by started_at desc, id desc limit ${limit - found.length}
      )
      select ${COLUMNS} from ${CALLS_OF_M} ${NEWEST_FIRST}`.execute(db);
    found.push(...rows);
    end = start;
  }
  return found;
}

async function timeSpan(db: Db): Promise<{ first: Date; end: Date } | undefined> {
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`
    select (select started_at from call order by started_at limit 1) as first,
      (select started_at from call order by started_at desc limit 1) as last`.execute(db);
  const { first, last } = rows[0] ?? { first: null, last: null };
  if (first === null || last === null) return undefined;
  return { first, end: new Date(last.getTime() + 1) };
}

/** The beginning of a month, as the partitions have them, so that no window cuts one in two. */
function monthsBefore(end: Date, months: number): Date {
  const last = new Date(end.getTime() - 1);
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() - months + 1, 1));
}

const later = (a: Date | undefined, b: Date): Date => (a !== undefined && a > b ? a : b);
const earlier = (...dates: (Date | undefined)[]): Date =>
  new Date(Math.min(...dates.filter((date) => date !== undefined).map(Number)));
