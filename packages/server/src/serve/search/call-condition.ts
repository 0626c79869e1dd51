import type { SearchQuery } from '@voxkeep/contract';
import { type RawBuilder, sql } from 'kysely';
import type { IndexKeyring } from '../../core/blind-index.ts';
import { allOf, buildConditions, hasTokens } from './build-conditions.ts';

/**
 * Whether a search finds a call, over `call c`, without limits of access. A text is looked for by its hashed
 * words alone, so that it finds rather more. Rejects with SEARCH_QUERY_INVALID or SEARCH_TEXT_TOO_SHORT
 * naming the field.
 */
export function callCondition(
  query: Omit<SearchQuery, 'cursor' | 'limit' | 'facets'>,
  keys: IndexKeyring,
  timeZone: string,
): RawBuilder<boolean> {
  const whole = { ...query, limit: 1, facets: 'false' as const };
  const { call, tokens } = buildConditions(whole, sql`true`, keys, timeZone);
  if (tokens === undefined) return allOf(call);
  return sql`${allOf(call)} and exists (select from call_text t
    where t.started_at = c.started_at and t.id = c.id and ${hasTokens('t', tokens)})`;
}
