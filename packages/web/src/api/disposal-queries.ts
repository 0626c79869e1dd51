import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  DisposalItemsQuery,
  DisposalItemsView,
  DisposalRunState,
  DisposalRunsView,
  DisposalRunView,
  DisposalView,
  DueView,
} from '@voxkeep/contract';
import { ask } from './client.ts';

/** Everything below this key changes with a proposal, a decision or a record that goes. */
export const DISPOSALS = ['disposals'] as const;
const GOING_ON_MS = 2000;
const LIST_MS = 10_000;
const AT_REST_MS = 30_000;

const isUnderWay = (state: DisposalRunState): boolean =>
  state === 'approved' || state === 'running';

/** What may go today; the first hundred by id. */
export const dueQuery = queryOptions({
  queryKey: [...DISPOSALS, 'due'],
  refetchInterval: AT_REST_MS,
  queryFn: ({ signal }) => ask<DueView>('/disposals/due', { signal }),
});

/** Lists, newest first; pages by the last id. */
export const runsQuery = (state: DisposalRunState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...DISPOSALS, 'runs', state ?? ''],
    refetchInterval: LIST_MS,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<DisposalRunsView>('/disposals/runs', { query: { state, before: pageParam }, signal }),
    getNextPageParam: (last) => last.next,
  });

/** One list. Asked again every other second while records go. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: [...DISPOSALS, 'run', id],
    refetchInterval: ({ state }: { state: { data?: DisposalRunView | undefined } }) =>
      state.data !== undefined && isUnderWay(state.data.state) ? GOING_ON_MS : LIST_MS,
    queryFn: ({ signal }) => ask<DisposalRunView>(`/disposals/runs/${id}`, { signal }),
  });

/** The records of a list, by id; read anew whenever the list comes to another state. */
export const itemsQuery = (run: DisposalRunView, state: DisposalItemsQuery['state']) =>
  infiniteQueryOptions({
    queryKey: [...DISPOSALS, 'items', run.id, state ?? '', run.state],
    refetchInterval: isUnderWay(run.state) ? LIST_MS : false,
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask<DisposalItemsView>(`/disposals/runs/${run.id}/items`, {
        query: { state, after: pageParam },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/** What became of a record that is gone; asked again until no site can read it. */
export const disposalQuery = (recordId: string) =>
  queryOptions({
    queryKey: [...DISPOSALS, 'of', recordId],
    refetchInterval: ({ state }: { state: { data?: DisposalView | undefined } }) =>
      state.data !== undefined && state.data.unreadableAt === undefined ? GOING_ON_MS : false,
    queryFn: ({ signal }) => ask<DisposalView>(`/records/${recordId}/disposal`, { signal }),
  });
