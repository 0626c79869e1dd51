import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  AskedWaitsView,
  DisposalRunsView,
  DueView,
  HoldCandidates,
  HoldNotice,
  HoldRecords,
  HoldState,
  HoldsView,
  HoldView,
  RetentionRulesText,
  RetentionRulesView,
  SearchResult,
  SubjectRequestsView,
} from '@voxkeep/contract';
import type { Filters } from '../search/filters.ts';
import { ask } from './client.ts';

/** Rules: everything below this key changes when others come into force. */
export const RULES = ['retention-rules'] as const;
/** Holds: each look is a ledger entry, so nothing of them is asked for by the clock but what goes on. */
export const HOLDS = ['holds'] as const;
const GOING_ON_MS = 2000;
const HOLD_GOES_ON_MS = 5000;
const AT_REST_MS = 60_000;
const RECORDS_A_PAGE = 100;
/** Of runs and of requests that an overview counts. */
const MOST_COUNTED = 100;

/** What may go today, and what is overdue, held and restricted. */
export const dueQuery = queryOptions({
  queryKey: ['compliance', 'due'],
  refetchInterval: AT_REST_MS,
  queryFn: ({ signal }) => ask<DueView>('/disposals/due', { signal }),
});

/** Lists that wait for approvals. */
export const proposedRunsQuery = queryOptions({
  queryKey: ['compliance', 'proposed-runs'],
  refetchInterval: AT_REST_MS,
  queryFn: ({ signal }) =>
    ask<DisposalRunsView>('/disposals/runs', {
      query: { state: 'proposed', limit: MOST_COUNTED },
      signal,
    }),
});

/** Requests of persons that are not answered, the nearest deadline first. */
export const openRequestsQuery = queryOptions({
  queryKey: ['compliance', 'open-requests'],
  refetchInterval: AT_REST_MS,
  queryFn: ({ signal }) =>
    ask<SubjectRequestsView>('/subject-requests', {
      query: { box: 'due', limit: MOST_COUNTED },
      signal,
    }),
});

/** Originals that somebody wants to be kept for longer. */
export const askedWaitsQuery = queryOptions({
  queryKey: ['compliance', 'original-waits'],
  refetchInterval: AT_REST_MS,
  queryFn: ({ signal }) => ask<AskedWaitsView>('/original-waits', { signal }),
});

/** Asked again every other second while rules are being carried to every record. */
export const rulesQuery = queryOptions({
  queryKey: [...RULES, 'view'],
  refetchInterval: ({ state }: { state: { data?: RetentionRulesView | undefined } }) => {
    const { data } = state;
    return data !== undefined && data.inForce.endedAt === undefined ? GOING_ON_MS : AT_REST_MS;
  },
  queryFn: ({ signal }) => ask<RetentionRulesView>('/retention/rules', { signal }),
});

/** Rules that were ever in force; they do not change any more. */
export const rulesTextQuery = (number: number) =>
  queryOptions({
    queryKey: [...RULES, 'text', number],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => ask<RetentionRulesText>(`/retention/rules/${number}`, { signal }),
  });

/** Newest first; pages by the last id. */
export const holdsQuery = (state: HoldState | 'all') =>
  infiniteQueryOptions({
    queryKey: [...HOLDS, 'list', state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<HoldsView>('/holds', { query: { state, before: pageParam }, signal }),
    getNextPageParam: (last) => last.next,
  });

/** Asked again while its search is being walked, and while a release lets its records go. */
export const holdQuery = (id: string) =>
  queryOptions({
    queryKey: [...HOLDS, 'one', id],
    refetchInterval: ({ state }: { state: { data?: HoldView | undefined } }) => {
      const { data } = state;
      if (data === undefined) return false;
      const letsGo = data.state === 'released' && data.records > 0;
      return data.walking || letsGo ? HOLD_GOES_ON_MS : false;
    },
    queryFn: ({ signal }) => ask<HoldView>(`/holds/${id}`, { signal }),
  });

/** Oldest first; `count` is how many there are, so that a list is read anew when more were caught. */
export const holdRecordsQuery = (id: string, count: number) =>
  infiniteQueryOptions({
    queryKey: [...HOLDS, 'one', id, 'records', count],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<HoldRecords>(`/holds/${id}/records`, {
        query: { after: pageParam, limit: RECORDS_A_PAGE },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/** Who can be told of a hold. */
export const candidatesQuery = queryOptions({
  queryKey: [...HOLDS, 'custodians'],
  staleTime: 300_000,
  queryFn: async ({ signal }) =>
    (await ask<HoldCandidates>('/holds/custodians', { signal })).people,
});

/** What a custodian is told. */
export const holdNoticeQuery = (id: string) =>
  queryOptions({
    queryKey: [...HOLDS, 'notice', id],
    queryFn: ({ signal }) => ask<HoldNotice>(`/holds/${id}/notice`, { signal }),
  });

/** How many records a search finds now. Each count is a search on the ledger. */
export const reachQuery = (filters: Filters) =>
  queryOptions({
    queryKey: [...HOLDS, 'reach', filters],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      ask<SearchResult>('/records', { query: { ...filters, limit: 1, facets: 'true' }, signal }),
  });
