import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  AuditFindingState,
  AuditFindingsPage,
  AuditRunDetail,
  AuditsView,
  AuditTrend,
} from '@voxkeep/contract';
import { ask } from './client.ts';

/** Everything below this key changes with a run, a re-test or an acceptance. */
export const AUDITS = ['audits'] as const;
const GOING_ON_MS = 2000;
const AT_REST_MS = 60_000;

/** Asked again every other second while an audit goes on. */
export const auditsQuery = queryOptions({
  queryKey: [...AUDITS, 'list'],
  refetchInterval: ({ state }: { state: { data?: AuditsView | undefined } }) => {
    const goesOn = state.data?.runs.some(({ outcome }) => outcome === undefined) ?? false;
    return goesOn ? GOING_ON_MS : AT_REST_MS;
  },
  queryFn: ({ signal }) => ask<AuditsView>('/audits', { signal }),
});

export const auditTrendQuery = queryOptions({
  queryKey: [...AUDITS, 'trend'],
  queryFn: ({ signal }) => ask<AuditTrend>('/audits/trend', { query: { months: 24 }, signal }),
});

export const auditQuery = (id: string) =>
  queryOptions({
    queryKey: [...AUDITS, 'one', id],
    refetchInterval: ({ state }: { state: { data?: AuditRunDetail | undefined } }) =>
      state.data?.outcome === undefined ? GOING_ON_MS : false,
    queryFn: ({ signal }) => ask<AuditRunDetail>(`/audits/${id}`, { signal }),
  });

/** What one check found, page by page. */
export const auditFindingsQuery = (
  id: string,
  check: string,
  state: AuditFindingState | undefined,
) =>
  infiniteQueryOptions({
    queryKey: [...AUDITS, 'one', id, check, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<AuditFindingsPage>(`/audits/${id}/findings`, {
        query: { check, state, after: pageParam },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });
