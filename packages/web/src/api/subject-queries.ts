import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  ClosuresView,
  SubjectKind,
  SubjectRecordsView,
  SubjectRequestDetail,
  SubjectRequestsQuery,
  SubjectRequestsView,
} from '@voxkeep/contract';
import { ask } from './client.ts';

/** Everything below this key changes with what is entered or decided. */
export const SUBJECTS = ['subjects'] as const;
const GOING_ON_MS = 2000;
const LIST_MS = 15_000;
/** The boxes that are sorted by deadline come whole, up to this. */
const MOST = 200;

export interface SubjectFilter {
  box: SubjectRequestsQuery['box'];
  kind?: SubjectKind | undefined;
}

/** By deadline; all of them newest first, in pages. */
export const subjectsQuery = ({ box, kind }: SubjectFilter) =>
  infiniteQueryOptions({
    queryKey: [...SUBJECTS, 'list', box, kind ?? ''],
    refetchInterval: LIST_MS,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<SubjectRequestsView>('/subject-requests', {
        query: { box, kind, before: pageParam, ...(box === 'all' ? {} : { limit: MOST }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/**
 * Requests of a kind that are under way. How far one is is asked here: opening it would stand in the
 * ledger each time.
 */
export const underWayQuery = (kind: SubjectKind) =>
  queryOptions({
    queryKey: [...SUBJECTS, 'under-way', kind],
    ...{ gcTime: 0, refetchInterval: GOING_ON_MS },
    queryFn: ({ signal }) =>
      ask<SubjectRequestsView>('/subject-requests', {
        query: { kind, state: 'granted', limit: MOST },
        signal,
      }),
  });

/** One request with what lies sealed. Each look is a ledger entry: no refetching. */
export const subjectQuery = (id: string) =>
  queryOptions({
    queryKey: [...SUBJECTS, 'one', id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => ask<SubjectRequestDetail>(`/subject-requests/${id}`, { signal }),
  });

/**
 * The person's records, and what becomes of each, read anew when the request comes to another state. A
 * ledger entry each time, too.
 */
export const subjectRecordsQuery = ({ id, state }: Pick<SubjectRequestDetail, 'id' | 'state'>) =>
  infiniteQueryOptions({
    queryKey: [...SUBJECTS, 'one', id, 'records', state],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<SubjectRecordsView>(`/subject-requests/${id}/records`, {
        query: { after: pageParam },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/** Closed accounts, newest first. */
export const closuresQuery = infiniteQueryOptions({
  queryKey: [...SUBJECTS, 'closures'],
  refetchInterval: LIST_MS,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    ask<ClosuresView>('/account-closures', { query: { before: pageParam }, signal }),
  getNextPageParam: (last) => last.next,
});
