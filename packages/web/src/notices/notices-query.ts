import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { NoticeAddressView, NoticesView } from '@voxkeep/contract';
import { ask } from '../api/client.ts';

const EVERY_MS = 30_000;
const PAGE_ROWS = 30;

/** One's own notices. Asked for while the page is to be seen, and again when it comes back. */
export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    ask<NoticesView>('/notices', { query: { before: pageParam, limit: PAGE_ROWS }, signal }),
  getNextPageParam: (last) => last.next,
  refetchInterval: EVERY_MS,
  refetchIntervalInBackground: false,
  refetchOnWindowFocus: true,
});

export const noticeAddressQuery = queryOptions({
  queryKey: ['notice-address'],
  queryFn: ({ signal }) => ask<NoticeAddressView>('/notices/address', { signal }),
});
