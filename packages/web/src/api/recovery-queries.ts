import { queryOptions } from '@tanstack/react-query';
import type { DrillsView } from '@voxkeep/contract';
import { ask } from './client.ts';

const GOING_ON_MS = 2000;
const AT_REST_MS = 30_000;

/** Asked again every other second while a drill goes on. */
export const drillsQuery = queryOptions({
  queryKey: ['drills'],
  refetchInterval: ({ state }: { state: { data?: DrillsView | undefined } }) => {
    const goesOn = state.data?.drills.some(({ outcome }) => outcome === undefined) ?? false;
    return goesOn ? GOING_ON_MS : AT_REST_MS;
  },
  queryFn: ({ signal }) => ask<DrillsView>('/drills', { signal }),
});
