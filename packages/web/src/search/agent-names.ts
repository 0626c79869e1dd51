import type { SearchHit } from '@voxkeep/contract';

/** Agent id → name, as far as calls that were shown have told. */
export type AgentNames = ReadonlyMap<string, string>;

/** Names lie sealed in each call, so the menus learn them from the rows on the screen. */
let known: AgentNames = new Map();

/** The names known so far with those of these rows; the same map while nothing is new. */
export function learnAgentNames(hits: readonly SearchHit[]): AgentNames {
  const fresh = hits.filter(
    ({ agentId, agentName }) => agentName !== undefined && known.get(agentId) !== agentName,
  );
  if (fresh.length > 0) {
    known = new Map([...known, ...fresh.map((hit) => [hit.agentId, hit.agentName ?? ''] as const)]);
  }
  return known;
}

/** 许嘉宁 002, or the id alone. */
export function nameAgent(id: string, names: AgentNames): string {
  const name = names.get(id);
  return name === undefined || name.includes(id) ? (name ?? id) : `${name} ${id}`;
}
