import type { Facets, SearchHit } from '@voxkeep/contract';
import { CALLS, hitOf } from './fake-records.ts';

/** What the stand-in archive finds. */
export function search(query: URLSearchParams): unknown {
  const started = performance.now();
  const text = query.get('text') ?? undefined;
  const lists = {
    tier: 'tier',
    issueType: 'issueType',
    agent: 'agentId',
    team: 'team',
    segment: 'segment',
  } as const;
  const fits = (hit: SearchHit) =>
    Object.entries(lists).every(([name, field]) => {
      const wanted = query.getAll(name);
      return wanted.length === 0 || wanted.includes(hit[field] ?? '');
    }) &&
    (query.get('channel') ?? hit.channel) === hit.channel &&
    (!query.has('phone') ||
      hit.phoneMasked?.endsWith((query.get('phone') ?? '').slice(-4)) === true) &&
    (!query.has('from') || hit.startedAt.slice(0, 10) >= (query.get('from') ?? '')) &&
    (!query.has('to') || hit.startedAt.slice(0, 10) <= (query.get('to') ?? '')) &&
    (text === undefined || (hit.marks ?? []).length > 0);
  const all = Array.from({ length: CALLS }, (_, n) => hitOf(n, text)).filter(fits);
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  const facet = (of: (hit: SearchHit) => string | undefined) => {
    const counts = new Map<string, number>();
    for (const hit of all) counts.set(of(hit) ?? '', (counts.get(of(hit) ?? '') ?? 0) + 1);
    return [...counts]
      .map(([value, count]) => ({ value, count: Math.min(count, 10_000) }))
      .sort((a, b) => b.count - a.count);
  };
  const facets: Facets = {
    tier: facet((hit) => hit.tier),
    issueType: facet((hit) => hit.issueType),
    agent: facet((hit) => hit.agentId),
    team: facet((hit) => hit.team),
    channel: facet((hit) => hit.channel),
    segment: facet((hit) => hit.segment),
  };
  return {
    hits: all.slice(from, from + limit),
    total: Math.min(all.length, 10_000),
    totalCapped: all.length > 10_000,
    ...(query.get('facets') === 'true' ? { facets } : {}),
    ...(from + limit < all.length ? { next: String(from + limit) } : {}),
    took: performance.now() - started,
    scope: 'qa.every-record-redacted',
  };
}
