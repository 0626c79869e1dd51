import { SearchQuery } from '@voxkeep/contract';
import type { FastifyRequest } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import { type Action, sqlCondition } from '../../access/index.ts';
import { MOST_RECORDS } from '../../access/requests/index.ts';
import type { Gate } from '../http/gate.ts';
import type { ServeDeps } from '../ports.ts';
import { searchCalls } from '../search/index.ts';

/**
 * The records that a search finds for this viewer at this moment, one more than a request may name at
 * most. Rejects as a search does.
 */
export async function foundIds(
  deps: ServeDeps,
  gate: Gate,
  request: FastifyRequest,
  filter: Omit<SearchQuery, 'cursor' | 'limit' | 'facets'>,
): Promise<string[]> {
  const viewer = await gate.allow(request, 'search');
  const actions: Action[] = filter.text === undefined ? ['search'] : ['search', 'read_transcript'];
  for (const action of actions) await gate.allow(request, action);
  const { clock, timeZone } = deps;
  const conditions = actions.map((one) => sqlCondition(viewer, one, clock.now(), timeZone));
  const found = await searchCalls(deps.db, {
    query: { ...filter, limit: MOST_RECORDS + 1, facets: 'false' },
    access: sql.join(conditions, sql` and `) as RawBuilder<boolean>,
    ...{ keys: deps.indexKeys, timeZone, openFields: deps.openFields },
  });
  return found.hits.map((hit) => hit.id);
}
