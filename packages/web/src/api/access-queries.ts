import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  AccessRequestsView,
  AccessRequestView,
  GrantsView,
  PasskeysView,
  RequestKind,
  RequestState,
} from '@voxkeep/contract';
import { ask } from './client.ts';

/** Everything below this key changes with one decision. */
export const ACCESS = ['access'] as const;

const INBOX_MS = 20_000;
const GRANTS_MS = 15_000;

/** What waits for this approver: requests to sign, break-glass to review. */
export const inboxQuery = queryOptions({
  queryKey: [...ACCESS, 'inbox'],
  refetchInterval: INBOX_MS,
  queryFn: ({ signal }) =>
    ask<AccessRequestsView>('/access/requests', { query: { box: 'inbox', limit: 200 }, signal }),
});

export interface RequestFilter {
  kind?: RequestKind | undefined;
  state?: RequestState | undefined;
}

/** Newest first; pages by the last id. */
export const requestsQuery = (box: 'mine' | 'all', filter: RequestFilter = {}) =>
  infiniteQueryOptions({
    queryKey: [...ACCESS, 'requests', box, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<AccessRequestsView>('/access/requests', {
        query: { box, ...filter, before: pageParam },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: [...ACCESS, 'request', id],
    refetchInterval: GRANTS_MS,
    queryFn: ({ signal }) => ask<AccessRequestView>(`/access/requests/${id}`, { signal }),
  });

export interface Grants {
  grants: AccessRequestView[];
  /** What the archive's clock is ahead of this machine's, in ms: countdowns run on the archive's. */
  aheadMs: number;
}

/** What the viewer holds now. Asked again all the time: a grant can be taken back at any moment. */
export const grantsQuery = queryOptions({
  queryKey: [...ACCESS, 'grants'],
  refetchInterval: GRANTS_MS,
  queryFn: async ({ signal }): Promise<Grants> => {
    const { grants, serverTime } = await ask<GrantsView>('/access/grants', { signal });
    return { grants, aheadMs: Date.parse(serverTime) - Date.now() };
  },
});

export const passkeysQuery = (box: 'mine' | 'all') =>
  queryOptions({
    queryKey: [...ACCESS, 'passkeys', box],
    queryFn: ({ signal }) => ask<PasskeysView>('/access/passkeys', { query: { box }, signal }),
  });

/** Accounts that a mandate can be made out to. */
export const mandateHoldersQuery = queryOptions({
  queryKey: [...ACCESS, 'mandate-holders'],
  queryFn: async ({ signal }) =>
    (await ask<{ holders: { id: string; name: string }[] }>('/access/mandate-holders', { signal }))
      .holders,
});
