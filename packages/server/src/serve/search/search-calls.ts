import type { SearchHit, SearchQuery, SearchResult } from '@voxkeep/contract';
import type { RawBuilder } from 'kysely';
import type { RecordFacts } from '../../access/index.ts';
import type { IndexKeyring } from '../../core/blind-index.ts';
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

/** The redacted turns of calls, for those whose sealed fields hold only the first words. */
export type TranscriptTexts = (
  rows: { id: string; tier: Tier; startedAt: Date }[],
) => Promise<Map<string, string[]>>;

/** A line for the result table, before the policy has said whether it may be opened. */
export type FoundCall = Omit<SearchHit, 'canOpen' | 'refusal'> & {
  /** What the policy has to know of it. */
  facts: RecordFacts;
};

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
    keys: IndexKeyring;
    timeZone: string;
    openFields: FieldOpener;
    /** Asked for searches by text only; without it the fields' texts are all there is. */
    transcriptTexts?: TranscriptTexts;
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
  const asked = page.map(({ id, tier, fields, started_at }) => ({
    ...{ id, tier: tier as Tier, fields, startedAt: started_at },
  }));
  const { words } = conditions;
  const [opened, whole] = await Promise.all([
    input.openFields(asked),
    words.length === 0 ? undefined : input.transcriptTexts?.(asked),
  ]);
  const hits = page.flatMap((row) => {
    const fields = opened.get(row.id);
    const texts = whole?.get(row.id) ?? fields?.texts;
    // Hashes of 32 bits collide, and pairs may stand apart: the text itself settles it.
    if (texts !== undefined && !containsAll(texts, words)) return [];
    return [foundCall(row, fields, texts ?? [], words)];
  });
  const last = page.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  // A whole answer on one page has been settled, so it is counted exactly.
  const exact = !more && after === undefined ? { total: hits.length } : {};
  return {
    hits,
    ...counts,
    ...exact,
    ...(more ? { next: encodeCursor({ startedAt: last.started_at, id: last.id }) } : {}),
  };
}

function factsOf(row: PageRow): RecordFacts {
  const { case_actor_id: actorId, case_team_id: teamId } = row;
  return {
    ...{ id: row.id, tier: row.tier as Tier, startedAt: row.started_at },
    state: row.restricted ? 'restricted' : 'archived',
    agentIds: [...new Set([row.agent_id, ...row.leg_agent_ids])],
    issueType: row.issue_type,
    ...(row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.industry === null ? {} : { industry: row.industry }),
    ...(actorId === null ? {} : { case: { actorId } }),
    ...(teamId === null ? {} : { case: { teamId } }),
  };
}

function foundCall(
  row: PageRow,
  fields: CallFields | undefined,
  texts: string[],
  words: string[],
): FoundCall {
  const { snippet, marks } = snippetOf(texts, words);
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
    facts: factsOf(row),
    ...(row.team_id === null ? {} : { team: row.team_id }),
    ...(row.segment === null ? {} : { segment: row.segment }),
    ...(row.industry === null ? {} : { industry: row.industry }),
    ...(fields?.agentName === undefined ? {} : { agentName: fields.agentName }),
    ...(fields?.phoneMasked === undefined ? {} : { phoneMasked: fields.phoneMasked }),
    ...(snippet === '' ? {} : { snippet, marks }),
  };
}
