import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  EngagementsView,
  EngagementView,
  EvidencesView,
  ExternalFindingsView,
  SamplesView,
  SampleView,
} from '@voxkeep/contract';
import { ask } from './client.ts';

/** Engagements of outside auditors. Each look at one is a ledger entry: nothing of one is asked for by the clock. */
const ENGAGEMENTS = ['engagements'] as const;
export type EngagementPart = 'samples' | 'evidence' | 'findings';
const LIST_MS = 60_000;

/** Newest first, at most a hundred; to an outside auditor their own. */
export const engagementsQuery = queryOptions({
  queryKey: [...ENGAGEMENTS, 'list'],
  refetchInterval: LIST_MS,
  queryFn: ({ signal }) => ask<EngagementsView>('/engagements', { signal }),
});

export const engagementQuery = (id: string) =>
  queryOptions({
    queryKey: [...ENGAGEMENTS, 'view', id],
    queryFn: ({ signal }) => ask<EngagementView>(`/engagements/${id}`, { signal }),
  });

/** Newest first, without their calls. */
export const samplesQuery = (id: string) =>
  queryOptions({
    queryKey: [...ENGAGEMENTS, 'samples', id],
    queryFn: ({ signal }) => ask<SamplesView>(`/engagements/${id}/samples`, { signal }),
  });

/** One with its calls; what was drawn does not change any more. */
export const sampleQuery = (id: string, sampleId: string) =>
  queryOptions({
    queryKey: [...ENGAGEMENTS, 'sample', id, sampleId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => ask<SampleView>(`/engagements/${id}/samples/${sampleId}`, { signal }),
  });

export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: [...ENGAGEMENTS, 'evidence', id],
    queryFn: ({ signal }) => ask<EvidencesView>(`/engagements/${id}/evidence`, { signal }),
  });

export const externalFindingsQuery = (id: string) =>
  queryOptions({
    queryKey: [...ENGAGEMENTS, 'findings', id],
    queryFn: ({ signal }) => ask<ExternalFindingsView>(`/engagements/${id}/findings`, { signal }),
  });

/** What a change touched is read anew, and no more of the engagement. */
export async function readAnew(
  queries: QueryClient,
  id: string | undefined,
  part: EngagementPart | undefined,
): Promise<void> {
  const stale = [
    engagementsQuery.queryKey,
    ...(id === undefined ? [] : [engagementQuery(id).queryKey]),
    ...(id === undefined || part === undefined ? [] : [[...ENGAGEMENTS, part, id]]),
  ];
  await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
}
