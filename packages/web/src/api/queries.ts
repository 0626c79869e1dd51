import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  AccountView,
  ApiScope,
  DropView,
  JobsView,
  PeaksView,
  RecordStatus,
  RecordView,
  SavedFilter,
  SearchResult,
  SessionsView,
  SessionView,
  SiteFaults,
  SiteHistory,
  SitesView,
  SystemStatus,
  Trail,
  TranscriptView,
  Vocabulary,
} from '@voxkeep/contract';
import type { Filters } from '../search/filters.ts';
import { ApiProblem, ask } from './client.ts';

export const PAGE_ROWS = 100;

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    try {
      return await ask<SessionView>('/session', { signal });
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.status === 401) return null;
      throw error;
    }
  },
});

/** Set when a change of the password has just ended the session: the sign-in page says so. */
export const PASSWORD_CHANGED = ['password-changed'] as const;

/** Newest first; facets come with the first page only. Each page is a ledger entry: no refetching. */
export const searchQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['search', filters],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<SearchResult>('/records', {
        query: {
          ...filters,
          limit: PAGE_ROWS,
          ...(pageParam === undefined ? { facets: 'true' } : { cursor: pageParam }),
        },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

export const vocabularyQuery = queryOptions({
  queryKey: ['vocabulary'],
  staleTime: 300_000,
  queryFn: ({ signal }) => ask<Vocabulary>('/vocabulary', { signal }),
});

export const savedFiltersQuery = queryOptions({
  queryKey: ['saved-filters'],
  queryFn: ({ signal }) => ask<SavedFilter[]>('/saved-filters', { signal }),
});

export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: ['record', id],
    staleTime: 60_000,
    queryFn: ({ signal }) => ask<RecordView>(`/records/${id}`, { signal }),
  });

export const transcriptQuery = (id: string) =>
  queryOptions({
    queryKey: ['transcript', id],
    staleTime: 60_000,
    queryFn: ({ signal }) => ask<TranscriptView>(`/records/${id}/transcript`, { signal }),
  });

export const peaksQuery = (id: string) =>
  queryOptions({
    queryKey: ['peaks', id],
    staleTime: 300_000,
    queryFn: ({ signal }) => ask<PeaksView>(`/records/${id}/peaks`, { signal }),
  });

export const trailQuery = (id: string) =>
  queryOptions({
    queryKey: ['trail', id],
    queryFn: ({ signal }) => ask<Trail>(`/records/${id}/trail`, { signal }),
  });

export const recordStatusQuery = (id: string) =>
  queryOptions({
    queryKey: ['record-status', id],
    queryFn: ({ signal }) => ask<RecordStatus>(`/records/${id}/status`, { signal }),
  });

export const jobsQuery = (state: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['jobs', state ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<JobsView>('/jobs', { query: { state, cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.next,
    refetchInterval: 10_000,
  });

export const dropQuery = queryOptions({
  queryKey: ['drop'],
  refetchInterval: 30_000,
  queryFn: ({ signal }) => ask<DropView>('/drop', { signal }),
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  refetchInterval: 30_000,
  queryFn: ({ signal }) => ask<SystemStatus>('/status', { signal }),
});

/** Asked again sooner while a walk goes on. */
export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  refetchInterval: ({ state }: { state: { data?: SitesView | undefined } }) => {
    const walks = state.data?.sites.flatMap(({ scrubs }) => scrubs) ?? [];
    return walks.some(({ endedAt }) => endedAt === undefined) ? 3000 : 15_000;
  },
  queryFn: ({ signal }) => ask<SitesView>('/sites', { signal }),
});

/** What a site was like in the last `hours`. */
export const siteHistoryQuery = (site: string, hours: number) =>
  queryOptions({
    queryKey: ['site-history', site, hours],
    refetchInterval: 60_000,
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - hours * 3_600_000).toISOString();
      return ask<SiteHistory>(`/sites/${site}/history`, { query: { from }, signal });
    },
  });

export const siteFaultsQuery = (site: string) =>
  queryOptions({
    queryKey: ['site-faults', site],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => ask<SiteFaults>(`/sites/${site}/faults`, { signal }),
  });

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) =>
    (await ask<{ accounts: AccountView[] }>('/accounts', { signal })).accounts,
});

/** Open sessions: one's own, or an account's. */
export const sessionsQuery = (path: string) =>
  queryOptions({
    queryKey: ['sessions', path],
    queryFn: async ({ signal }) => (await ask<SessionsView>(path, { signal })).sessions,
  });

export interface ApiKeyLine {
  id: string;
  name: string;
  prefix: string;
  scopes: readonly ApiScope[];
  createdAt: string;
  expiresAt: string;
  revokedAt?: string;
}

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => (await ask<{ keys: ApiKeyLine[] }>('/api-keys', { signal })).keys,
});
