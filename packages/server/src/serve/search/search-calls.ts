import type { SearchHit, SearchQuery, SearchResult } from '@voxkeep/contract';
import type { RawBuilder } from 'kysely';
import type { IndexKeys } from '../../core/blind-index.ts';
import type { Db } from '../../core/database.ts';
import type { Tier } from '../../record/vocabulary.ts';
import { buildConditions } from './build-conditions.ts';
import { countFacets, countMatches } from './count-and-facets.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type PageRow, searchPage } from './search-page.ts';
import { containsAll, snippetOf } from './snippet.ts';

/** What a catalog row holds sealed for the result table; texts are the redacted turns. */
export interface CallFields {
  agentName?: string;
  phoneMasked?: string;
  texts: string[];
}

/** Opens the sealed fields of a page; a row that does not open is absent from the answer. */
export type FieldOpener = (
  rows: { id: string; tier: Tier; fields: Buffer }[],
) => Promise<Map<string, CallFields>>;

/** A line for the result table, before the policy has said whether it may be opened. */
export type FoundCall = Omit<SearchHit, 'canOpen' | 'refusal'> & { agentIds: string[] };

/**
 * One page of calls, newest first, with capped total and facets when asked. Access limits are part
 * of the SQL of rows, total and facets alike. A text match is settled on the opened redacted text
 * of the shown page. Rejects with SEARCH_QUERY_INVALID, SEARCH_TEXT_TOO_SHORT, CURSOR_INVALID.
 */
export async function searchCalls(
  db: Db,
  input: {
    query: SearchQuery;
    /** Over `call c`. */
    access: RawBuilder<boolean>;
    keys: IndexKeys;
    timeZone: string;
    openFields: FieldOpener;
  },
): Promise<Omit<SearchResult, 'hits' | 'took' | 'scope'> & { hits: FoundCall[] }> {
  const { query, keys } = input;
  const conditions = buildConditions(query, input.access, keys, input.timeZone);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const counting =
    query.facets === 'true' ? countFacets(db, conditions) : countMatches(db, conditions);
  // Both run at once; a failed page must not leave the other's failure unheard.
  const [rows, counts] = await Promise.all([
    searchPage(db, conditions, query.limit + 1, after),
    counting,
  ]);
  const page = rows.slice(0, query.limit);
  const opened = await input.openFields(
    page.map(({ id, tier, fields }) => ({ id, tier: tier as Tier, fields })),
  );
  const hits = page
    .filter((row) => {
      const texts = opened.get(row.id)?.texts;
      return texts === undefined || containsAll(texts, conditions.phrases);
    })
    .map((row) => foundCall(row, opened.get(row.id), conditions.phrases));
  const last = page.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return {
    hits,
    ...counts,
    ...(more ? { next: encodeCursor({ startedAt: last.started_at, id: last.id }) } : {}),
  };
}

function foundCall(row: PageRow, fields: CallFields | undefined, phrases: string[]): FoundCall {
  const { snippet, marks } = snippetOf(fields?.texts ?? [], phrases);
  return {
    id: row.id,
    startedAt: row.started_at.toISOString(),
    durationS: row.duration_s,
    tier: row.tier as Tier,
    issueType: row.issue_type,
    channel: row.channel as FoundCall['channel'],
    direction: row.direction as FoundCall['direction'],
    agentId: row.agent_id,
    findingCount: row.finding_count,
    agentIds: [...new Set([row.agent_id, ...row.leg_agent_ids])],
    ...(row.team_id === null ? {} : { team: row.team_id }),
    ...(row.segment === null ? {} : { segment: row.segment }),
    ...(row.industry === null ? {} : { industry: row.industry }),
    ...(fields?.agentName === undefined ? {} : { agentName: fields.agentName }),
    ...(fields?.phoneMasked === undefined ? {} : { phoneMasked: fields.phoneMasked }),
    ...(snippet === '' ? {} : { snippet, marks }),
  };
}
