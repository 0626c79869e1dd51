import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { LedgerPage, LedgerProofView, LedgerStateView } from '@voxkeep/contract';
import { dayAfter, instantOfDay } from '../i18n/zone-days.ts';
import type { LedgerFilter } from '../ledger/ledger-filter.ts';
import { ask } from './client.ts';

const PAGE_ENTRIES = 200;
const STATE_MS = 30_000;

/** Newest first. Each page is a look that the ledger itself records: nothing is asked for twice. */
export const ledgerQuery = (filter: LedgerFilter, timeZone: string) =>
  infiniteQueryOptions({
    queryKey: ['ledger', 'entries', filter],
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => askForEntries(filter, timeZone, pageParam, signal),
    getNextPageParam: (last) => last.next,
  });

/** One page of what the filter finds, below `before`. Days are those of the archive's zone. */
export function askForEntries(
  { from, to, ...rest }: LedgerFilter,
  timeZone: string,
  before: number | undefined,
  signal: AbortSignal,
): Promise<LedgerPage> {
  return ask<LedgerPage>('/ledger/entries', {
    query: {
      ...rest,
      ...{ before, limit: PAGE_ENTRIES },
      from: from === undefined ? undefined : instantOfDay(from, timeZone),
      to: to === undefined ? undefined : instantOfDay(dayAfter(to), timeZone),
    },
    signal,
  });
}

export const ledgerStateQuery = queryOptions({
  queryKey: ['ledger', 'state'],
  refetchInterval: STATE_MS,
  queryFn: ({ signal }) => ask<LedgerStateView>('/ledger/state', { signal }),
});

export const ledgerProofQuery = (index: number) =>
  queryOptions({
    queryKey: ['ledger', 'proof', index],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      ask<LedgerProofView>(`/ledger/entries/${String(index)}/proof`, { signal }),
  });
